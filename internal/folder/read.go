package folder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrInterrupted is what a wait ends with after an interrupt.
var ErrInterrupted = errors.New("interrupted while reading; nothing was written")

// Named reads a file that the person who runs the program names: a file or a pipe, wherever
// it lies. Its errors begin with the path.
func Named(path string, u Use, stop <-chan struct{}) ([]byte, error) {
	return named(path, u, stop, fileOrPipe)
}

// NamedFile is Named for what cannot be a pipe, since it was written before.
func NamedFile(path string, u Use, stop <-chan struct{}) ([]byte, error) {
	return named(path, u, stop, regular)
}

func named(path string, u Use, stop <-chan struct{}, judge func(fs.FileInfo) error) ([]byte, error) {
	data, err := within(stop, func() ([]byte, error) {
		info, err := os.Stat(path)
		if err == nil {
			err = judge(info)
		}
		if err != nil {
			return nil, reason(err)
		}
		f, err := os.Open(path) // a pipe is waited for: somebody writes to it
		if err != nil {
			return nil, reason(err)
		}
		defer f.Close()
		if info, err = f.Stat(); err == nil {
			err = judge(info)
		}
		if err != nil {
			return nil, err
		}
		return u.read(f, info)
	})
	return data, at(path, err)
}

// Stream reads standard input, or whatever else is open already, to its end.
func Stream(r io.Reader, u Use, stop <-chan struct{}) ([]byte, error) {
	return within(stop, func() ([]byte, error) { return u.all(r) })
}

// Owned refuses a file that is not for its owner alone, and theirs who runs the program. A pipe
// is: what was read from it is gone.
func Owned(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() {
		err = OnlyOurs(path, info)
	}
	return at(path, err)
}

// read reads an open file, if it is no larger than it may be and, where it has to be, private.
func (u Use) read(f *os.File, info fs.FileInfo) ([]byte, error) {
	if u.Private && info.Mode().IsRegular() { // a pipe has what it holds from whom was asked
		if err := OnlyOurs(filepath.Clean(f.Name()), info); err != nil {
			return nil, err
		}
	}
	if info.Size() > u.Most {
		return nil, u.tooLarge()
	}
	return u.all(f)
}

// all reads to the end, and no further than the limit: what is read may grow.
func (u Use) all(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, u.Most+1))
	if err == nil && int64(len(data)) > u.Most {
		return nil, u.tooLarge()
	}
	return data, err
}

func (u Use) tooLarge() error {
	return fmt.Errorf("is over the limit of %s for %s; %s", u.size(), u.Name, u.Way)
}

// within does what may wait, and no longer than until the interrupt. What hangs is left alone:
// the program ends.
func within(stop <-chan struct{}, read func() ([]byte, error)) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	if interrupted(stop) {
		return nil, ErrInterrupted
	}
	got := make(chan result, 1)
	go func() {
		data, err := read()
		got <- result{data, err}
	}()
	select {
	case r := <-got:
		return r.data, r.err
	case <-stop:
		return nil, ErrInterrupted
	}
}

func interrupted(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

func regular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("is a folder; name a file")
	case !info.Mode().IsRegular():
		return errors.New("is no regular file (a pipe, socket or device); put a file there")
	}
	return nil
}

func fileOrPipe(info fs.FileInfo) error {
	if info.Mode()&fs.ModeType == fs.ModeNamedPipe {
		return nil
	}
	if err := regular(info); err != nil && !info.IsDir() {
		return errors.New("is neither a file nor a pipe (a socket or device); name one of these")
	} else if err != nil {
		return err
	}
	return nil
}

// refused is why a file is not read. What the system said stays known to who asks for it.
type refused struct {
	text string
	err  error
}

func (r *refused) Error() string { return r.text }
func (r *refused) Unwrap() error { return r.err }

// Leaves reports whether a file was not opened since its path leads out of its folder.
func Leaves(err error) bool {
	var in *fs.PathError
	return errors.As(err, &in) && strings.Contains(in.Err.Error(), "escapes") // os.Root has no value for it
}

// reason leaves the path out of an error, which its place has already.
func reason(err error) error {
	var in *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &refused{"is not there", err}
	case !errors.As(err, &in):
		return err
	case Leaves(err):
		return &refused{"is a link that leaves the tenant's folder; put the file itself there", err}
	}
	return &refused{"cannot be opened: " + in.Err.Error() + "; name another place", err}
}

// at puts the path before an error.
func at(path string, err error) error {
	if err == nil || errors.Is(err, ErrInterrupted) {
		return err
	}
	return fmt.Errorf("%s %w", filepath.ToSlash(path), err)
}
