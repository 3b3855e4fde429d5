package undo

import (
	"maps"
	"slices"

	"pbxsync/schema"
)

// members returns who else is in a bundle, none for another value.
func (u *undoing) members(f *schema.Field, v any) []*schema.Object {
	members, _ := v.(map[string]any)
	if f.Members == nil {
		return nil
	}
	var out []*schema.Object
	for _, key := range slices.Sorted(maps.Keys(members)) {
		o := &schema.Object{Kind: f.Members.Ref, Key: key, Bare: true, Values: map[string]any{}}
		if known := u.object(o.Address()); known != nil {
			o = known
		}
		out = append(out, o)
	}
	return out
}
