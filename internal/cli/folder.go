package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"pbxsync/schema"
)

// folder opens the files that objects name: regular files of the tenant's folder,
// by whatever links inside it.
type folder struct{ dir string }

// folderOf returns the folder of the tenant's files; standard input has none.
func folderOf(dir string) schema.Folder {
	if dir == "" {
		return nil
	}
	return folder{dir}
}

// Open opens one file. What could hang is looked at first, and not waited for.
func (d folder) Open(name string) (io.ReadCloser, error) {
	switch {
	case name == "":
		return nil, errors.New("names no file")
	case !filepath.IsLocal(filepath.FromSlash(name)):
		return nil, errors.New("leaves the tenant's folder; put the file there, and name it relative to that")
	}
	root, err := os.OpenRoot(d.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(name))
	if err != nil {
		return nil, reason(err)
	}
	if err := regular(info); err != nil {
		return nil, err
	}
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, reason(err)
	}
	if info, err = f.Stat(); err == nil {
		err = regular(info) // it may have been exchanged
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func regular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("is a folder; name a file")
	case !info.Mode().IsRegular():
		return errors.New("is no regular file (a pipe, socket or device)")
	}
	return nil
}

// reason leaves the path out of an error: messages name it already.
func reason(err error) error {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("is not there; the path is relative to the tenant's folder")
	case !errors.As(err, &at):
		return err
	case strings.Contains(at.Err.Error(), "escapes"):
		return errors.New("is a link that leaves the tenant's folder; put the file itself there")
	}
	return errors.New("cannot be opened: " + at.Err.Error())
}

// withoutPath is what the operating system says, without its call and the path.
func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
