package schema

import "fmt"

// This file is the one place of the behaviour Bundled in this package: which objects
// act as one, and what they may not want differently.

// Bundle is what Bundled has to know. In tenant files the field of the main object maps
// the keys of the other objects' parents to what is said of each. Requests and answers
// hold that under List, by id, and the main parent's id under Main.
type Bundle struct {
	Field      *Field
	List, Main *Field
}

// Targets returns the declared objects to which a value refers by key: of a bundle in the
// order of their keys.
func (t *Tenant) Targets(f *Field, v any) []*Object {
	var out []*Object
	visit := func(f *Field, v any) {
		if key, ok := v.(string); ok {
			if o := t.Find(f.Ref, key); o != nil {
				out = append(out, o)
			}
		}
	}
	if f.Members == nil {
		f.EachRef(v, visit)
		return out
	}
	members, _ := v.(map[string]any)
	for _, key := range sortedKeys(members) {
		visit(f.Members, key)
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
			members[id] = knownOf(b.List, member)
		}
		out[b.List.Answer] = members
	}
	return out
}

// fillBundle finds the field that says what belongs together.
func fillBundle(k *Kind, r *rawKind) error {
	f := fieldByAPI(k, r.Behaviour.Body)
	if f == nil || f.Sub(r.Behaviour.List) == nil || f.Sub(r.Behaviour.Main) == nil || len(k.Parents) != 1 {
		return fmt.Errorf("x-behaviour: %q needs a parent, and the properties %q and %q", r.Behaviour.Body, r.Behaviour.List, r.Behaviour.Main)
	}
	k.Bundle = &Bundle{Field: f, List: f.Sub(r.Behaviour.List), Main: f.Sub(r.Behaviour.Main)}
	f.Members = &Field{Name: f.Name, API: f.API, Type: "integer", Ref: k.Parents[0], Nullable: true, Fields: f.Fields}
	f.Fields, f.byName = nil, nil
	f.keep = k.Bundle.known
	f.normal = func(v any) any {
		if m, ok := v.(map[string]any); ok && len(m) == 0 {
			return nil // a bundle of one is none
		}
		return v
	}
	return nil
}

// Parts returns the fields of an object as requests and answers have it.
func (f *Field) Parts() []*Field {
	if f.Members != nil {
		return f.Members.Fields
	}
	return f.Fields
}

// main has a copied object follow the copy of its main object.
func (o *Object) main(own map[*Object]*Object) {
	if m := own[o.Main]; m != nil {
		o.Main = m
	}
}
