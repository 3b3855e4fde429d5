package undo_test

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/undo"
)

// Turn a run around that has changed a label: what comes out is a tenant that has the old
// one, and is planned like any other.
func ExampleUndo() {
	was := record.Object{Address: "extension/101", Kind: "extension", Key: "101", ID: 7}
	past := &undo.Past{Run: "20261129-0930", Begun: map[int]bool{1: true}, Before: []record.Object{was},
		Plan: &plan.Value{Tenant: plan.TenantID{ID: 12, Name: "acme", Prefix: "12037"},
			Wanted:  []plan.Wanted{{Object: was}},
			Changes: []plan.Change{{Action: "update", Address: "extension/101", Fields: []plan.FieldChange{{Name: "label", Old: "Alice", New: "Front desk"}}}},
			Steps:   []plan.Step{{Number: 1, Method: "PUT", Changes: []string{"extension/101"}}}}}
	u, err := undo.Undo(schema.Builtin(), past)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range u.Tenant.Objects {
		fmt.Println(o.Address(), o.ID, o.Values)
	}
	// Output:
	// extension/101 7 map[label:Alice]
}
