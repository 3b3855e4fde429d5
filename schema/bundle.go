package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
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

// bundle reads the other objects of a bundle by key.
func (d *decoder) bundle(o *Object, f *Field, v *yaml.Node) (any, bool) {
	if v.Kind != yaml.MappingNode {
		d.fail(v, fmt.Sprintf("write {KEY: %s}, or null for none", o.Kind.Bundle.example()), "%s is %s where keys and values are due", f.Name, sourceText(v))
		return nil, false
	}
	out := map[string]any{}
	d.entries(v, "others by their "+f.Members.Ref.Key[0].Field.Name, "write "+o.Kind.Bundle.example(), func(k, v *yaml.Node) {
		key, ok := d.key(f.Members.Ref, k)
		if !ok {
			return
		}
		d.refs = append(d.refs, reference{o, f.Members, key, d.place(k)})
		if member, ok := d.mapping(o, o.Kind.Bundle.List, v); ok {
			out[key] = member
		}
	})
	return out, true
}

// example shows what is said of a member.
func (b *Bundle) example() string {
	var parts []string
	for _, f := range b.List.Fields {
		parts = append(parts, f.Name+": true")
	}
	return "{" + strings.Join(parts, ", ") + "}"
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

// checkBundles makes sure that what acts as one is of the right type, in one bundle
// only, and does not want two values of what it shares.
func (d *decoder) checkBundles() {
	in := map[*Object]*Object{} // parent -> the main object of its bundle
	for _, main := range d.tenant.Objects {
		if main.Kind.Bundle == nil || main.Absent || main.Values[main.Kind.Bundle.Field.Name] == nil {
			continue
		}
		members := d.tenant.Targets(main.Kind.Bundle.Field, main.Values[main.Kind.Bundle.Field.Name])
		if d.checkMembers(main, members, in) {
			d.checkShared(main, members)
		}
	}
}

// checkMembers checks who is in a bundle.
func (d *decoder) checkMembers(main *Object, members []*Object, in map[*Object]*Object) bool {
	f, before := main.Kind.Bundle.Field, len(d.problems)
	at := main.PlaceOf(f.Name)
	for _, o := range append([]*Object{main.Parent}, members...) {
		switch other := in[o]; {
		case other == main:
			d.failAt(at, "name the others only", "%s is in its own bundle", o.Address())
		case o == main.Parent && other != nil:
			d.failAt(at, "an object is in one bundle", "%s has a bundle and is in that of %s (%s)", o.Address(), other.Parent.Address(), other.PlaceOf(f.Name))
		case other != nil && other.Parent == o:
			d.failAt(at, "an object is in one bundle", "%s has a bundle of its own (%s) and is in that of %s", o.Address(), other.PlaceOf(f.Name), main.Parent.Address())
		case other != nil:
			d.failAt(at, "an object is in one bundle", "%s is in the bundle of %s and in that of %s (%s)", o.Address(), main.Parent.Address(), other.Parent.Address(), other.PlaceOf(f.Name))
		case o.Misfit(main.Kind) != "":
			name := o.Misfit(main.Kind)
			d.failAt(at, "", "%s has %s %v, and only %s can be in a bundle", o.Address(), name, o.Values[name], main.Kind.When[name])
		}
		if in[o] == nil {
			in[o] = main
		}
	}
	return len(d.problems) == before
}

// checkShared finds two values of what a bundle shares. What a member wants and the
// main object leaves open is wanted of the main one, from which the members take it.
func (d *decoder) checkShared(main *Object, members []*Object) {
	d.sharedBy(main.Parent, members)
	var kids []*Object
	for _, m := range members {
		if kid := d.tenant.Object(address(m, main.Kind, "")); kid != nil {
			kids = append(kids, kid)
		}
	}
	d.sharedBy(main, kids)
}

func (d *decoder) sharedBy(main *Object, others []*Object) {
	for _, o := range others {
		o.Main = main
	}
	for _, f := range main.Kind.Fields {
		for _, o := range others {
			v, stated := o.Values[f.Name]
			if !f.Shared || !stated || o.Absent {
				continue
			}
			want, given := main.Values[f.Name]
			switch {
			case !given:
				main.Values[f.Name] = v
				main.Places = maps.Clone(main.Places)
				main.Places[f.Name] = o.PlaceOf(f.Name)
			case !sameValue(v, want):
				d.failAt(o.PlaceOf(f.Name), "a bundle has one value; state the same at both, or at one of them",
					"%s: %s is %s, and %s in the same bundle wants %s (%s)", o.Address(), f.Name, shown(v), main.Address(), shown(want), main.PlaceOf(f.Name))
			}
		}
	}
}

func sameValue(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// shown writes a value as a file would have it.
func shown(v any) string {
	m, ok := v.(map[string]any)
	if v == nil {
		return "null"
	}
	if !ok {
		return fmt.Sprint(v)
	}
	parts := make([]string, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s: %v", key, m[key]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
