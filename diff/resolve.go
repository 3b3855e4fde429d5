package diff

import (
	"cmp"
	"fmt"

	"pbxsync/schema"
)

// Resolve turns the ids in the live objects' references into keys, and resolves
// the files' references to what they do not declare.
func (l *Live) Resolve(desired *schema.Tenant) schema.Problems {
	for _, o := range l.Objects {
		l.ResolveObject(o)
	}
	var problems schema.Problems
	for _, o := range desired.Objects {
		for _, f := range o.Kind.Fields {
			if !f.Refers || o.Values[f.Name] == nil {
				continue
			}
			o.Values[f.Name] = f.MapRefs(o.Values[f.Name], func(sub *schema.Field, was any) any {
				if schema.RefOf(was).ID != 0 {
					l.pinned = append(l.pinned, pin{from: o, field: sub, value: was, at: o.PlaceOf(f.Name)})
				}
				v, p := l.resolveStated(o, sub, was, desired)
				if p != nil {
					p.Place, p.Address, p.Asked = o.PlaceOf(f.Name), o.Address(), true
					problems = append(problems, *p)
				} else if v != nil {
					return v
				}
				return was
			})
		}
	}
	return problems
}

// ResolveObject turns the ids in an object's references into keys.
func (l *Live) ResolveObject(o *schema.Object) {
	for _, f := range o.Kind.Fields {
		if f.Refers && o.Values[f.Name] != nil {
			o.Values[f.Name] = f.MapRefs(o.Values[f.Name], func(f *schema.Field, v any) any { return l.Reference(o, f, v) })
		}
	}
	l.nameMembers(o)
}

// Reference returns the normal form of a live reference: its key where the key
// tells it from others, {dealer: KEY}, or {id: N}.
func (l *Live) Reference(from *schema.Object, f *schema.Field, v any) any {
	if f.RefBy != "" {
		return l.named(from, f, v)
	}
	id, ok := v.(int64)
	if !ok {
		if id = schema.RefOf(v).ID; id == 0 { // with an id: not known when it was looked at first
			return v
		}
	}
	target := l.byID[idKey{l.scope(from, f), id}]
	switch {
	case target == nil:
		return schema.Ref{ID: id}.Value()
	case target.Shared:
		return schema.Ref{Dealer: target.Key}.Value()
	case target.GoesByID():
		return schema.Ref{ID: id}.Value()
	}
	return target.ReferredTo()
}

// scope is the list in which a field of an object finds what it refers to.
func (l *Live) scope(from *schema.Object, f *schema.Field) collection {
	if f.In == nil {
		return collection{f.Ref, nil}
	}
	above := from.Under(f.In)
	if live := l.Object(above.Address()); live != nil {
		above = live
	}
	return collection{f.Ref, above}
}

// named returns the normal form of a live value that names an object.
func (l *Live) named(from *schema.Object, f *schema.Field, v any) any {
	key, ok := v.(string)
	if found := l.byKey[schema.AddressOf(l.scope(from, f).parent, f.Ref, key)]; ok && len(found) == 1 {
		return found[0].ReferredTo()
	}
	return v
}

// resolveStated finds the object of a reference of the files that may stand outside the files.
func (l *Live) resolveStated(o *schema.Object, f *schema.Field, v any, desired *schema.Tenant) (any, *schema.Problem) {
	if !l.Lists[f.Ref] && !f.OrText || f.In != nil { // what stands below a parent is declared
		return nil, nil
	}
	if f.OrText {
		return f.Short(v, l.Prefix), nil
	}
	r := schema.RefOf(v)
	if r.ID != 0 {
		if l.target(f.Ref, r.ID) == nil {
			return nil, &schema.Problem{Message: fmt.Sprintf("%s: no %s with id %d in this tenant", f.Name, f.Ref.Word, r.ID), Hint: "{id:} holds only in the tenant that it came from; " + "write its key, or " + schema.OutsideHint(f.Ref, "NAME")}
		}
		if f.RefBy != "" {
			return l.target(f.Ref, r.ID).Key, nil
		}
		return l.Reference(o, f, r.ID), nil
	}
	if r.Dealer != "" {
		return nil, l.one(f, dealt, r.Dealer, fmt.Sprintf("the dealer shares no %s %q", f.Ref.Word, r.Dealer))
	}
	if _, ok := v.(string); !ok || desired.Find(f.Ref, r.Key) != nil {
		return nil, nil
	}
	return nil, l.one(f, own, r.Key, fmt.Sprintf("no %s %q in this tenant", f.Ref.Word, r.Key))
}

// one makes sure that a key names exactly one of the tenant's own objects, or of the dealer's.
func (l *Live) one(f *schema.Field, w whom, key, none string) *schema.Problem {
	index := l.byKey
	if w == dealt {
		index = l.dealt
	}
	found := index[schema.AddressOf(nil, f.Ref, key)]
	switch len(found) {
	case 0:
		if l.New {
			return &schema.Problem{Message: f.Name + ": " + none, Hint: "what a tenant may refer to is known once it is there; leave the line out until then"}
		}
		return &schema.Problem{Message: f.Name + ": " + none, Hint: cmp.Or(l.near.called(l, f.Ref, w).DidYouMean(key), "look at its name in the tenant; names are compared letter by letter")}
	case 1:
		return nil
	}
	return &schema.Problem{Message: fmt.Sprintf("%s: %d objects are called %q (ids %s)", f.Name, len(found), key, ids(found)), Hint: "say which with {id: N}"}
}

// Target returns the live object behind a reference in normal form, or nil.
func (l *Live) Target(f *schema.Field, v any) *schema.Object {
	if key, ok := v.(string); ok {
		return l.Find(f.Ref, key)
	}
	if id := l.IDOf(f, v); id != 0 {
		return l.target(f.Ref, id)
	}
	return nil
}

// IDOf returns the id behind a reference in normal form, or 0.
func (l *Live) IDOf(f *schema.Field, v any) int64 {
	r := schema.RefOf(v)
	var found []*schema.Object
	switch {
	case r.ID != 0:
		return r.ID
	case r.Dealer != "":
		found = l.dealt[schema.AddressOf(nil, f.Ref, r.Dealer)]
	case r.Key != "":
		if o := l.Find(f.Ref, r.Key); o != nil {
			return o.ID
		}
		found = l.byKey[f.AddressOfRef(r.Key)]
	}
	if len(found) == 1 {
		return found[0].ID
	}
	return 0
}

// nameless gives an object that has no name a handle of its id, and reports whether its
// kind may have such. Anywhere else a row without a name is nonsense.
func nameless(o *schema.Object) bool {
	if o.ID == 0 || !o.Kind.Nameless {
		return false
	}
	o.Unnamed, o.Key = true, fmt.Sprintf("unnamed %d", o.ID)
	return true
}

// nameInTenant is the address of an object under the name that the tenant gives it.
func nameInTenant(o *schema.Object) string {
	if o.Name == "" {
		return o.Address()
	}
	return schema.AddressOf(o.Parent, o.Kind, o.Name)
}
