package sync

import (
	"testing"

	"pbxsync/internal/canned"
)

// Changes that no order of calls can make are an error of a plan. Who only wants to know the
// differences is told of it beside them.
func TestDifferencesWithoutAnOrder(t *testing.T) {
	t.Chdir("plan") // cases find their kinds from a room
	c := canned.Load(t, "../testdata/cases/cycle_held.txtar")
	s, err := c.Observed(t, c.Reader(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, drift := range []bool{false, true} {
		w := (&Engine{}).work(nil, Options{}, nil)
		w.drift, w.now = drift, &Planned{State: s}
		err := w.order()
		if (err == nil) != drift || (w.now.Unordered != nil) != drift || w.now.Plan != nil {
			t.Errorf("drift %v: %v, %v, %v", drift, err, w.now.Unordered, w.now.Plan)
		}
	}
}
