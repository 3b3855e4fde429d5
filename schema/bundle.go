package schema

import (
	"fmt"
	"strings"
)

// This file is the one place of the behaviour Bundled in this package: which objects
// act as one, and what they may not want differently.

// Targets returns the declared objects to which a value refers by key, in the order of
// their keys.
func (t *Tenant) Targets(f *Field, v any) []*Object {
	var keys []string
	switch v := v.(type) {
	case string:
		keys = []string{v}
	case map[string]any:
		if f.Members != nil {
			f, keys = f.Members, sortedKeys(v)
		}
	}
	var out []*Object
	for _, key := range keys {
		if f.Ref == nil {
			break
		}
		if o := t.Find(f.Ref, key); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// membersSchema is the published schema of a bundle.
func (f *Field) membersSchema() map[string]any {
	member := map[string]any{"type": "object"}
	for _, sub := range f.Fields {
		if len(sub.Fields) > 0 {
			sub.nestedSchema(member)
		}
	}
	return map[string]any{"type": []string{f.Type, "null"}, "description": f.Description, "additionalProperties": member}
}

// unnamed stands before the id of a member until its key is known. No key has a space.
const unnamed = "id "

// take reads the bundle of which an object is the main one, nil for any other. What is
// no bundle is not known, and not null.
func (b *Bundle) take(o *Object, v any) {
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
		o.Values[name] = b.live(list, o.Parent)
	}
}

// live reads who else is in the bundle of an object.
func (b *Bundle) live(list map[string]any, parent *Object) any {
	if parent == nil {
		return nil
	}
	out := map[string]any{}
	for id, member := range list {
		if id != fmt.Sprint(parent.ID) {
			out[unnamed+id] = b.List.Live(member, "")
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// known keeps of an answer what the catalogue describes: of each member, by its id.
func (b *Bundle) known(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := map[string]any{b.List.Answer: m[b.List.Answer], b.Main.Answer: m[b.Main.Answer]}
	if list, ok := m[b.List.Answer].(map[string]any); ok {
		members := make(map[string]any, len(list))
		for id, member := range list {
			members[id] = b.List.known(member)
		}
		out[b.List.Answer] = members
	}
	return out
}

// nameMembers puts keys for the ids of a live bundle.
func (l *Live) nameMembers(f *Field, o *Object) {
	list, _ := o.Values[f.Name].(map[string]any)
	out := map[string]any{}
	for key, member := range list {
		var id int64
		if rest, ok := strings.CutPrefix(key, unnamed); ok {
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
