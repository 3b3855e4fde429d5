package observe_test

import (
	"fmt"
	"testing"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// changedOf is a state of n objects of a kind, of which some are changed.
func changedOf(k *schema.Kind, n int, changes ...diff.Change) *observe.State {
	s := &observe.State{Basis: plan.Basis{Live: diff.NewLive(12, "acme", "12037"), Diff: &diff.Result{}}}
	for i := range n {
		s.Live.Put(&schema.Object{Kind: k, Key: fmt.Sprint(i), ID: int64(i + 1), Values: map[string]any{}})
	}
	for i := range changes {
		if changes[i].Action != diff.Create {
			changes[i].Live = s.Live.Objects[i]
		}
		s.Diff.Changes = append(s.Diff.Changes, &changes[i])
	}
	return s
}

func times(n int, ch diff.Change) []diff.Change {
	out := make([]diff.Change, n)
	for i := range out {
		out[i] = ch
	}
	return out
}

// It is asked for from ten objects of a kind on, and over 30 percent of them.
func TestHowManyAreOverwritten(t *testing.T) {
	k := schema.Builtin().Kind("extension_group")
	ch := diff.Change{Action: diff.Update, Fields: []diff.Field{{Name: "extra_params", Old: "set"}}}
	for _, test := range []struct{ of, n, want int }{{9, 9, 0}, {10, 3, 0}, {10, 4, 4}, {100, 30, 0}, {100, 31, 31}, {11, 4, 4}, {334, 101, 101}, {337, 101, 0}} {
		got := 0
		for _, o := range observe.Overwrites(changedOf(k, test.of, times(test.n, ch)...)) {
			got = o.Objects
		}
		if got != test.want {
			t.Errorf("%d of %d: %d are said", test.n, test.of, got)
		}
	}
}

// A value is overwritten if somebody has set it: not what was never set, what the server fills
// in, what could not be read, nor what is made or goes.
func TestWhatIsOverwritten(t *testing.T) {
	extension, local := schema.Builtin().Kind("extension"), schema.Builtin().Kind("local_agent")
	for name, test := range map[string]struct {
		kind   *schema.Kind
		action diff.Action
		field  diff.Field
		is     bool
	}{
		"a text":             {extension, diff.Update, diff.Field{Name: "label", Old: "x"}, true},
		"by a rename":        {extension, diff.Rename, diff.Field{Name: "label", Old: "x"}, true},
		"by a delete":        {extension, diff.Delete, diff.Field{Name: "label", Old: "x"}, false},
		"by a replace":       {extension, diff.Replace, diff.Field{Name: "label", Old: "x"}, false},
		"null":               {extension, diff.Update, diff.Field{Name: "label"}, false},
		"an empty text":      {extension, diff.Update, diff.Field{Name: "label", Old: ""}, false},
		"not read":           {extension, diff.Update, diff.Field{Name: "label", Old: "x", Unknown: true}, false},
		"an empty list":      {extension, diff.Update, diff.Field{Name: "label", Old: []any{}}, false},
		"a list":             {extension, diff.Update, diff.Field{Name: "label", Old: []any{"x"}}, true},
		"an empty object":    {extension, diff.Update, diff.Field{Name: "label", Old: map[string]any{}}, false},
		"an object":          {extension, diff.Update, diff.Field{Name: "label", Old: map[string]any{"a": "b"}}, true},
		"false":              {extension, diff.Update, diff.Field{Name: "ani_rfc3325", Old: false}, true},
		"the server's own":   {local, diff.Update, diff.Field{Name: "call_timeout", Old: int64(60)}, false},
		"another number":     {local, diff.Update, diff.Field{Name: "call_timeout", Old: int64(61)}, true},
		"0, where 60 is it":  {local, diff.Update, diff.Field{Name: "call_timeout", Old: int64(0)}, true},
		"0, where that is":   {local, diff.Update, diff.Field{Name: "wrap_up_time", Old: int64(0)}, false},
		"the default status": {extension, diff.Update, diff.Field{Name: "status", Old: "blocked"}, false},
	} {
		list := observe.Overwrites(changedOf(test.kind, 10, times(10, diff.Change{Action: test.action, Fields: []diff.Field{test.field}})...))
		if (len(list) == 1) != test.is {
			t.Errorf("%s: %v", name, list)
		}
	}
	born := changedOf(extension, 0)
	for range 10 {
		born.Diff.Changes = append(born.Diff.Changes, &diff.Change{Action: diff.Update, Desired: &schema.Object{Kind: extension}, Fields: []diff.Field{{Name: "label", Old: "x"}}})
	}
	if list := observe.Overwrites(born); len(list) > 0 {
		t.Errorf("what is not there yet: %v", list)
	}
}

// Objects of others count for nothing, and what comes with its parent is as many as these.
func TestOverwrittenOfHowMany(t *testing.T) {
	c := schema.Builtin()
	phone, extension := c.Kind("phone"), c.Kind("extension")
	s := &observe.State{Basis: plan.Basis{Live: diff.NewLive(12, "acme", "12037"), Diff: &diff.Result{}}}
	for i := range 15 {
		o := &schema.Object{Kind: extension, Key: fmt.Sprint(i), ID: int64(i + 1), Shared: i >= 14, Values: map[string]any{"type": "phone"}}
		if i >= 12 {
			o.Values["type"] = "queue"
		}
		s.Live.Put(o)
		if i < 4 {
			p := &schema.Object{Kind: phone, Parent: o, Values: map[string]any{}}
			s.Live.Put(p)
			s.Diff.Changes = append(s.Diff.Changes, &diff.Change{Action: diff.Update, Live: p, Fields: []diff.Field{{Name: "label", Old: "x"}}})
		}
		if i < 5 {
			s.Diff.Changes = append(s.Diff.Changes, &diff.Change{Action: diff.Update, Live: o, Fields: []diff.Field{{Name: "label", Old: "x"}}})
		}
	}
	list := observe.Overwrites(s)
	for range 20 { // whatever the order in which the kinds are counted
		list = observe.Overwrites(s)
		if got := fmt.Sprint(len(list), " ", observe.OverwriteGuard(list, 0)); got != "2 this overwrites what is set at 5 of 14 (extension) and 4 of 12 (phone), over 30 % of a kind; apply needs --allow-updates 9" {
			t.Fatal(got)
		}
	}
	if observe.OverwriteGuard(list, 9) != nil || observe.OverwriteGuard(list, 8) == nil || observe.OverwriteGuard(nil, 3) != nil {
		t.Error("another number is allowed")
	}
}
