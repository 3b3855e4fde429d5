package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	gosync "sync"
	"syscall"
	"testing"

	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// A file that cannot be opened, or a key that finds no place, is an error and no key.
func TestFilesThatAreNotThere(t *testing.T) {
	dir := t.TempDir()
	if err := toDisk(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if key, err := makeKey(dir, filepath.Join(dir, "none", keyFile)); !errors.Is(err, fs.ErrNotExist) || key != nil {
		t.Errorf("%x %v", key, err)
	}
}

// Room is asked for when a line leaves less than has to be left, and not before.
func TestLastBytesOfRoom(t *testing.T) {
	for short, asks := range map[int64]int{0: 0, 1: 1} {
		d := &roomy{}
		w := &Writer{file: d, size: 1000, reserved: 1000 + 200 + least - short}
		if err := w.makeRoom(200); err != nil || len(d.reserved) != asks {
			t.Errorf("%d bytes short: %v, %v", short, d.reserved, err)
		}
	}
}

// After a failure nothing more is written.
func TestNothingIsWrittenAfterAFailure(t *testing.T) {
	d := &disk{failSync: 2}
	w, err := NewWriter(d, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Ack(1, 5, ""); err == nil {
		t.Fatal("the disk did not fail")
	}
	size := len(d.text)
	if err := w.Ack(2, 6, ""); err == nil || len(d.text) != size {
		t.Errorf("%d bytes more, %v", len(d.text)-size, err)
	}
}

// Lines that come while others are brought to disk are brought there together.
func TestLinesGoTogether(t *testing.T) {
	d := &disk{}
	w, err := NewWriter(d, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	before := d.syncs
	w.flush.Lock()
	var wg gosync.WaitGroup
	for step := range 8 {
		wg.Go(func() {
			if err := w.Ack(step+1, 5, ""); err != nil {
				t.Error(err)
			}
		})
	}
	for written := 1; written < 9; {
		w.mu.Lock()
		written = w.lines
		w.mu.Unlock()
	}
	w.flush.Unlock()
	wg.Wait()
	if n := d.syncs - before; n != 1 || len(d.synced) != len(d.text) {
		t.Errorf("brought to disk %d times, %d of %d bytes", n, len(d.synced), len(d.text))
	}
}

// A plan that cannot be written is said to be, before anything else is recorded.
func TestPlanThatCannotBeWritten(t *testing.T) {
	d := &disk{}
	w, err := NewWriter(d, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	size := len(d.text)
	if err := w.Begin(&plan.Value{Changes: []plan.Change{{Once: map[string]any{"x": func() {}}}}}, []record.Object{{Address: "a"}}); err == nil || len(d.text) != size {
		t.Errorf("%v, %d bytes more", err, len(d.text)-size)
	}
}

// A folder that cannot be brought to disk is an error.
func TestFolderThatCannotBeSynced(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc, whose folders cannot be synced")
	}
	if err := syncDir("/proc"); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("%v", err)
	}
}

// A line that was written while the disk failed is said to be lost, and the disk is not asked
// again: what it did not take may be gone by then.
func TestLinesBesideAFailure(t *testing.T) {
	d := &disk{failSync: 2}
	w, err := NewWriter(d, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	w.flush.Lock()
	lost := make(chan error)
	for step := range 2 {
		go func() { lost <- w.Ack(step+1, 5, "") }()
	}
	for written := 1; written < 3; {
		w.mu.Lock()
		written = w.lines
		w.mu.Unlock()
	}
	w.flush.Unlock()
	for range 2 {
		if err := <-lost; err == nil {
			t.Error("a line is lost, and nothing says so")
		}
	}
	if d.syncs != 2 {
		t.Errorf("the disk was asked %d times, of which the second failed", d.syncs)
	}
}

// A folder that was synced is closed again: a long run syncs many.
func TestSyncedFoldersAreClosed(t *testing.T) {
	const open = "/proc/self/fd"
	if _, err := os.Stat(open); err != nil {
		t.Skip("no list of open files here")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the collector closes them too
	dir := t.TempDir()
	for range 3 {
		if err := syncDir(dir); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(open)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if at, _ := os.Readlink(filepath.Join(open, e.Name())); at == dir {
			t.Errorf("%s is open still", at)
		}
	}
}
