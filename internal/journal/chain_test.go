package journal

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pbxsync/sync/record"
)

// chain makes three records, as three runs do.
func chain(t *testing.T) (dir string, runs []string) {
	t.Helper()
	dir = t.TempDir()
	for i := range 3 {
		previous, err := Follow(dir)
		if err != nil {
			t.Fatal(err)
		}
		h := Header{Run: fmt.Sprintf("2026010%dT000000.000Z-abcdef", i+1), Previous: previous}
		w, err := Create(dir, make([]byte, keySize), h)
		if err != nil {
			t.Fatal(err)
		}
		for step := 1; step <= 2; step++ {
			if err := w.Intent(record.Intent{Step: step, Method: "POST", Addresses: []string{"interval/a"}}); err != nil {
				t.Fatal(err)
			}
			if err := w.Ack(step, int64(step), ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, h.Run)
	}
	return dir, runs
}

// A record that has one after it is noticed wherever it is cut, at each line and in each, and
// whichever line of it is gone or stands twice. The last one can only look cut off.
func TestCutRecords(t *testing.T) {
	dir, runs := chain(t)
	for i, run := range runs {
		path := filepath.Join(dir, run+Ext)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		put := func(what string, data []byte) {
			t.Helper()
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			records, err := Load(dir)
			noticed := err != nil || len(Gone(records)) > 0
			if last := i == len(runs)-1; noticed == last {
				t.Errorf("record %d, %s: noticed %v (%v)", i+1, what, noticed, err)
			}
		}
		for n := 0; n < len(whole); n += 7 {
			put(fmt.Sprint("cut to ", n, " bytes"), whole[:n])
		}
		lines := bytes.SplitAfter(whole, []byte("\n"))
		for n := 1; n < len(lines)-1 && i < len(runs)-1; n++ {
			put(fmt.Sprint("without line ", n+1), bytes.Join(slices.Delete(slices.Clone(lines), n, n+1), nil))
			put(fmt.Sprint("line ", n+1, " twice"), bytes.Join(slices.Insert(slices.Clone(lines), n, lines[n]), nil))
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A record that is taken away is named, and one that others can write to is refused.
func TestGoneAndOpenRecords(t *testing.T) {
	dir, runs := chain(t)
	if records, err := Load(dir); err != nil || len(records) != 3 || len(Gone(records)) != 0 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	path := filepath.Join(dir, runs[1]+Ext)
	if err := os.Chmod(path, 0o622); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); os.PathSeparator == '/' && (err == nil || !strings.Contains(err.Error(), "can be written by others (0622)")) {
		t.Errorf("a record that others can write to: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if records, err := Load(dir); err != nil || !slices.Equal(Gone(records), []string{runs[1]}) {
		t.Errorf("%v, %v", Gone(records), err)
	}
}
