package amend

import "pbxsync/schema"

// This file knows who acts as one: in a bundle the members have the keys of objects.

// member is the field of a member of an object by its name, or of the members of a bundle.
func member(f *schema.Field, k *schema.Kind, name string) *schema.Field {
	if f.Members != nil {
		return k.Bundle.List
	}
	if sub := f.Sub(name); sub != nil {
		return sub
	}
	return &schema.Field{Name: name}
}
