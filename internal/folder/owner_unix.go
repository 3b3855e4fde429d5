//go:build unix

package folder

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// NoFollow keeps a link in the last place of a path from being followed.
const NoFollow = syscall.O_NOFOLLOW

// OnlyOurs refuses what somebody else may read, enter or owns, in words for a file of secrets.
func OnlyOurs(path string, info fs.FileInfo) error {
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("is readable by others (%04o); chmod 600 %s", info.Mode().Perm(), path)
	}
	if uid, other := Foreign(info); other {
		return fmt.Errorf("belongs to user %d, and user %d runs this; a file of secrets belongs to who uses it: chown %d %s", uid, os.Geteuid(), os.Geteuid(), path)
	}
	return nil
}

// Foreign returns the owner, and whether that is somebody else than who runs this.
func Foreign(info fs.FileInfo) (uid uint32, other bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return s.Uid, int(s.Uid) != os.Geteuid()
}

// forAll reports whether anybody can write.
func forAll(info fs.FileInfo) bool { return info.Mode().Perm()&0o002 != 0 }

// narrow leaves a folder to its owner alone, and follows no link to it.
func narrow(dir string) error {
	d, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	defer d.Close()
	info, err := d.Stat()
	if err != nil || info.Mode().Perm() == 0o700 {
		return err
	}
	return d.Chmod(0o700)
}

// writable reports whether others than the owner can write.
func writable(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }
