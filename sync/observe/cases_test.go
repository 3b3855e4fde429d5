package observe_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/sync/observe"
)

// What a comparison finds, and what it asks for that, in cases that a plan is made of too.
func TestCases(t *testing.T) {
	canned.Cases(t, "../testdata/cases", func(t *testing.T, c *canned.Case) {
		r := c.Reader(t)
		s, err := c.Observed(t, r)
		if err != nil {
			c.Wanted(t, "want observed", "error "+err.Error())
			return
		}
		c.Wanted(t, "want observed", told(s))
		c.Wanted(t, "want calls", strings.Join(r.Asked, "\n"))
		resolved(t, s)
	})
}

// resolved says that each reference of a live object is the key of what it leads to, where
// that was read and stays, and something goes.
func resolved(t *testing.T, s *observe.State) {
	if !slices.ContainsFunc(s.Diff.Changes, func(ch *diff.Change) bool { return ch.Ends() && ch.Object().Kind.Tenant.ID == "" }) {
		return
	}
	for _, o := range s.Live.Objects {
		for _, f := range o.Kind.Fields {
			v, byID := o.Values[f.Name].(map[string]any)
			if f.Ref == nil || !byID {
				continue
			}
			if target := s.Live.Target(f, v); target != nil && target.ReplacedBy == nil && !target.Shared {
				t.Errorf("%s: %s is %v, and not %s", o.Address(), f.Name, v, target.Address())
			}
		}
	}
}

// Nothing is concluded from a reading of which one call has failed, whichever it is.
func TestEachCallOfACaseFails(t *testing.T) {
	canned.Cases(t, "../testdata/cases", func(t *testing.T, c *canned.Case) {
		r := c.Reader(t)
		if _, err := c.Observed(t, r); err != nil {
			return
		}
		for i, what := range r.Asked {
			cut := errors.New("cut off")
			again := r.Again()
			again.Fail = func(nth int, _ string) error {
				if nth == i+1 {
					return cut
				}
				return nil
			}
			s, err := c.Observed(t, again)
			led := strings.HasPrefix(what, "LIST /admin/") // after an error, which is told instead
			if err == nil || s != nil || !led && !errors.Is(err, cut) {
				t.Errorf("%s failed, and the reading says %v", what, err)
			}
		}
	})
}

// What one call refuses is an error, or is said: nothing is taken for empty.
func TestEachCallOfACaseIsRefused(t *testing.T) {
	canned.Cases(t, "../testdata/cases", func(t *testing.T, c *canned.Case) {
		if _, ok := c.Section("want refused"); !ok {
			return
		}
		r := c.Reader(t)
		whole, err := c.Observed(t, r)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for _, what := range r.Asked {
			again := r.Again()
			again.Fail = func(_ int, asked string) error {
				if asked == what {
					return canned.Status(403)
				}
				return nil
			}
			out.WriteString(what + "\n")
			s, err := c.Observed(t, again)
			if err != nil {
				out.WriteString("  error " + err.Error() + "\n")
				continue
			}
			before := map[string]bool{}
			for line := range strings.Lines(told(whole)) {
				before[line] = true
			}
			for line := range strings.Lines(told(s)) {
				if !before[line] {
					out.WriteString("  " + line)
				}
			}
		}
		c.Wanted(t, "want refused", out.String())
	})
}
