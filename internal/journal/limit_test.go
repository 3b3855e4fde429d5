package journal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/folder"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// lower lowers a limit for one test.
func lower(t *testing.T, u *folder.Use, most int64) {
	was := *u
	u.Most = most
	t.Cleanup(func() { *u = was })
}

// A run of which the record could not be read again is refused before anything of it is written:
// without its plan it could not be undone.
func TestPlanOverTheLimit(t *testing.T) {
	lower(t, &folder.Record, 1<<20)
	d := &disk{}
	w, err := NewWriter(d, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	size := len(d.text)
	large := &plan.Value{Changes: []plan.Change{{Why: strings.Repeat("x", 1<<20)}}}
	many := &plan.Value{Steps: make([]plan.Step, 1<<10)}
	before := []record.Object{{Values: map[string]any{"label": strings.Repeat("x", 1<<20)}}}
	for name, begin := range map[string]error{"a large plan": w.Begin(large, nil), "many calls": w.Begin(many, nil), "what was before": w.Begin(&plan.Value{}, before)} {
		if begin == nil || !strings.Contains(begin.Error(), "the limit is 1 MiB for a run record; take it in parts with --only; nothing was written") || len(d.text) != size {
			t.Errorf("%s: %v, %d bytes more", name, begin, len(d.text)-size)
		}
	}
	if err := w.Begin(&plan.Value{Changes: []plan.Change{{Why: strings.Repeat("x", 1<<18)}}}, nil); err != nil {
		t.Error(err)
	}
}

// Each record is one that is read again, however much is sent: the call that would take it over
// the limit is not sent, and what became of those before it is recorded.
func TestCallOverTheLimit(t *testing.T) {
	lower(t, &folder.Record, 64<<10)
	dir := t.TempDir()
	w, err := Create(dir, nil, Header{Run: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	step := 1
	for ; err == nil && step < 1000; step++ {
		err = w.Intent(create(step))
	}
	if err == nil || !strings.Contains(err.Error(), "run record") {
		t.Fatalf("after %d calls: %v", step, err)
	}
	for i := 1; i < 20; i++ {
		if err := w.Ack(i, 5, ""); err != nil {
			t.Fatal(err)
		}
	}
	if records, err := Load(dir); err != nil || len(records) != 1 || records[0].Count(TypeAck) != 19 {
		t.Errorf("%v %v", records, err)
	}
}

// A base that could not be read again does not take the place of one that can.
func TestBaseOverTheLimit(t *testing.T) {
	dir := t.TempDir()
	if err := KeepBase(dir, record.Base{Name: "small"}, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	lower(t, &folder.Base, 1<<10)
	if err := KeepBase(dir, record.Base{Name: strings.Repeat("x", 1<<10)}, time.Unix(0, 0)); err == nil {
		t.Error("it was kept")
	}
	if b, err := Base(dir); err != nil || b == nil || b.Name != "small" {
		t.Errorf("%+v %v", b, err)
	}
	if list, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
	if err := os.Truncate(filepath.Join(dir, baseFile), 2<<10); err != nil {
		t.Fatal(err)
	}
	if _, err := Base(dir); err == nil || !strings.Contains(err.Error(), "over the limit") {
		t.Errorf("read: %v", err)
	}
}
