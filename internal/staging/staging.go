package staging

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	gosync "sync"

	"pbxsync/internal/folder"
)

// Staging is where an import lies until it is proven: a folder on the disk of the
// target, so that one rename ends it. It comes into being with its first file.
type Staging struct {
	beside string // the folder in which it is made

	mu    gosync.Mutex
	dir   string
	names []string
}

// Staging returns the place for what goes into the target. Without a target, files are
// looked at only.
func (t *Target) Staging() *Staging {
	if t == nil {
		return &Staging{beside: os.TempDir()}
	}
	dir := filepath.Clean(t.Dir)
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Dir(dir)
	}
	for { // what is not there yet will be on the same disk
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return &Staging{beside: dir}
		}
		dir = filepath.Dir(dir)
	}
}

// Keep writes one file.
func (s *Staging) Keep(name string, data []byte) error {
	if err := s.add(name); err != nil {
		return err
	}
	return writeSynced(s.path(name), data)
}

// add makes the folder of a file.
func (s *Staging) add(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir == "" {
		dir, err := os.MkdirTemp(s.beside, ".pbxsync-import-*")
		if err != nil {
			return err
		}
		s.dir = dir
	}
	s.names = append(s.names, name)
	return os.MkdirAll(filepath.Dir(s.path(name)), 0o755)
}

func (s *Staging) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// kept returns the names of all files, sorted.
func (s *Staging) kept() []string { return slices.Sorted(slices.Values(s.names)) }

// Open opens a file again, as the folder of a tenant does.
func (s *Staging) Open(name string) (io.ReadCloser, error) {
	return folder.At(s.dir, nil).Open(name)
}

// Clear removes what is still there.
func (s *Staging) Clear() {
	if s.dir != "" {
		_ = os.RemoveAll(s.dir) // not there any more where it became the target
	}
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
