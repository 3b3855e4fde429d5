package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// roomy is a disk that gives space before it is asked to write.
type roomy struct {
	disk
	reserved []int64
	full     bool
}

func (d *roomy) Reserve(size int64) error {
	if d.full {
		return errors.New("no space left on device")
	}
	d.reserved = append(d.reserved, size)
	return nil
}

// Space is reserved for the first line and for each call, with what its outcome takes, and
// no more often than it runs out.
func TestRoomForOutcomes(t *testing.T) {
	d := &roomy{}
	w, err := NewWriter(d, nil, Header{Run: "r1"})
	if err != nil || len(d.reserved) != 1 || d.reserved[0] != int64(len(d.text))+room {
		t.Fatalf("%v %v of %d", err, d.reserved, len(d.text))
	}
	for step := 1; len(d.reserved) == 1; step++ {
		if err := w.Intent(create(step)); err != nil {
			t.Fatal(err)
		}
		if left := d.reserved[len(d.reserved)-1] - int64(len(d.text)); left < least {
			t.Fatalf("%d bytes are left after step %d", left, step)
		}
	}
	if got := int64(len(d.text)); d.reserved[1] != got+room || got < room-least {
		t.Errorf("at %d bytes %v were reserved", got, d.reserved)
	}
	for range 200 {
		if err := w.Ack(1, 5, strings.Repeat("x", 500)); err != nil || len(d.reserved) != 2 {
			t.Fatalf("an outcome asks for room: %v %v", err, d.reserved)
		}
	}
}

// Where there is no room for the outcome of a call, the call is not recorded and so not
// sent; the outcomes of those that are under way still are.
func TestNoRoomForACall(t *testing.T) {
	d := &roomy{}
	w, _ := NewWriter(d, nil, Header{Run: "r1"})
	if err := w.Intent(create(1)); err != nil {
		t.Fatal(err)
	}
	w.reserved, d.full = 0, true
	size := len(d.text)
	err := w.Intent(create(2))
	if err == nil || err.Error() != "run records: no room for what may follow: no space left on device" || len(d.text) != size {
		t.Errorf("%v, %d bytes more", err, len(d.text)-size)
	}
	if err := w.Ack(1, 5, ""); err != nil || !bytes.Equal(d.text, d.synced) {
		t.Errorf("the outcome of a call that is under way: %v", err)
	}
}

// Each line says when it was written, and how long the run had lasted.
func TestTimes(t *testing.T) {
	from := time.Now()
	d := &disk{}
	w, _ := NewWriter(d, nil, Header{Run: "r1"})
	w.begin = w.begin.Add(-time.Hour)
	if err := w.Before(record.Object{Address: "interval/a", ID: 5}); err != nil {
		t.Fatal(err)
	}
	r, err := Recover(d.text)
	if err != nil {
		t.Fatal(err)
	}
	e := r.Entries[0]
	at, err := time.Parse(time.RFC3339Nano, e.At)
	if err != nil || at.Before(from.Truncate(0)) || at.After(time.Now()) || e.Elapsed < time.Hour.Microseconds() || e.Elapsed > 2*time.Hour.Microseconds() {
		t.Errorf("%+v %v", e, err)
	}
	if began, err := time.Parse(time.RFC3339Nano, r.Started); err != nil || began.After(at) {
		t.Errorf("began %v (%v)", r.Started, err)
	}
	if list := r.Before(); len(list) != 1 || list[0].Address != "interval/a" {
		t.Errorf("%+v", list)
	}
}

// What a plan changes is recorded before it, and all is on disk when it is said to be.
func TestBegin(t *testing.T) {
	d := &disk{}
	w, _ := NewWriter(d, nil, Header{Run: "r1"})
	if err := w.Begin(&plan.Value{Version: plan.Version}, []record.Object{{Address: "a"}, {Address: "b"}}); err != nil {
		t.Fatal(err)
	}
	r, err := Recover(d.synced)
	if err != nil || len(r.Entries) != 3 || r.Entries[2].Type != TypePlan {
		t.Fatalf("%+v %v", r, err)
	}
	if p, err := r.Planned(); p == nil || p.Version != plan.Version || err != nil {
		t.Errorf("%v %v", p, err)
	}
	if r.Finish() != nil {
		t.Error("it has not ended")
	}
	for _, fail := range []int{2, 4} {
		w, _ := NewWriter(&disk{failWrite: fail}, nil, Header{Run: "r1"})
		if err := w.Begin(&plan.Value{}, []record.Object{{Address: "a"}, {Address: "b"}}); err == nil {
			t.Errorf("write %d failed, and nobody says so", fail)
		}
	}
}

// What cannot be digested is not sent: a record without the digest would tell less.
func TestDigest(t *testing.T) {
	text := func(key string, body map[string]any) string {
		d := &disk{}
		w, _ := NewWriter(d, []byte(key), Header{Run: "r1"})
		if err := w.Intent(record.Intent{Step: 1, Body: body}); err != nil {
			t.Fatal(err)
		}
		r, err := Recover(d.text)
		if err != nil {
			t.Fatal(err)
		}
		return r.Steps()[0].Intent.Body
	}
	a := text("key", map[string]any{"login": "u"})
	if a != text("key", map[string]any{"login": "u"}) || a == text("other", map[string]any{"login": "u"}) || a == text("key", map[string]any{"login": "v"}) || len(a) != 64 {
		t.Errorf("%q", a)
	}
	if none := text("key", nil); none != "" {
		t.Errorf("of no body: %q", none)
	}
	w, _ := NewWriter(&disk{}, nil, Header{Run: "r1"})
	if err := w.Intent(record.Intent{Step: 1, Body: map[string]any{"x": func() {}}}); err == nil {
		t.Error("it was recorded")
	}
}

// A record that is there already is not written over; one that is not wanted goes.
func TestFilesOfRecords(t *testing.T) {
	dir := t.TempDir()
	w, err := Create(dir, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "r1"+Ext)
	had, _ := os.ReadFile(path)
	if _, err := Create(dir, nil, Header{Run: "r1"}); !errors.Is(err, os.ErrExist) {
		t.Errorf("written over: %v", err)
	}
	if now, _ := os.ReadFile(path); !bytes.Equal(had, now) || len(now) == 0 {
		t.Errorf("%q, then %q", had, now)
	}
	if err := w.Discard(); err != nil {
		t.Error(err)
	}
	if names, err := names(dir); len(names) > 0 || err != nil {
		t.Errorf("left: %v %v", names, err)
	}
	if err := w.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("its file was left open: %v", err)
	}
	if w, err = Create(dir, nil, Header{Run: "r2"}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close()); err != nil {
		t.Error(err)
	}
	if err := w.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("not closed: %v", err)
	}
	broken := &disk{failSync: 1}
	if _, err := CreateWith(func(path string) (File, error) { return broken, os.WriteFile(path, nil, 0o600) }, dir, nil, Header{Run: "r3"}); err == nil || broken.closes != 1 {
		t.Errorf("%v, closed %d times", err, broken.closes)
	}
	if _, err := os.Stat(filepath.Join(dir, "r3"+Ext)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what could not be begun is left: %v", err)
	}
}

// A disk that has space gives it, and gets back what was not used.
func TestReserveOnDisk(t *testing.T) {
	dir := t.TempDir()
	w, err := Create(dir, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "r1"+Ext)
	if info, err := os.Stat(path); err != nil || info.Size() != w.size {
		t.Errorf("what is reserved is seen: %v bytes, %d written (%v)", info.Size(), w.size, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := (diskFile{f}).Reserve(1 << 62); err == nil && runtime.GOOS == "linux" {
		t.Error("more than any disk has was reserved")
	}
	if err := errors.Join(f.Close(), w.Close()); err != nil {
		t.Error(err)
	}
}

// A key is random, is one for all who begin together, and leaves nothing beside it.
func TestKeys(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	one, err := Key(a)
	two, err2 := Key(b)
	if err != nil || err2 != nil || bytes.Equal(one, two) || bytes.Equal(one, make([]byte, keySize)) {
		t.Errorf("%x %x %v %v", one, two, err, err2)
	}
	together := t.TempDir()
	keys := make([][]byte, 8)
	var wg gosync.WaitGroup
	for i := range keys {
		wg.Go(func() { keys[i], _ = Key(together) })
	}
	wg.Wait()
	for _, k := range keys {
		if !bytes.Equal(k, keys[0]) || len(k) != keySize {
			t.Errorf("%x and %x", k, keys[0])
		}
	}
	for _, dir := range []string{a, together} {
		if list, _ := os.ReadDir(dir); len(list) != 1 {
			t.Errorf("%v", list)
		}
	}
	path := filepath.Join(a, keyFile)
	for text, want := range map[string]string{"short": " has 5 bytes instead of 32; delete it", strings.Repeat("x", 33): " has 33 bytes instead of 32; delete it"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Key(a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := Key(path); err == nil { // below a file
		t.Error("a key below a file")
	}
	if err := errors.Join(os.Remove(path), os.Symlink(filepath.Join(b, keyFile), path)); err != nil {
		t.Fatal(err)
	}
	if _, err := Key(a); err == nil || !strings.Contains(err.Error(), "is a link; put the file itself there") {
		t.Errorf("a link: %v", err)
	}
}

// What lies among records and is none is said, and not read.
func TestWhatIsNoRecord(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "r1"+Ext), 0o700), os.WriteFile(filepath.Join(dir, "note.txt"), []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "; move it out of the run records") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Load(filepath.Join(dir, "note.txt")); err == nil {
		t.Error("a file is a folder of records")
	}
	if _, err := NewRun(filepath.Join(dir, "note.txt"), time.Now()); err == nil {
		t.Error("a run is named in a file")
	}
	if err := errors.Join(os.Remove(filepath.Join(dir, "r1"+Ext)), os.WriteFile(filepath.Join(dir, "r2"+Ext), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if records, err := Load(dir); err != nil || len(records) != 0 {
		t.Errorf("a run that has put nothing down: %v %v", records, err)
	}
	if _, err := Recover([]byte(`{"crc":"00000000","entry":`)); err != nil {
		t.Errorf("a first line that was cut off: %v", err)
	}
	var l struct{ Entry json.RawMessage }
	text, _ := Encode(&Entry{Type: TypeAck, Step: 1})
	if json.Unmarshal(text, &l) != nil {
		t.Fatal("no JSON")
	}
	bad := seal([]byte(`{"type":1}`))
	if _, err := Recover(append(bad, text...)); err == nil || !strings.Contains(err.Error(), "line 1: it is no entry: ") {
		t.Errorf("%v", err)
	}
}

// Whatever could not be brought to disk is said to whoever put it down.
func TestEveryFailureIsSaid(t *testing.T) {
	for name, put := range map[string]func(*Writer) error{
		"intent":    func(w *Writer) error { return w.Intent(create(1)) },
		"before":    func(w *Writer) error { return w.Before(record.Object{}) },
		"begin":     func(w *Writer) error { return w.Begin(&plan.Value{}, nil) },
		"settled":   func(w *Writer) error { return w.Settled(record.Settled{}) },
		"respelled": func(w *Writer) error { return w.Respelled(record.Respelled{}) },
		"verified":  func(w *Writer) error { return w.Verified(record.Verified{}) },
		"ack":       func(w *Writer) error { return w.Ack(1, 5, "") },
		"failed":    func(w *Writer) error { return w.Failed(1, "") },
		"unknown":   func(w *Writer) error { return w.Unknown(1, "") },
		"finished":  func(w *Writer) error { return w.Finished(&run.Summary{}) },
	} {
		for what, d := range map[string]*disk{"write": {failWrite: 2}, "sync": {failSync: 2}} {
			w, err := NewWriter(d, nil, Header{Run: "r1"})
			if err != nil {
				t.Fatal(err)
			}
			if err := put(w); err == nil || !strings.HasPrefix(err.Error(), "run records: ") {
				t.Errorf("%s, %s failed: %v", name, what, err)
			}
		}
		w, _ := NewWriter(&disk{}, nil, Header{Run: "r1"})
		if err := put(w); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A folder that is gone is the error, and not what became of a file that could not be opened.
func TestSyncOfAFolderThatIsGone(t *testing.T) {
	if err := syncDir(filepath.Join(t.TempDir(), "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A run after one alone sorts behind it, also where the clock was put back.
func TestSecondRunIsLater(t *testing.T) {
	for range 8 { // the end of a name is random
		dir, now := t.TempDir(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		first, err := NewRun(dir, now)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, first+Ext), nil, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{now, now.Add(-time.Hour), now.Add(time.Hour)} {
			if second, err := NewRun(dir, at); err != nil || second[:len(runTime)] <= first[:len(runTime)] {
				t.Fatalf("%s after %s (%v)", second, first, err)
			}
		}
	}
}
