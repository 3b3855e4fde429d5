//go:build unix

package lock

import (
	"io/fs"
	"os"
	"syscall"
)

const noFollow = syscall.O_NOFOLLOW

// ours reports whether a folder belongs to who runs this.
func ours(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(s.Uid) == os.Geteuid()
}

// private reports whether nobody else can enter a folder.
func private(info fs.FileInfo) bool { return ours(info) && info.Mode().Perm()&0o077 == 0 }
