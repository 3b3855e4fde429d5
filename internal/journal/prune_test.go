package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/folder"
	"pbxsync/sync/record"
)

// known is what the records of a folder tell, also with a digest, which has to be the same.
func (r *runs) known() string {
	r.Helper()
	h := r.same()
	return told(r.T, h.Known, h.Gone)
}

// What records told is told after they are pruned, whatever they say, however many may go, and
// wherever a prune was cut off; and what later runs add to it is the same.
func TestPrunedTellTheSame(t *testing.T) {
	gone := 0
	for seed := range uint64(25) {
		r := newRuns(t, seed)
		for range 9 {
			if r.add(r.something()...); r.seed.IntN(3) == 0 {
				r.old()
				Keep(r.dir, r.dir)
			}
			if r.seed.IntN(3) > 0 {
				continue
			}
			want, left := r.known(), r.left(t)
			n, err := Prune(r.dir, r.dir, Policy{Keep: r.seed.IntN(4)})
			if err != nil {
				t.Fatal(err)
			}
			if gone += n; n > 0 && r.seed.IntN(2) == 0 {
				left() // it was cut off before it could delete them
			}
			if got := r.known(); got != want {
				t.Fatalf("seed %d, %d pruned:\n%s\nbefore:\n%s", seed, n, got, want)
			}
		}
	}
	if gone < 30 {
		t.Errorf("only %d runs were pruned", gone)
	}
}

// left returns what puts back the records that are there now.
func (r *runs) left(t *testing.T) func() {
	kept := map[string][]byte{}
	paths, _ := filepath.Glob(filepath.Join(r.dir, "*"+Ext))
	for _, path := range paths {
		kept[path], _ = os.ReadFile(path)
	}
	return func() {
		for path, data := range kept {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A run with an open create stays with all after it, and so does what the base lacks; the last
// run stays always.
func TestPruneStops(t *testing.T) {
	done := []*Entry{changing(1, "PUT", "a", 1), outcome(1, TypeAck, 1)}
	open := []*Entry{creating(1, "a"), outcome(1, TypeUnknown, 0)}
	for name, test := range map[string]struct {
		runs   [][]*Entry
		base   int // how many runs it has; 0: there is none
		policy Policy
		want   int
	}{
		"all but one":        {[][]*Entry{done, done, done}, 0, Policy{}, 2},
		"all but two":        {[][]*Entry{done, done, done}, 0, Policy{Keep: 2}, 1},
		"more than there is": {[][]*Entry{done, done}, 0, Policy{Keep: 7}, 0},
		"one that is open":   {[][]*Entry{done, open, done, done}, 0, Policy{}, 1},
		"an older base":      {[][]*Entry{done, done, done, done}, 2, Policy{}, 2},
		"none old enough":    {[][]*Entry{done, done}, 0, Policy{Before: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}, 0},
		"old enough":         {[][]*Entry{done, done}, 0, Policy{Before: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRuns(t, 0)
			r.calm = true
			for i, list := range test.runs {
				r.add(list...)
				if i+1 == test.base {
					if err := KeepBase(r.dir, record.Base{}, time.Now()); err != nil {
						t.Fatal(err)
					}
				}
			}
			n, err := Prune(r.dir, r.dir, test.policy)
			if err != nil || n != test.want {
				t.Errorf("%d, %v; %d were expected", n, err, test.want)
			}
			again, err := Prune(r.dir, r.dir, test.policy)
			if err != nil || again != 0 {
				t.Errorf("again: %d, %v", again, err)
			}
		})
	}
}

// A record is noticed as changed that was changed after others were pruned, and a base that is
// older than what was pruned is no base.
func TestPrunedChain(t *testing.T) {
	r := newRuns(t, 0)
	r.calm = true
	for range 3 {
		r.add(changing(1, "PUT", "a", 1), outcome(1, TypeAck, 1))
	}
	base := record.Base{Run: r.list[0]}
	if n, err := Prune(r.dir, r.dir, Policy{}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	h := r.same()
	if err := h.Since(&base); err == nil || !strings.Contains(err.Error(), "is pruned") {
		t.Errorf("%v", err)
	}
	pruned := filepath.Join(r.dir, r.list[1]+prunedExt)
	data, err := os.ReadFile(pruned)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pruned, data[:len(data)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(r.dir, r.dir); err == nil {
		t.Error("a pruned record that was cut is taken for whole")
	}
	if err := os.Remove(pruned); err != nil {
		t.Fatal(err)
	}
	if h := r.same(); len(h.Gone) != 1 || h.Gone[0] != r.list[1] {
		t.Errorf("gone %v", h.Gone)
	}
}

// What goes is deleted, also what an earlier prune that was cut off has left.
func TestPruneDeletes(t *testing.T) {
	r := newRuns(t, 0)
	r.calm = true
	r.add(changing(1, "PUT", "a", 1), outcome(1, TypeAck, 1))
	r.add(changing(1, "PUT", "a", 1), outcome(1, TypeAck, 1))
	r.add(changing(1, "PUT", "a", 1), outcome(1, TypeAck, 1))
	left := r.left(t)
	for _, keep := range []int{2, 1} {
		if _, err := Prune(r.dir, r.dir, Policy{Keep: keep}); err != nil {
			t.Fatal(err)
		}
		if keep == 2 {
			left()
		}
	}
	paths, _ := filepath.Glob(filepath.Join(r.dir, "*"+Ext))
	if len(paths) != 2 || filepath.Base(paths[0]) != r.list[1]+prunedExt || filepath.Base(paths[1]) != r.list[2]+Ext {
		t.Errorf("%q", paths)
	}
}

// A prune that cannot be carried out leaves every record as it is, and says why.
func TestPruneFails(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(r *runs)
		want  string
	}{
		"a damaged base":    {func(r *runs) { r.put(baseFile, "x") }, baseFile},
		"a damaged record":  {func(r *runs) { r.put(r.list[0]+Ext, "x\nx\n") }, "line 1: "},
		"more than a limit": {func(r *runs) { lower(r.T, &folder.Record, r.largest()) }, "nothing was pruned"},
		"no place for it":   {func(r *runs) { r.mkdir(r.list[10] + prunedExt + "/x") }, prunedExt},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRuns(t, 0)
			r.calm = true
			for i := range int64(12) {
				r.add(changing(1, "PUT", fmt.Sprint("of the run ", i), i+1), outcome(1, TypeAck, 0))
			}
			test.spoil(r)
			n, err := Prune(r.dir, r.dir, Policy{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%d, %v", n, err)
			}
			for _, run := range r.list {
				if _, err := os.Stat(r.path(run)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// largest is the size of the largest record.
func (r *runs) largest() (most int64) {
	for _, run := range r.list {
		if info, err := os.Stat(r.path(run)); err == nil {
			most = max(most, info.Size())
		}
	}
	return most
}

func (r *runs) put(name, text string) {
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

func (r *runs) mkdir(name string) {
	if err := os.MkdirAll(filepath.Join(r.dir, name), 0o700); err != nil {
		r.Fatal(err)
	}
}
