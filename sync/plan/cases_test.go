package plan_test

import (
	"bytes"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// The plan of each case, as a whole.
func TestCases(t *testing.T) {
	canned.Cases(t, "../testdata/cases", func(t *testing.T, c *canned.Case) {
		if _, ok := c.Section("want plan"); !ok {
			return
		}
		s, err := c.Observed(t, c.Reader(t))
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.Order(&s.Basis)
		if err != nil {
			c.Wanted(t, "want plan", "error "+err.Error())
			return
		}
		c.Wanted(t, "want plan", told(p))
		inOrder(t, p)
		if len(p.Guards) == 0 && len(s.Guards) == 0 {
			savedAndMade(t, c, p)
		}
	})
}

// inOrder says that a step waits for nothing that comes later.
func inOrder(t *testing.T, p *plan.Plan) {
	for i, s := range p.Steps {
		if s.Number != i+1 || len(s.After) > 0 && s.After[len(s.After)-1] >= s.Number {
			t.Errorf("step %d is the %dth and waits for %v", s.Number, i+1, s.After)
		}
	}
}

// savedAndMade makes the plan from its saved form once more, which has to give the same.
func savedAndMade(t *testing.T, c *canned.Case, p *plan.Plan) {
	t.Helper()
	data := canned.Bytes(t, p)
	decoded, err := plan.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	desired, err := decoded.Desired(c.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	o := c.Options(t)
	o.Approved = decoded
	s, err := observe.Observe(t.Context(), c.Reader(t), desired, o)
	if err != nil {
		t.Fatal(err)
	}
	again := order(t, s)
	if got := canned.Bytes(t, again); !bytes.Equal(got, data) {
		t.Errorf("made of its saved form it is\n%s\nwanted\n%s", got, data)
	}
	if moved := decoded.Moved(&again.Value); len(moved) > 0 {
		t.Errorf("nothing has moved, and it says %v", moved)
	}
}
