package diff

import (
	"fmt"
	"strings"

	"pbxsync/schema"
)

// This file reads who acts as one: the behaviour Bundled, as answers show it.

// unresolved stands before the id of a member until its key is known. No key has a space.
const unresolved = "id "

// takeBundle reads the bundle of which an object is the main one, nil for any other. What is
// no bundle is not known, and not null.
func takeBundle(b *schema.Bundle, o *schema.Object, v any) {
	name := b.Field.Name
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
func (l *Live) nameMembers(f *schema.Field, o *schema.Object) {
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
