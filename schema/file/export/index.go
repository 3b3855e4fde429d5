package export

import "pbxsync/schema"

// index finds the objects of a live tenant by id, and tells which share their name.
type index struct {
	byID  map[topID]*schema.Object
	own   map[string][]*schema.Object // the tenant's own objects by the name that they have in it
	dealt map[string][]*schema.Object // its dealer's, likewise
}

// topID is an id of an object at the top.
type topID struct {
	kind *schema.Kind
	id   int64
}

func indexOf(t *schema.Tenant) *index {
	x := &index{byID: map[topID]*schema.Object{}, own: map[string][]*schema.Object{}, dealt: map[string][]*schema.Object{}}
	for _, o := range t.Objects {
		if o.Parent == nil && o.ID != 0 {
			x.byID[topID{o.Kind, o.ID}] = o
		}
		all, name := x.named(o), nameOf(o)
		all[name] = append(all[name], o)
	}
	return x
}

// named returns the objects among which one is told from others by its name.
func (x *index) named(o *schema.Object) map[string][]*schema.Object {
	if o.Shared {
		return x.dealt
	}
	return x.own
}

// alone reports that no other object has the name of one.
func (x *index) alone(o *schema.Object) bool { return len(x.named(o)[nameOf(o)]) == 1 }

// doubled reports that one of the tenant's own objects shares its name with another one.
func (x *index) doubled(o *schema.Object) bool { return !o.Shared && len(x.own[nameOf(o)]) > 1 }

// target returns the object to which a reference by id or to the dealer leads, or nil.
func (x *index) target(k *schema.Kind, r schema.Ref) *schema.Object {
	if r.ID != 0 {
		return x.byID[topID{k, r.ID}]
	}
	if found := x.dealt[schema.AddressOf(nil, k, r.Dealer)]; len(found) == 1 {
		return found[0]
	}
	return nil
}

// nameOf is the address of an object by the name that the tenant has for it. Its parent is
// one object, whatever others are called.
func nameOf(o *schema.Object) string { return schema.AddressOf(o.Parent, o.Kind, o.NaturalKey()) }
