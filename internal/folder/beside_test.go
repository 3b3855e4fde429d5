package folder

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A file is whole on disk before it gets its place, with the rights that it is to have.
func TestBeside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "base.json")
	var synced string
	name, err := written(path, []byte("all of it"), 0o640, func(f *os.File) error {
		data, err := os.ReadFile(f.Name())
		synced = string(data)
		return err
	})
	info, statErr := os.Stat(name)
	if err != nil || statErr != nil || synced != "all of it" || filepath.Dir(name) != filepath.Dir(path) || info.Mode().Perm() != 0o640 {
		t.Errorf("%q, %q, %v, %v, %v", name, synced, info, err, statErr)
	}
}

// What the disk did not take is an error, and nothing of it stays.
func TestBesideThatIsNotOnDisk(t *testing.T) {
	dir, broken := t.TempDir(), errors.New("the disk is broken")
	name, err := written(filepath.Join(dir, "base.json"), []byte("x"), 0o600, func(*os.File) error { return broken })
	left, _ := os.ReadDir(dir)
	if name != "" || !errors.Is(err, broken) || len(left) > 0 {
		t.Errorf("%q, %v, left behind: %v", name, err, left)
	}
	if _, err := Beside(filepath.Join(dir, "gone", "base.json"), nil, 0o600); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
