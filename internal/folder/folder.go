package folder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Folder is a tenant's folder. The person who runs the program has named it, so it may itself
// be reached by a link; what lies in it may not lead out.
type Folder struct {
	dir  string
	stop <-chan struct{}
}

// At returns the folder at a path. Stop is closed by an interrupt, and nil where there is none.
func At(dir string, stop <-chan struct{}) Folder { return Folder{dir, stop} }

// Open opens a file by its path in the folder. Its errors say what else the path is, and leave
// the path out.
func (f Folder) Open(name string) (io.ReadCloser, error) {
	file, _, err := f.open(name)
	return file, err
}

// Read reads a file by its path in the folder. Its errors begin with the path.
func (f Folder) Read(name string, u Use) ([]byte, error) {
	data, err := within(f.stop, func() ([]byte, error) {
		file, info, err := f.open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return u.read(file, info)
	})
	return data, at(filepath.Join(f.dir, filepath.FromSlash(name)), err)
}

func (f Folder) open(name string) (*os.File, fs.FileInfo, error) {
	local := filepath.FromSlash(name)
	switch {
	case interrupted(f.stop):
		return nil, nil, ErrInterrupted
	case name == "":
		return nil, nil, errors.New("names no file")
	case !filepath.IsLocal(local):
		return nil, nil, errors.New("leaves the tenant's folder; put the file there, and name it relative to that")
	}
	root, err := f.root()
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	info, err := root.Stat(local) // what could hang is looked at before it is opened
	if err == nil {
		err = regular(info)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, &refused{"is not there; the path is relative to the tenant's folder", err}
	} else if err != nil {
		return nil, nil, reason(err)
	}
	file, err := root.OpenFile(local, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, reason(err)
	}
	if info, err = file.Stat(); err == nil {
		err = regular(info) // it may have been exchanged
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, info, nil
}

func (f Folder) root() (*os.Root, error) {
	info, err := os.Stat(f.dir)
	switch {
	case err != nil:
		return nil, reason(err)
	case !info.IsDir():
		return nil, fmt.Errorf("cannot be opened: %s is no folder", f.dir)
	}
	return os.OpenRoot(f.dir)
}

// Is reports whether a path is a folder.
func Is(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}

// List returns what lies in the folder, sorted by name.
func (f Folder) List() ([]fs.DirEntry, error) {
	return f.list(MostEntries, "name the folder of one tenant")
}

// Records returns what lies in a folder of run records, sorted by name.
func Records(dir string) ([]fs.DirEntry, error) {
	return Folder{dir: dir}.list(mostRecords, "move old records away")
}

func (f Folder) list(most int, way string) ([]fs.DirEntry, error) {
	entries, err := f.entries(most + 1)
	if err == nil && len(entries) > most {
		err = fmt.Errorf("more than %d entries; %s", most, way)
	}
	if err != nil {
		return nil, at(f.dir+":", err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// Some returns whether one of the first entries of a folder below is as asked. It looks at no
// more of them than a glance needs.
func (f Folder) Some(below string, is func(fs.DirEntry) bool) bool {
	entries, err := Folder{filepath.Join(f.dir, below), f.stop}.entries(glance)
	return err == nil && slices.ContainsFunc(entries, is)
}

const glance = 1000

func (f Folder) entries(most int) ([]fs.DirEntry, error) {
	if interrupted(f.stop) {
		return nil, ErrInterrupted
	}
	info, err := os.Stat(f.dir)
	if err != nil || !info.IsDir() {
		return nil, errors.Join(err, notFolder(err))
	}
	d, err := os.Open(f.dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(most)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return entries, err
}

func notFolder(err error) error {
	if err != nil {
		return nil
	}
	return errors.New("is no folder")
}
