package amend

import (
	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/edit"
)

// This file knows items that are sent whole, so that what one does not state is what the server
// fills in.

// silent reports whether an entry says no more than that it is not there would.
func (a *Files) silent(k *schema.Kind, f *schema.Field, e *edit.Part) bool {
	if e.Value.Kind == yaml.ScalarNode && e.Value.Value == "null" {
		return true
	}
	sub := f.Sub(e.Key.Value)
	return sub != nil && f.Whole && sub.Unstated(file.Value(a.c, k, sub, e.Value.Node))
}
