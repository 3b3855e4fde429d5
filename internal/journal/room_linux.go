package journal

import (
	"errors"
	"os"
	"syscall"
)

const keepSize = 1 // FALLOC_FL_KEEP_SIZE: what is reserved is not seen, so a torn line stays one

func reserve(f *os.File, size int64) error {
	err := syscall.Fallocate(int(f.Fd()), keepSize, 0, size)
	for errors.Is(err, syscall.EINTR) {
		err = syscall.Fallocate(int(f.Fd()), keepSize, 0, size)
	}
	if errors.Is(err, syscall.EOPNOTSUPP) || errors.Is(err, syscall.ENOSYS) {
		return nil // this file system cannot; what does not fit is noticed when it is written
	}
	return err
}
