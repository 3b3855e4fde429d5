package diff

import (
	"fmt"
	"maps"
	"strings"

	"pbxsync/schema"
)

// This file reads who acts as one: the behaviour Bundled, as answers show it.

// unresolved stands before the id of a member until its key is known. No key has a space.
const unresolved = "id "

// takeBundle reads the bundle of which an object is the main one, nil for any other. What is
// no bundle is not known, and not null. It reports false for another field.
func takeBundle(o *schema.Object, f *schema.Field, v any) bool {
	b := o.Kind.Bundle
	if b == nil || b.Field != f {
		return false
	}
	name := f.Name
	m, is := v.(map[string]any)
	list, listed := m[b.List.Answer].(map[string]any)
	main, known := WholeID(m[b.Main.Answer])
	switch {
	case v == nil, is && m[b.List.Answer] == nil:
		o.Values[name] = nil
	case !listed, !isOwner(m[b.Main.Answer]):
		o.Odd = map[string]string{name: "the server shows " + plainly(v) + ", which is no bundle"}
	case o.Parent != nil && known && main != o.Parent.ID && len(list) > 0:
		o.Values[name], o.Within = nil, main
	default:
		o.Values[name] = liveBundle(b, list, o.Parent)
	}
	return true
}

// liveBundle reads who else is in the bundle of an object.
func liveBundle(b *schema.Bundle, list map[string]any, parent *schema.Object) any {
	if parent == nil {
		return nil
	}
	out := map[string]any{}
	for id, member := range list {
		if id != fmt.Sprint(parent.ID) {
			out[unresolved+id] = b.List.Live(member, "")
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// nameMembers puts keys for the ids of a live bundle.
func (l *Live) nameMembers(o *schema.Object) {
	if o.Kind.Bundle == nil {
		return
	}
	f := o.Kind.Bundle.Field
	list, _ := o.Values[f.Name].(map[string]any)
	out := map[string]any{}
	for key, member := range list {
		var id int64
		if rest, ok := strings.CutPrefix(key, unresolved); ok {
			_, _ = fmt.Sscan(rest, &id)
		}
		if target := l.target(f.Members.Ref, id); target != nil {
			key = target.Key
		}
		out[key] = member
	}
	if len(out) > 0 {
		o.Values[f.Name] = out
	}
}

// takeShared lets the main object of a bundle decide for a new one what they share.
func takeShared(o *schema.Object, f *schema.Field) {
	if _, stated := o.Values[f.Name]; stated || !f.Decide || !f.Shared || o.Main == nil {
		return
	}
	if v := o.Main.Values[f.Name]; v != nil {
		o.Values[f.Name] = v
		o.Places = maps.Clone(o.Places)
		o.Places[f.Name] = o.Main.PlaceOf(f.Name)
	}
}

// Bundles reports whether the change says who belongs to a bundle.
func (c *Change) Bundles() bool {
	for _, f := range c.Object().Kind.Fields {
		if f.Members != nil && (c.Makes() || c.Sets(f)) {
			return true
		}
	}
	return false
}
