package secretfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"pbxsync/internal/folder"
)

// Read reads a file, or a pipe, that only its owner may read. Stop is closed by an interrupt,
// after which nothing is waited for.
func Read(path string, stop <-chan struct{}) ([]byte, error) {
	data, err := folder.Named(path, folder.OwnSecret, stop)
	return told(path, data, err)
}

// ReadMounted reads a file whose mode is decided elsewhere, as that of a mounted secret is.
func ReadMounted(path string, stop <-chan struct{}) ([]byte, error) {
	data, err := folder.Named(path, folder.Secret, stop)
	return told(path, data, err)
}

// ReadIn is Read in a folder that no link may leave.
func ReadIn(dir, name string, stop <-chan struct{}) ([]byte, error) {
	if !folder.Is(dir) {
		return nil, said{dir + ": no such folder; make it (chmod 700) and put the file there, or name another place", fs.ErrNotExist}
	}
	data, err := folder.At(dir, stop).Read(name, folder.Secrets)
	return told(filepath.Join(dir, name), data, err)
}

// Private refuses a file that somebody else may read or owns.
func Private(path string) error {
	if err := folder.Owned(path); err != nil {
		return why(path, err)
	}
	return nil
}

func told(path string, data []byte, err error) ([]byte, error) {
	switch {
	case err != nil:
		return nil, why(path, err)
	case strings.TrimSpace(string(data)) == "":
		return nil, fmt.Errorf("%s is empty or blank; write the secret into it, or name another place", path)
	}
	return data, nil
}

// why says in words why a file could not be opened or read.
func why(path string, err error) error {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return said{fmt.Sprintf("%s: no such file; write the secret into it (chmod 600), or name another place", path), err}
	case errors.Is(err, fs.ErrPermission):
		return said{fmt.Sprintf("%s may not be read by the user who runs this; give it to that user (chown, chmod 600), or name another place", path), err}
	case folder.Leaves(err):
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
