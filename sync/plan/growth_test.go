package plan_test

import (
	"fmt"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// What a change adds is counted in objects, or in the items of a list.
func TestGrowth(t *testing.T) {
	c := schema.Builtin()
	list, event := c.Kind("dial_rule"), c.Kind("agent_event")
	of := func(action diff.Action, k *schema.Kind, before, after []any) *diff.Change {
		return &diff.Change{Action: action, Desired: &schema.Object{Kind: k}, Fields: []diff.Field{{Name: "name", Old: "x", New: "y"}, {Name: list.Limit.Or.Items.Name, Old: before, New: after}}}
	}
	for _, test := range []struct {
		way  *schema.OtherWay
		ch   *diff.Change
		want int64
	}{
		{nil, of(diff.Create, event, nil, nil), 0},
		{event.Limit.Or, of(diff.Create, event, nil, nil), 1},
		{event.Limit.Or, of(diff.Replace, event, nil, nil), 1},
		{event.Limit.Or, of(diff.Update, event, nil, nil), 0},
		{event.Limit.Or, of(diff.Delete, event, nil, nil), 0},
		{list.Limit.Or, of(diff.Create, list, nil, []any{"a", "b"}), 2},
		{list.Limit.Or, of(diff.Update, list, []any{"a", "b", "c"}, []any{"a"}), -2},
		{list.Limit.Or, &diff.Change{Action: diff.Create, Desired: &schema.Object{Kind: list}}, 0},
	} {
		if got := plan.Growth(test.ch, test.way); got != test.want {
			t.Errorf("%+v: %d, wanted %d", test.ch, got, test.want)
		}
	}
}

// What there is now, and will be after the plan, in the other way that a limit may count.
func TestCountedOtherwise(t *testing.T) {
	for name, want := range map[string]string{
		"doubts_grown":  "dial_rule {3 4}, agent_event {0 0}, limit 3 true",
		"doubts_lists":  "dial_rule {1 3}, agent_event {0 0}, limit 2 true",
		"doubts_fewer":  "dial_rule {5 4}, agent_event {0 0}, limit 3 true",
		"doubts_events": "dial_rule {0 0}, agent_event {1 5}, limit 0 false",
		"doubts_raised": "dial_rule {0 0}, agent_event {1 3}, limit 0 false",
		"limit_raised":  "dial_rule {0 0}, agent_event {0 0}, limit 0 false",
	} {
		c := canned.Load(t, "../testdata/cases/"+name+".txtar")
		s, err := c.Observed(t, c.Reader(t))
		if err != nil {
			t.Fatal(err)
		}
		k := schema.Builtin().Kind
		limit, known := s.LimitThen(k("dial_rule").Limit.Name)
		got := fmt.Sprintf("dial_rule %v, agent_event %v, limit %d %v", s.Otherwise(k("dial_rule")), s.Otherwise(k("agent_event")), limit, known)
		if got != want {
			t.Errorf("%s: %s, wanted %s", name, got, want)
		}
	}
}

// A limit is what the plan makes it, where an administrator's setting is changed.
func TestLimitThen(t *testing.T) {
	for name, want := range map[string]string{
		"limit_raised": "5 true", "limit_lowered": "3 true", "limit_let_go": "0 false", "limit_learnt": "4 true", "limit_same": "4 true", "limit_with_strays": "6 true", "limit_of_lists_in_turn": "0 false",
	} {
		c := canned.Load(t, "../testdata/cases/"+name+".txtar")
		s, err := c.Observed(t, c.Reader(t))
		if err != nil {
			t.Fatal(err)
		}
		limit, known := s.LimitThen(schema.Builtin().Kind("extension").Limit.Name)
		if got := fmt.Sprint(limit, " ", known); got != want {
			t.Errorf("%s: %s, wanted %s", name, got, want)
		}
	}
	// Only the tenant's own fields are limits, whatever others are called.
	other := &schema.Object{Kind: schema.Builtin().Kind("extension")}
	b := &plan.Basis{Diff: &diff.Result{Changes: []*diff.Change{{Action: diff.Update, Desired: other, Fields: []diff.Field{{Name: "limit", New: int64(9)}}}}}, Limits: map[string]int64{"limit": 2}}
	if limit, known := b.LimitThen("limit"); limit != 2 || !known {
		t.Errorf("%d %v", limit, known)
	}
}
