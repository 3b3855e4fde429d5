package simulator

import (
	"maps"
	"strconv"

	"pbxsync/schema"
)

// This file is what the server does with kinds whose objects act as one. The main one
// holds the list of the others, by the id of what owns them. Linking makes the others
// like the main one in what is shared; an update of any changes it at all.

// members checks a value that is an object: fields, or who else is in a bundle.
func (c checker) members(path string, f *schema.Field, in map[string]any) (any, error) {
	switch {
	case f.Members != nil:
		return c.bundle(path, f, in)
	case len(f.Fields) > 0:
		return c.object(path, f, in)
	}
	return in, nil
}

// bundle checks a bundle and returns it as it is stored: id -> what is said of it.
func (c checker) bundle(path string, f *schema.Field, in map[string]any) (any, error) {
	out := map[string]any{}
	for _, key := range sortedKeys(in) {
		sub := fieldNamed(f.Parts(), key)
		switch list, isMap := in[key].(map[string]any); {
		case sub == nil:
			return nil, bad(path+"."+key, "unknown field")
		case in[key] == nil:
		case len(sub.Fields) == 0:
			if _, err := c.value(path+"."+key, sub, in[key]); err != nil {
				return nil, err
			}
		case !isMap:
			return nil, bad(path+"."+key, "has to be an object")
		default:
			for _, id := range sortedKeys(list) {
				member, ok := list[id].(map[string]any)
				if number(id) == 0 || !ok {
					return nil, bad(path+"."+key+"."+id, "has to be an id and an object")
				}
				v, err := c.object(path+"."+key+"."+id, sub, member)
				if err != nil {
					return nil, err
				}
				out[id] = v
			}
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// others returns who is in the bundle of which r is the main object.
func (r *row) others() map[string]any {
	if r.shape.Bundle == nil {
		return nil
	}
	list, _ := r.values[r.shape.Bundle.Field.API].(map[string]any)
	return list
}

// indexBundle notes, or forgets, who is in the bundle of r.
func (t *tenant) indexBundle(r *row, by int) {
	list := r.others()
	if len(list) == 0 {
		return
	}
	ids := []int64{r.owner.id}
	for id := range list {
		ids = append(ids, number(id))
	}
	for _, id := range ids {
		if by > 0 {
			t.mains[id] = r
		} else {
			delete(t.mains, id)
		}
	}
}

// bundle gives the answer's form, which is the same at each object of a bundle. It reports false
// for another field.
func (t *tenant) bundle(r *row, f *schema.Field) (any, bool) {
	rule := r.shape.Bundle
	if rule == nil || rule.Field != f {
		return nil, false
	}
	out := map[string]any{rule.List.Answer: nil, rule.Main.Answer: nil}
	if main := t.mains[r.owner.id]; main != nil {
		out[rule.List.Answer], out[rule.Main.Answer] = main.others(), main.owner.id
	}
	return out, true
}

// linkable refuses a bundle of what is no such object, or is in another one.
func (t *tenant) linkable(r *row, sent, values map[string]any) error {
	rule := r.shape.Bundle
	if rule == nil {
		return nil
	}
	name := rule.Field.API
	if in, ok := sent[name].(map[string]any); ok {
		if id, ok := in[rule.Main.API].(int64); ok && id != r.owner.id {
			return bad(name+"."+rule.Main.API, "has to be %d, the id of the main one", r.owner.id)
		}
	}
	list, _ := values[name].(map[string]any)
	if main := t.mains[r.owner.id]; len(list) > 0 && main != nil && main != r {
		return bad(name, "%s is in another bundle", titleOf(t, r.owner))
	}
	for _, id := range sortedKeys(list) {
		owner := t.tables[r.owner.shape.Kind].byID[number(id)]
		switch {
		case owner == nil || t.tables[r.shape.Kind].single(owner) == nil:
			return bad(name, "%s has no %s", id, r.shape.Word)
		case owner == r.owner:
			return bad(name, "%s cannot be in its own bundle", id)
		case t.mains[owner.id] != nil && t.mains[owner.id] != r:
			return bad(name, "%s is in another bundle", titleOf(t, owner))
		}
	}
	return nil
}

// link makes the others like the main object in what is shared, where an update said who they are.
func (t *tenant) link(r *row, values map[string]any) {
	if rule := r.shape.Bundle; rule == nil || values[rule.Field.API] == nil {
		return
	}
	t.spread(r, r.values)
	t.spread(r.owner, r.owner.values)
}

// spread gives shared values of an object to the others in its bundle.
func (t *tenant) spread(r *row, values map[string]any) {
	owner := r
	if r.shape.Bundle != nil {
		owner = r.owner
	}
	main := t.mains[owner.id]
	if main == nil || owner.shape.Kind != main.owner.shape.Kind {
		return
	}
	shared := map[string]any{}
	for _, f := range r.shape.Fields {
		if v, ok := values[f.API]; ok && f.Shared {
			shared[f.API] = v
		}
	}
	ids := maps.Clone(main.others())
	ids[strconv.FormatInt(main.owner.id, 10)] = nil
	for _, id := range sortedKeys(ids) {
		other := t.tables[owner.shape.Kind].byID[number(id)]
		if other != nil && r.shape.Bundle != nil {
			other = t.tables[r.shape.Kind].single(other)
		}
		if other != nil && other != r {
			t.set(other, shared)
		}
	}
}

// unbundle takes what is deleted out of the bundle of another one.
func (t *tenant) unbundle(r *row) {
	if r.shape.Bundle == nil {
		return
	}
	main := t.mains[r.owner.id]
	if main == nil || main == r {
		return
	}
	left := maps.Clone(main.others())
	delete(left, strconv.FormatInt(r.owner.id, 10))
	var v any = left
	if len(left) == 0 {
		v = nil
	}
	t.set(main, map[string]any{r.shape.Bundle.Field.API: v})
}
