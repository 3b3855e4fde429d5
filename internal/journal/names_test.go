package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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

// A link out of the folder of all records leads to none, and to no other error.
func TestLoadBelow(t *testing.T) {
	state, outside := t.TempDir(), t.TempDir()
	inside := filepath.Join(state, "host")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{inside, outside} {
		w, err := Create(dir, make([]byte, keySize), Header{Run: "r1"})
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(state, "link")
	if err := os.Symlink(outside, link); err != nil {
		t.Skip("no links here: ", err)
	}
	if records, err := LoadBelow(state, inside); err != nil || len(records) != 1 {
		t.Errorf("%d records, %v", len(records), err)
	}
	if records, err := LoadBelow(state, link); err == nil || len(records) != 0 {
		t.Errorf("through a link: %d records, %v", len(records), err)
	}
}

// A run that begins later than the last one has the time at which it begins.
func TestLaterRunHasItsOwnTime(t *testing.T) {
	dir, first := t.TempDir(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if err := os.WriteFile(filepath.Join(dir, first.Format(runTime)+"-abcdef"+Ext), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]time.Time{
		first.Add(time.Hour): first.Add(time.Hour), first.Add(time.Millisecond): first.Add(time.Millisecond),
		first: first.Add(time.Millisecond), first.Add(-time.Hour): first.Add(time.Millisecond),
	} {
		if run, err := NewRun(dir, at); err != nil || !strings.HasPrefix(run, want.Format(runTime)+"-") {
			t.Errorf("at %v: %s (%v), want %v", at, run, err, want)
		}
	}
}
