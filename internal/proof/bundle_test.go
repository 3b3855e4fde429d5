package proof

import (
	"fmt"

	"pbxsync/schema"
)

// bundles reports whether an answer has the wanted members and no others, and says
// that the object is the main one.
func (all snapshot) bundles(desired *schema.Tenant, f *schema.Field, want, got any) bool {
	m, _ := got.(map[string]any)
	list, _ := m["bundle_list"].(map[string]any)
	wanted := want.(map[string]any)
	if len(list) != len(wanted) {
		return false
	}
	for key, member := range wanted {
		it := all.find(&schema.Object{Kind: f.Members.Ref, Key: desired.Find(f.Members.Ref, key).NaturalKey()}, desired.Prefix)
		if it == nil {
			return false
		}
		live, _ := list[fmt.Sprint(it.id)].(map[string]any)
		if live == nil || live["active"] != member.(map[string]any)["active"] {
			return false
		}
	}
	return true
}

// links tells whether there are bundles at all.
type links struct{ any bool }

// linked looks for bundles before and after a plan.
func linked(states ...snapshot) links {
	for _, all := range states {
		for _, it := range all {
			if k := it.kind.Bundle; k != nil {
				if m, _ := it.row[k.Field.Answer].(map[string]any); m[k.Main.Answer] != nil {
					return links{true}
				}
			}
		}
	}
	return links{}
}

// shares reports a field that a bundle may change at an object that no step names.
func (l links) shares(it *item, answer string) bool {
	if !l.any {
		return false
	}
	for _, f := range it.kind.Fields {
		if f.Answer == answer {
			return f.Shared || f.Members != nil
		}
	}
	return false
}
