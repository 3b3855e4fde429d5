package secretfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	most  = 1 << 20 // bytes in a file of secrets
	flags = os.O_RDONLY | syscall.O_NONBLOCK
)

// Read reads a file that only its owner may read.
func Read(path string) ([]byte, error) {
	return read(path, onlyOurs, func() (*os.File, error) { return os.OpenFile(path, flags, 0) })
}

// ReadMounted reads a file whose mode is decided elsewhere, as that of a mounted secret is.
func ReadMounted(path string) ([]byte, error) {
	anybody := func(string, fs.FileInfo) error { return nil }
	return read(path, anybody, func() (*os.File, error) { return os.OpenFile(path, flags, 0) })
}

// ReadIn is Read in a folder that no link may leave.
func ReadIn(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, said{dir + ": no such folder; make it (chmod 700) and put the file there, or name another place", err}
	} else if err != nil {
		return nil, why(dir, err)
	}
	defer root.Close()
	return read(filepath.Join(dir, name), onlyOurs, func() (*os.File, error) { return root.OpenFile(name, flags, 0) })
}

// Private refuses a file that somebody else may read or owns.
func Private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return why(path, err)
	}
	return onlyOurs(path, info)
}

func read(path string, allowed func(string, fs.FileInfo) error, open func() (*os.File, error)) ([]byte, error) {
	f, err := open() // which waits for no pipe
	if err != nil {
		return nil, why(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, why(path, err)
	}
	if err := isFile(path, info); err != nil {
		return nil, err
	}
	if err := allowed(path, info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, why(path, err)
	case len(data) > most:
		return nil, fmt.Errorf("%s is over the limit of %d KiB for a file of secrets", path, most>>10)
	case strings.TrimSpace(string(data)) == "":
		return nil, fmt.Errorf("%s is empty or blank; write the secret into it, or name another place", path)
	}
	return data, nil
}

func isFile(path string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return fmt.Errorf("%s is a folder; name a file", path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file (a pipe, socket or device); name a file", path)
	}
	return nil
}

// why says in words why a file could not be opened or read.
func why(path string, err error) error {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return said{fmt.Sprintf("%s: no such file; write the secret into it (chmod 600), or name another place", path), err}
	case errors.Is(err, fs.ErrPermission):
		return said{fmt.Sprintf("%s may not be read by the user who runs this; give it to that user (chown, chmod 600), or name another place", path), err}
	case errors.As(err, &at) && strings.Contains(at.Err.Error(), "escapes"):
		return said{path + " is a link that leaves the folder; put the file itself there", err}
	case errors.As(err, &at):
		return said{fmt.Sprintf("%s cannot be read: %v; name another place", path, at.Err), err}
	}
	return err
}

// said is an error in words of its own.
type said struct {
	text  string
	cause error
}

func (s said) Error() string { return s.text }
func (s said) Unwrap() error { return s.cause }
