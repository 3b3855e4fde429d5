package sync_test

import (
	"testing"

	"pbxsync/internal/canned"
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
