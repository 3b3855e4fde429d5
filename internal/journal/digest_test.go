package journal

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// runs writes the records of runs into a folder, each with what the one before it was.
type runs struct {
	*testing.T
	dir  string
	seed *rand.Rand
	list []string
	calm bool // no crash cuts a record off
}

func newRuns(t *testing.T, seed uint64) *runs {
	return &runs{T: t, dir: t.TempDir(), seed: rand.New(rand.NewPCG(seed, 1))}
}

// add writes a record.
func (r *runs) add(list ...*Entry) {
	r.Helper()
	run := fmt.Sprintf("20260101T0000%02d.000Z-aaaaaa", len(r.list))
	previous, err := Follow(r.dir)
	if err != nil {
		r.Fatal(err)
	}
	var data []byte
	for _, e := range append([]*Entry{{Type: TypeHeader, Header: &Header{Format: Format, Run: run, Previous: previous}}}, list...) {
		text, err := Encode(e)
		if err != nil {
			r.Fatal(err)
		}
		data = append(data, text...)
	}
	if !r.calm && r.seed.IntN(8) == 0 {
		data = data[:len(data)-5] // a crash
	}
	if err := os.WriteFile(r.path(run), data, 0o600); err != nil {
		r.Fatal(err)
	}
	r.list = append(r.list, run)
}

func (r *runs) path(run string) string { return filepath.Join(r.dir, run+Ext) }

// something is what a run may have on record.
func (r *runs) something() []*Entry {
	var out []*Entry
	for step := 1; step <= 1+r.seed.IntN(4); step++ {
		key, id := string(rune('a'+r.seed.IntN(4))), int64(1+r.seed.IntN(9))
		out = append(out, []*Entry{creating(step, key), changing(step, "PUT", key, id), changing(step, "DELETE", key, id)}[r.seed.IntN(3)])
		if what := []Type{TypeAck, TypeAck, TypeAck, TypeFailed, TypeUnknown, ""}[r.seed.IntN(6)]; what != "" {
			out = append(out, outcome(step, what, id))
		}
	}
	if len(r.list) > 0 && r.seed.IntN(2) == 0 {
		out = append(out, settled(r.list[r.seed.IntN(len(r.list))], 1+r.seed.IntN(4), []record.How{record.Adopted, record.NotDone, record.Forgotten}[r.seed.IntN(3)], 8))
	}
	if r.seed.IntN(3) == 0 {
		out = append(out, &Entry{Type: TypeRespelled, Respelled: &record.Respelled{Address: "interval/a", Field: "name"}},
			&Entry{Type: TypeVerified, Verified: &record.Verified{Objects: map[string]int{"interval": 3}, Protected: []string{"interval/a"}}})
	}
	return out
}

// old makes all files as old as they would be at the next run.
func (r *runs) old() {
	for i, run := range r.list {
		at := time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC)
		if err := os.Chtimes(r.path(run), at, at); err != nil && !os.IsNotExist(err) {
			r.Fatal(err)
		}
	}
}

// told is what a history tells, as text.
func told(t *testing.T, k *record.Records, gone []string) string {
	t.Helper()
	var names []string
	for name, list := range k.Seen {
		names = append(names, fmt.Sprintf("%v %v", name, list))
	}
	data, err := json.Marshal([]any{k.None, k.Sent, len(names), k.Open, k.Respelled, k.Verified, gone})
	if err != nil {
		t.Fatal(err)
	}
	out := string(data)
	for _, key := range []string{"a", "b", "c", "d"} {
		out += key + seen(k, key)
	}
	return strings.ReplaceAll(out, "null", "[]")
}

func (r *runs) same() *History {
	r.Helper()
	h, err := Read(r.dir, r.dir)
	if err != nil {
		r.Fatal(err)
	}
	all, err := Load(r.dir)
	if err != nil {
		r.Fatal(err)
	}
	if got, want := told(r.T, h.Known, h.Gone), told(r.T, Known(all), Gone(all)); got != want {
		r.Fatalf("with a digest:\n%s\nfrom the records:\n%s", got, want)
	}
	return h
}

// What is told with a digest is what the records tell, whatever these say, whenever it was made, and
// whichever of them is taken away.
func TestDigestTellsTheSame(t *testing.T) {
	used := 0
	for seed := range uint64(60) {
		r := newRuns(t, seed)
		for range 8 {
			r.add(r.something()...)
			if r.seed.IntN(2) == 0 {
				r.old()
			}
			used += r.same().from
			if r.seed.IntN(2) == 0 {
				Keep(r.dir, r.dir)
				used += r.same().from
			}
		}
		if err := os.Remove(r.path(r.list[r.seed.IntN(8)])); err != nil {
			t.Fatal(err)
		}
		r.same()
	}
	if used < 40 {
		t.Errorf("a digest stood for %d records only", used)
	}
}

// However many runs there were, the next one reads the last record and no other.
func TestHistoryCostsNothing(t *testing.T) {
	r := newRuns(t, 3)
	for range 50 {
		Keep(r.dir, r.dir) // as each run does before its own record
		r.seed = rand.New(rand.NewPCG(3, 1))
		r.add(creating(1, "a"), outcome(1, TypeAck, 5))
		r.old()
	}
	if h := r.same(); h.from != 49 || len(h.paths) != 50 {
		t.Errorf("%d of %d records are told by a digest", h.from, len(h.paths))
	}
}

// A digest is not believed where it is damaged, or where a record that it covers is another file.
func TestDigestThatIsNotBelieved(t *testing.T) {
	digest := func(r *runs) string { return filepath.Join(r.dir, digestFile) }
	for name, spoil := range map[string]func(r *runs) error{
		"gone":  func(r *runs) error { return os.Remove(digest(r)) },
		"cut":   func(r *runs) error { return os.Truncate(digest(r), 40) },
		"empty": func(r *runs) error { return os.Truncate(digest(r), 0) },
		"one letter": func(r *runs) error {
			data, err := os.ReadFile(digest(r))
			if err == nil {
				err = os.WriteFile(digest(r), []byte(strings.Replace(string(data), "interval", "interwal", 1)), 0o600)
			}
			return err
		},
		"a record goes":   func(r *runs) error { return os.Remove(r.path(r.list[2])) },
		"a record, first": func(r *runs) error { return os.Remove(r.path(r.list[0])) },
		"another time":    func(r *runs) error { return os.Chtimes(r.path(r.list[1]), time.Now(), time.Now().Add(-time.Minute)) },
		"a later format": func(r *runs) error {
			return os.WriteFile(digest(r), seal([]byte(`{"format":2,"covered":[]}`)), 0o600)
		},
	} {
		r := newRuns(t, 5)
		for range 4 {
			r.seed = rand.New(rand.NewPCG(3, 1))
			r.add(creating(1, "a"), outcome(1, TypeAck, 5))
		}
		r.old()
		if Keep(r.dir, r.dir); r.same().from != 4 {
			t.Fatalf("%s: there is no digest to spoil", name)
		}
		if err := spoil(r); err != nil {
			t.Fatal(err)
		}
		if h := r.same(); h.from != 0 {
			t.Errorf("%s: it is believed", name)
		}
	}
}

// What was changed in a record that a digest covers is found as before, also within the grain of
// the disk's clock.
func TestChangedUnderADigest(t *testing.T) {
	for _, grown := range []bool{false, true} {
		r := newRuns(t, 5)
		for range 3 {
			r.seed = rand.New(rand.NewPCG(3, 1))
			r.add(creating(1, "a"), outcome(1, TypeAck, 5))
		}
		Keep(r.dir, r.dir)
		path := r.path(r.list[1])
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(data), `"interval/a"`, `"interval/b"`, 1)
		if grown {
			changed = string(data) + string(data)
		}
		if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(r.dir, r.dir); err == nil || !strings.Contains(err.Error(), r.list[1]) {
			t.Errorf("grown %v: %v", grown, err)
		}
	}
}

// Only what runs did after a base is read for it, and nothing is lost of it under a digest.
func TestSinceUnderADigest(t *testing.T) {
	r := newRuns(t, 5)
	r.seed = rand.New(rand.NewPCG(3, 1))
	value, err := json.Marshal(&plan.Value{Version: plan.Version, Changes: []plan.Change{{Action: "create", Address: "interval/a"}},
		Wanted: []plan.Wanted{{Object: record.Object{Address: "interval/a", Kind: "interval", Key: "a"}}}, Steps: []plan.Step{{Number: 1, Changes: []string{"interval/a"}}}})
	if err != nil {
		t.Fatal(err)
	}
	r.add(&Entry{Type: TypePlan, Plan: value}, creating(1, "a"), outcome(1, TypeAck, 5))
	r.old()
	Keep(r.dir, r.dir)
	h := r.same()
	if h.from != 1 {
		t.Fatal("there is no digest")
	}
	for run, want := range map[string]int{"": 1, r.list[0]: 0} {
		b := &record.Base{Run: run}
		if err := h.Since(b); err != nil || len(b.Objects) != want {
			t.Errorf("since %q: %+v %v", run, b.Objects, err)
		}
	}
}
