//go:build unix

package secretfile

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// onlyOurs refuses a file of secrets that somebody else may read or owns.
func onlyOurs(path string, info fs.FileInfo) error {
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is readable by others (%04o); chmod 600 %s", path, info.Mode().Perm(), path)
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to user %d, and user %d runs this; a file of secrets belongs to who uses it: chown %d %s", path, s.Uid, os.Geteuid(), os.Geteuid(), path)
	}
	return nil
}

// NotForAll refuses a folder of run records that anybody may write to.
func NotForAll(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o002 == 0 {
		return err
	}
	return fmt.Errorf("run records: anybody can write to %s (%04o), and so decide what the next run believes; chmod 700 %s, or name another folder with --state-dir", dir, info.Mode().Perm(), dir)
}
