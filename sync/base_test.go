package sync_test

import (
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync"
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
