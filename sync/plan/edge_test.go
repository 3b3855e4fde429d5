package plan

import (
	"testing"

	"pbxsync/schema"
)

// Of several reasons to wait for one step the one that no call can take away decides; those
// that can be add up.
func TestWait(t *testing.T) {
	one, two := edge{soft: []*schema.Field{{Name: "one"}}}, edge{letGo: []*schema.Field{{Name: "two"}}}
	for _, test := range []struct {
		what        string
		edges       []edge
		hard        bool
		soft, letGo int
		preferred   bool
	}{
		{"one that can be put off", []edge{one}, false, 1, 0, false},
		{"one that can be cleared", []edge{two}, false, 0, 1, false},
		{"both", []edge{one, two}, false, 1, 1, false},
		{"one that is better so", []edge{{preferred: true}, one}, false, 1, 0, true},
		{"one that stays", []edge{{}}, true, 0, 0, false},
		{"one that can be put off, and one that stays", []edge{one, {}}, true, 0, 0, false},
		{"one that stays, and one that is better so", []edge{{}, {preferred: true}}, true, 0, 0, false},
	} {
		n, other := &node{before: map[*node]edge{}}, &node{}
		for _, e := range test.edges {
			n.wait(other, e)
		}
		got := n.before[other]
		if got.hard() != test.hard || len(got.soft) != test.soft || len(got.letGo) != test.letGo || got.preferred != test.preferred {
			t.Errorf("%s: %+v", test.what, got)
		}
		n.wait(n, edge{})
		n.wait(nil, edge{})
		if len(n.before) != 1 {
			t.Errorf("%s: it waits for %d", test.what, len(n.before))
		}
	}
}
