package schema

import "testing"

// What is replaced under its own name is protected under every address by which people
// may know it: by its key, its name in the tenant, and the key of what takes its place.
// So is what lies under it.
func TestProtectedUnderEveryName(t *testing.T) {
	k := Builtin().Kind("extension")
	heir := &Object{Kind: k, Key: "front", Name: "101"}
	live := &Object{Kind: k, ID: 5, Key: "front (id 5)", Name: "101", ReplacedBy: heir}
	below := &Object{Kind: Builtin().Kind("phone"), Parent: live}
	other := &Object{Kind: k, ID: 6, Key: "desk", Name: "102", ReplacedBy: &Object{Kind: k, Key: "hall", Name: "103"}}
	for _, test := range []struct {
		pattern string
		o       *Object
		want    bool
	}{
		{"extension/front", live, true},
		{"extension/101", live, true},
		{"extension/front (id 5)", live, true},
		{"extension/fro*", live, true},
		{"extension/fr", live, false},
		{"extension/102", live, false},
		{"interval/front", live, false},
		{"extension/front", below, true},
		{"extension/front/phone", below, true},
		{"extension/101/phone", below, true},
		{"extension/101/phone", live, false},
		{"extension/desk", other, true},
		{"extension/102", other, true},
		{"extension/hall", other, false}, // another name: what takes its place is another object
		{"extension/103", other, false},
	} {
		tenant := &Tenant{Protected: []Protection{{Pattern: "did/1"}, {Pattern: test.pattern}}}
		p := tenant.ProtectionOf(test.o)
		if (p != nil) != test.want || p != nil && p.Pattern != test.pattern {
			t.Errorf("%s and %s: %v", test.pattern, test.o.Address(), p)
		}
	}
}
