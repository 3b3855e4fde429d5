package proof

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync"
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

// links are the extensions whose bundle a plan changes, or has.
type links struct{ any bool }

// linked tells whether bundles are part of what a plan looks at.
func (b *box) linked(s *sync.State) links {
	for _, o := range s.Live.Objects {
		if k := o.Kind.Bundle; k != nil && o.Values[k.Field.Name] != nil {
			return links{true}
		}
	}
	for _, ch := range s.Diff.Changes {
		for _, f := range ch.Fields {
			if ch.Object().Kind.Field(f.Name).Members != nil {
				return links{true}
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
