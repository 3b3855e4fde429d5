package sync

import (
	"errors"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/undo"
)

// Where there is no base, whoever looks is told why.
func TestNoBase(t *testing.T) {
	for _, test := range []struct {
		known     record.Records
		says, err string
	}{
		{record.Records{None: true}, "there are no run records", ""},
		{record.Records{}, "no run has left one yet", ""},
		{record.Records{BaseLost: errors.New("base.json is torn")}, "base.json is torn", "base.json is torn; restore the file"},
	} {
		w := (&Engine{}).work(nil, Options{}, nil)
		b, err := w.recorded(&test.known)
		if b != nil || w.noBase != test.says || (err == nil) != (test.err == "") || err != nil && !strings.HasPrefix(err.Error(), test.err) {
			t.Errorf("%+v: %v, %q, %v", test.known, b, w.noBase, err)
		}
	}
}

// A snapshot without its tenant is no base.
func TestNoBaseOfASnapshot(t *testing.T) {
	if b, err := BaseOf(t.Context(), nil, &observe.Snapshot{}); b != nil || err == nil {
		t.Errorf("%v, %v", b, err)
	}
}

// What drifted is left alone by a plan, and by nothing else.
func TestLeavesWhatDrifted(t *testing.T) {
	for _, test := range []struct {
		name string
		w    work
		want bool
	}{
		{"plan", work{}, true},
		{"drift", work{drift: true}, false},
		{"a saved plan", work{saved: &Saved{}}, false},
		{"undo", work{undoing: &undo.Undoing{}}, false},
		{"the files win", work{options: Options{RevertDrift: true}}, false},
	} {
		if got := test.w.leaves(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// A step is named by its run too: two runs may each have left their first one open.
func TestWhatWasSettled(t *testing.T) {
	open := []*record.Open{{Run: "a", Step: 1, Address: "a1"}, {Run: "a", Step: 2, Address: "a2"}, {Run: "b", Step: 1, Address: "b1"}}
	for want, s := range map[string]record.Settled{"a1": {Run: "a", Step: 1}, "a2": {Run: "a", Step: 2}, "b1": {Run: "b", Step: 1}} {
		if got := openOf(s, open); got == nil || got.Address != want {
			t.Errorf("%s: %+v", want, got)
		}
	}
	if got := openOf(record.Settled{Run: "b", Step: 2}, open); got != nil {
		t.Error(got)
	}
}

// What goes on is allowed by another flag than what is lost, and may be waited for.
func TestWhatADeleteTakes(t *testing.T) {
	c := schema.Builtin()
	o := &schema.Object{Kind: c.Kind("extension"), Key: "101"}
	losses := []*plan.Loss{{Object: o, Kind: c.Kind("current_call"), Rows: []string{"x"}}, {Object: o, Kind: c.Kind("recording"), Rows: []string{"x"}}}
	p := &Planned{State: &observe.State{Losses: losses}, Plan: &plan.Plan{}}
	for _, test := range []struct {
		allowed Allowed
		want    string
	}{
		{Allowed{}, "running --allow-hangup; loss --allow-loss"},
		{Allowed{Hangup: []string{"extension/101"}}, "loss --allow-loss"},
		{Allowed{Loss: []string{"extension/101"}}, "running --allow-hangup"},
	} {
		var got []string
		for _, g := range lost(p, test.allowed) {
			got = append(got, g.ID+" "+g.Flag)
			if strings.HasPrefix(g.Hint, "wait until it is over, or ") != (g.ID == "running") {
				t.Error(g.Hint)
			}
		}
		if text := strings.Join(got, "; "); text != test.want {
			t.Errorf("%+v: %s, want %s", test.allowed, text, test.want)
		}
	}
}

// A replace is asked for where something is lost by it, and nobody has allowed that.
func TestWhatAReplaceTakes(t *testing.T) {
	for _, test := range []struct {
		ch      plan.Change
		allowed []string
		want    int
	}{
		{plan.Change{Replaces: "sound/a", Loses: "its bytes"}, nil, 1},
		{plan.Change{Replaces: "sound/a", Loses: "its bytes"}, []string{"sound/a"}, 0},
		{plan.Change{Replaces: "sound/a"}, nil, 0},
		{plan.Change{Loses: "its bytes"}, nil, 0},
	} {
		p := &plan.Plan{Value: plan.Value{Changes: []plan.Change{test.ch}}}
		if got := replaced(p, Allowed{Loss: test.allowed}); len(got) != test.want {
			t.Errorf("%+v: %v", test.ch, got)
		}
	}
}

// Where rules hold, the base tells by which ones the tenant was reviewed last.
func TestLastReviewed(t *testing.T) {
	base := &Base{}
	for _, test := range []struct {
		name string
		w    work
		want *Base
	}{
		{"no rules", work{base: base}, nil},
		{"a base", work{base: base, options: Options{Rules: &review.Rules{}}}, base},
		{"no base", work{options: Options{Rules: &review.Rules{}}}, nil},
	} {
		test.w.Engine = &Engine{}
		if got := test.w.lastReviewed(plan.TenantID{}); got != test.want {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}
