package observe_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Where the run records matter and cannot be read, nothing is known; where they do not, nobody
// asks for them.
func TestRecordsThatCannotBeRead(t *testing.T) {
	cut := errors.New("cut off")
	canned.Cases(t, "../testdata/cases", func(t *testing.T, c *canned.Case) {
		if _, err := c.Observed(t, c.Reader(t)); err != nil {
			return
		}
		desired, _ := c.Desired(t)
		for cutAt := 1; ; cutAt++ {
			asked, o := 0, c.Options(t)
			o.Records = func(plan.TenantID) (*record.Records, error) {
				if asked++; asked == cutAt {
					return nil, cut
				}
				return nil, nil // is asked again
			}
			s, err := observe.Observe(t.Context(), c.Reader(t), desired, o)
			if asked < cutAt {
				return
			}
			if asked > cutAt || !errors.Is(err, cut) || s != nil {
				t.Errorf("cut off at %d of %d: %v", cutAt, asked, err)
			}
		}
	})
	c := canned.Load(t, "testdata/whole/tenant.txtar")
	o := c.Options(t)
	o.Records = func(plan.TenantID) (*record.Records, error) { return nil, cut }
	if w, err := observe.ReadAll(t.Context(), c.Reader(t), o, nil); !errors.Is(err, cut) || w != nil {
		t.Errorf("a whole tenant: %v", err)
	}
}

// Where it matters what the tenant was, and that cannot be found, nothing is known.
func TestBaseThatCannotBeFound(t *testing.T) {
	cut := errors.New("cut off")
	for text, matters := range map[string]bool{"extension_groups: {a: {}, b: {}}": false, "extension_groups: {a: {}}": true, "extension_groups: {a: {}, b: {}, c: {}}": true} {
		o := options()
		o.Base = func(plan.TenantID) (*diff.Base, error) { return nil, cut }
		s, err := observe.Observe(t.Context(), canned.NewServer(), canned.Parse(t, "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"+text+"\n"), o)
		if matters != errors.Is(err, cut) || matters != (s == nil) {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
}

// A program that keeps no records can compare all the same: what only they tell is not done.
func TestNoRecordsAtAll(t *testing.T) {
	canned.Cases(t, "../testdata/cases", func(t *testing.T, c *canned.Case) {
		if _, err := c.Observed(t, c.Reader(t)); err != nil {
			return
		}
		desired, _ := c.Desired(t)
		o := c.Options(t)
		o.Records = nil
		s, err := observe.Observe(t.Context(), c.Reader(t), desired, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, ch := range s.Diff.Changes {
			unlisted := ch.Makes() && ch.Object().Kind.Behaviour == schema.KnownFromRecords
			if (ch.Pruned || unlisted) && len(s.Guards) == 0 {
				t.Errorf("%s %s has no before-image", ch.Action, ch.Address())
			}
		}
	})
}

// What a saved plan writes is not taken for another form of what was sent, and what it does not
// write is: whoever made it may have other records.
func TestOtherFormsBesideASavedPlan(t *testing.T) {
	c := canned.Load(t, "../testdata/cases/respelled.txtar")
	of := func(action diff.Action, address string, fields ...string) plan.Change {
		ch := plan.Change{Action: action, Address: address}
		for _, name := range fields {
			ch.Fields = append(ch.Fields, plan.FieldChange{Name: name})
		}
		return ch
	}
	for name, test := range map[string]struct {
		saved *plan.Value
		want  string // fields of extension/101 that differ
	}{
		"none":                    {nil, "[caller_id_name extra_params]"},
		"of nothing":              {&plan.Value{}, "[caller_id_name extra_params]"},
		"of another object":       {&plan.Value{Changes: []plan.Change{of(diff.Update, "extension/102", "label")}}, "[caller_id_name extra_params]"},
		"of another field":        {&plan.Value{Changes: []plan.Change{of(diff.Update, "extension/101", "extra_params")}}, "[caller_id_name extra_params]"},
		"of the field":            {&plan.Value{Changes: []plan.Change{of(diff.Update, "extension/101", "extra_params", "label")}}, "[caller_id_name extra_params label]"},
		"a rename":                {&plan.Value{Changes: []plan.Change{of(diff.Rename, "extension/101", "label")}}, "[caller_id_name extra_params label]"},
		"a rename, nothing of it": {&plan.Value{Changes: []plan.Change{of(diff.Rename, "extension/101")}}, "[caller_id_name extra_params]"},
		"that makes it":           {&plan.Value{Changes: []plan.Change{of(diff.Create, "extension/101")}}, "[caller_id_name extra_params label]"},
		"that replaces it":        {&plan.Value{Changes: []plan.Change{of(diff.Replace, "extension/101")}}, "[caller_id_name extra_params label]"},
	} {
		desired, _ := c.Desired(t)
		o := c.Options(t)
		o.Approved = test.saved
		s, err := observe.Observe(t.Context(), c.Reader(t), desired, o)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, ch := range s.Diff.Changes {
			for _, f := range ch.Fields {
				if ch.Address() == "extension/101" {
					got = append(got, f.Name)
				}
			}
		}
		slices.Sort(got)
		if text := fmt.Sprint(got); text != test.want {
			t.Errorf("%s: %s, wanted %s", name, text, test.want)
		}
	}
}

// What this run was told counts like what is on record, and instead of it.
func TestToldInThisRun(t *testing.T) {
	c := canned.Load(t, "../testdata/cases/respelled.txtar")
	desired, _ := c.Desired(t)
	o := c.Options(t)
	o.Respelled = []record.Respelled{{Address: "extension/101", ID: 7, Field: "extra_params", Sent: "C ", Kept: "C"}, {Address: "extension/101", ID: 7, Field: "label", Sent: "Two ", Kept: "Two"}}
	s, err := observe.Observe(t.Context(), c.Reader(t), desired, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, ch := range s.Diff.Changes {
		if ch.Address() == "extension/101" && (len(ch.Fields) != 2 || ch.Fields[0].Name != "caller_id_name" || ch.Fields[1].Name != "label") {
			t.Errorf("%+v", ch.Fields)
		}
	}
}
