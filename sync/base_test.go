package sync_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync"
	"pbxsync/sync/record"
)

// A first base holds what files say, also where they let something else be for some days: once
// these are over, that is drift, and no change of the files.
func TestFirstBase(t *testing.T) {
	for _, test := range []struct {
		accept string
		sent   int
	}{
		{"extension/101.label", 1}, // the other field is written
		{"extension/101", 0},
	} {
		s := canned.NewServer()
		s.Keeps = true
		s.Change("PUT", "/client/12/extension/7", map[string]any{"label": "Theirs"})
		m := &memory{tell: func(string) {}}
		desired := canned.Parse(t, `version: 1
tenant: {name: acme, prefix: "12037"}
accept: [{at: `+test.accept+`, until: 2026-06-30, why: a trial}]
extensions: {"101": {label: Ours, status: blocked}}
`)
		e := &sync.Engine{Reader: s, Writer: s, Store: m}
		if _, err := e.Apply(t.Context(), desired, sync.Options{Today: "2026-06-01"}, sync.Approving{}); err != nil {
			t.Fatal(err)
		}
		o := m.known.Base.Objects[0]
		if len(s.Sent) != test.sent || o.Address != "extension/101" || o.Values["label"] != "Ours" || o.Values["status"] != "blocked" {
			t.Errorf("%s: %v, sent %v", test.accept, o, s.Sent)
		}
	}
}

// The base that a saved plan carries keeps of what was changed by hand, and is left alone, what
// the one before it held: it is still drift afterwards.
func TestAcceptedKeepsWhatIsLeftAlone(t *testing.T) {
	s := canned.NewServer()
	s.Keeps = true
	m := &memory{tell: func(string) {}}
	desired := func(label, status string) *schema.Tenant {
		return canned.Parse(t, `version: 1
tenant: {name: acme, prefix: "12037"}
extensions: {"101": {label: `+label+`, status: `+status+`}}
`)
	}
	e := &sync.Engine{Reader: s, Writer: s, Store: m}
	if _, err := e.Apply(t.Context(), desired("Ours", "blocked"), sync.Options{}, sync.Approving{}); err != nil {
		t.Fatal(err)
	}
	s.Change("PUT", "/client/12/extension/7", map[string]any{"label": "Theirs"})
	p, err := e.Plan(t.Context(), desired("Ours", "active"), sync.Options{}, sync.Approving{})
	if err != nil {
		t.Fatal(err)
	}
	p.Base.Taken = "2026-06-01T00:00:00Z"
	o := p.Accepted().Objects[0]
	if len(p.State.Left) != 1 || o.Values["label"] != "Ours" || o.Values["status"] != "active" || o.Since != p.Base.Taken {
		t.Errorf("%d left, %+v", len(p.State.Left), o)
	}
}

// The tenant that a caller gives stays as it is: what is accepted, or left alone, is found again by
// the next call.
func TestTheCallersTenantStaysAsItIs(t *testing.T) {
	s := canned.NewServer()
	s.Keeps = true
	m := &memory{tell: func(string) {}}
	desired := canned.Parse(t, `version: 1
tenant: {name: acme, prefix: "12037"}
accept: [{at: extension/101.label, until: 2026-06-30, why: a trial}]
extensions: {"101": {label: Ours, status: blocked}}
`)
	e := &sync.Engine{Reader: s, Writer: s, Store: m}
	o := sync.Options{Today: "2026-06-01"}
	if _, err := e.Apply(t.Context(), desired, o, sync.Approving{}); err != nil {
		t.Fatal(err)
	}
	s.Change("PUT", "/client/12/extension/7", map[string]any{"status": "active"})
	revert := o
	revert.RevertDrift = true
	for name, test := range map[string]struct {
		call         func() (*sync.Planned, error)
		left, waived int
	}{
		"plan":           {func() (*sync.Planned, error) { return e.Plan(t.Context(), desired, o, nil) }, 1, 1},
		"the files win":  {func() (*sync.Planned, error) { return e.Plan(t.Context(), desired, revert, nil) }, 0, 1},
		"drift":          {func() (*sync.Planned, error) { return e.Drift(t.Context(), desired, o, nil) }, 0, 1},
		"not any longer": {func() (*sync.Planned, error) { return e.Drift(t.Context(), desired, sync.Options{}, nil) }, 0, 0},
	} {
		for n := range 2 {
			p, err := test.call()
			if err != nil {
				t.Fatal(name, err)
			}
			if len(p.State.Left) != test.left || len(p.State.Waived) != test.waived {
				t.Errorf("%s, %d: %d left, %d waived", name, n, len(p.State.Left), len(p.State.Waived))
			}
		}
		if v := desired.Object("extension/101").Values; v["label"] != "Ours" || v["status"] != "blocked" {
			t.Errorf("%s: %v", name, v)
		}
	}
}

// By which rules a tenant was reviewed last is known where nothing differs, too, unless the records
// tell of another tenant or cannot be read.
func TestReviewedLast(t *testing.T) {
	s := canned.NewServer()
	m := &memory{tell: func(string) {}}
	rules := &review.Rules{}
	e := &sync.Engine{Reader: s, Store: m}
	files := canned.Parse(t, `version: 1
tenant: {name: acme, prefix: "12037"}
extension_groups: {a: {}, b: {}}
`)
	for _, test := range []struct {
		name  string
		base  *record.Base
		fails string
		want  bool
	}{
		{"nothing is known", nil, "", false},
		{"it is", &record.Base{Client: 12, Name: "acme", Prefix: "12037", Rules: rules}, "", true},
		{"it has another prefix", &record.Base{Client: 12, Name: "acme", Prefix: "12038", Rules: rules}, "", false},
		{"it is another one", &record.Base{Client: 13, Name: "acme", Prefix: "12037", Rules: rules}, "", false},
		{"it cannot be read", &record.Base{Client: 12, Name: "acme", Prefix: "12037", Rules: rules}, "known", false},
	} {
		m.known.Base, m.fails = test.base, test.fails
		p, err := e.Plan(t.Context(), files, sync.Options{Rules: rules}, nil)
		if err != nil {
			t.Fatal(test.name, err)
		}
		if p.Base != nil || (p.Reviewed != nil) != test.want || test.want && p.Reviewed.Rules != rules {
			t.Errorf("%s: %+v", test.name, p.Reviewed)
		}
	}
}

// A base of another tenant that somebody gives is refused. One on record is none: a plan does not go
// on without it, and who only looks is told.
func TestBaseOfAnotherTenant(t *testing.T) {
	s := canned.NewServer()
	files := canned.Parse(t, "version: 1\ntenant: {name: acme, prefix: \"12037\"}\nextension_groups: {a: {}, c: {}}\n")
	other := record.Base{Client: 12, Name: "acme", Prefix: "12038"}
	given := sync.Options{Base: &sync.Base{Base: diff.Base{Tenant: &schema.Tenant{Prefix: "12038"}}, Where: "the folder"}}
	const why = "it has prefix 12038, and this tenant 12037"
	for _, test := range []struct {
		name       string
		o          sync.Options
		drift      bool
		says, none string
	}{
		{"given", given, false, "the folder is no base here: " + why + "; nothing was written", ""},
		{"given, and only looked", given, true, "the folder is no base here: " + why + "; nothing was written", ""},
		{"on record", sync.Options{}, false, " is of another tenant (" + why + "); restore the file", ""},
		{"on record, and only looked", sync.Options{}, true, "<nil>", " is of another tenant (" + why + ")"},
		{"on record, and the files win", sync.Options{RevertDrift: true}, false, "<nil>", " is of another tenant (" + why + ")"},
	} {
		e := &sync.Engine{Reader: s, Store: &memory{tell: func(string) {}, known: record.Records{Base: &other}}}
		look := e.Plan
		if test.drift {
			look = e.Drift
		}
		p, err := look(t.Context(), files, test.o, nil)
		var f *sync.Failure
		if refused := errors.As(err, &f) && f.End == sync.Refused; !strings.Contains(fmt.Sprint(err), test.says) || refused != (test.o.Base != nil) {
			t.Errorf("%s: %v", test.name, err)
		}
		if err == nil && (p.Base != nil || p.NoBase != test.none) {
			t.Errorf("%s: %q", test.name, p.NoBase)
		}
	}
}
