package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// forgetful is a disk that loses, with the power, what stands in a folder that was not
// synced after it came there.
type forgetful struct {
	root   string
	synced map[string][]string // folder -> names on disk
	fails  map[string]error    // of syncing a folder
}

type forgetfulFile struct {
	File
	*forgetful
}

func (d *forgetful) open(path string) (File, error) {
	f, err := OnDisk(path)
	return &forgetfulFile{f, d}, err
}

// SyncNames notes what stands in a folder.
func (d *forgetful) SyncNames(dir string) error {
	if err := d.fails[dir]; err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	d.synced[dir] = nil
	for _, e := range entries {
		d.synced[dir] = append(d.synced[dir], e.Name())
	}
	return err
}

// lose is a loss of power: what is left can be reached by names on disk.
func (d *forgetful) lose(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(d.root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == d.root {
			return err
		}
		for _, name := range d.synced[filepath.Dir(path)] {
			if name == e.Name() {
				return nil
			}
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if e.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A record is there after a loss of power although all folders in which it lies are new,
// or were made by a run that was killed.
func TestNamesAreOnDisk(t *testing.T) {
	for _, depth := range []string{"", "host", "state/host", ".pbxsync/pbx.example/12037"} {
		d := &forgetful{root: t.TempDir(), synced: map[string][]string{}}
		dir := filepath.Join(d.root, filepath.FromSlash(depth))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		w, err := CreateWith(d.open, dir, []byte("key"), Header{Run: "20261128T120000.000Z-aaaaaa"})
		if err != nil {
			t.Fatal(err)
		}
		d.lose(t)
		if found, err := Load(dir); err != nil || len(found) != 1 {
			t.Errorf("%q: %d records are left (%v)", depth, len(found), err)
		}
		_ = w.Close()
	}
}

// A folder that cannot be synced ends the run before anything is sent, unless it is the
// one around the records, which the user may not read.
func TestNamesThatCannotBeSynced(t *testing.T) {
	root := t.TempDir()
	for i, dir := range []string{"s/h/t", "s/h", "s", ""} {
		d := &forgetful{root: root, synced: map[string][]string{}, fails: map[string]error{filepath.Join(root, dir): fs.ErrPermission}}
		if err := os.MkdirAll(filepath.Join(root, "s/h/t"), 0o700); err != nil {
			t.Fatal(err)
		}
		h := Header{Run: "20261128T120000.000Z-" + string(rune('a'+i))}
		if _, err := CreateWith(d.open, filepath.Join(root, "s/h/t"), []byte("key"), h); (err == nil) != (dir == "") {
			t.Errorf("%q: %v", dir, err)
		}
		d.fails[filepath.Join(root, dir)] = errors.New("input/output error")
		h.Run += "2"
		if _, err := CreateWith(d.open, filepath.Join(root, "s/h/t"), []byte("key"), h); err == nil {
			t.Errorf("%q: an error of the disk is not told", dir)
		}
	}
}
