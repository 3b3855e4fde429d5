package diff

import (
	"fmt"
	"slices"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

// Collides reports whether an object cannot be made while the live one is there,
// since the two have the same name or the same unique value.
func Collides(o, live *schema.Object) bool {
	if o.NaturalKey() == live.NaturalKey() {
		return true
	}
	return slices.ContainsFunc(o.Kind.Fields, func(f *schema.Field) bool {
		return f.Unique != "" && o.ValueOf(f) != nil && o.ValueOf(f) == live.ValueOf(f)
	})
}

// Predecessors returns the live objects whose place a declared one takes.
func (l *Live) Predecessors(o *schema.Object) []*schema.Object { return l.replaced[o] }

// Replace finds the live objects whose place others take: what a file says is
// replaced, and declared referrers that can neither let go of such an object nor
// move on. An object that is made again under its own name leaves that name to its
// heir, so that whatever refers to it differs from the files. Live has to be
// matched and resolved.
func (l *Live) Replace(desired *schema.Tenant) schema.Problems {
	if l.replaced == nil {
		l.replaced = map[*schema.Object][]*schema.Object{}
	}
	r := &replacing{l, desired}
	var problems schema.Problems
	for _, o := range desired.Objects {
		for _, key := range o.Replaces {
			problems = append(problems, r.replace(o, key)...)
		}
	}
	for again := len(r.replaced) > 0; again; {
		again = false
		for _, o := range desired.Objects {
			if live := r.Object(o.Address()); live != nil && r.stuck(o, live) {
				if o.ID != 0 {
					problems = append(problems, schema.Problem{Place: o.PlaceOf("id"), Address: o.Address(), Message: fmt.Sprintf("has to be made again, so its id will not be %d", o.ID), Hint: "delete id:"})
				}
				r.inherit(o, live)
				again = true
			}
		}
	}
	problems = append(problems, r.remade()...)
	for _, pin := range l.pinned {
		if target := l.Target(pin.field, pin.value); target != nil && target.ReplacedBy != nil {
			problems = append(problems, schema.Problem{Place: pin.at, Address: pin.from.Address(), Message: fmt.Sprintf("%s: %s is made again, so its id will not be %d", pin.field.Name, target.ReplacedBy.Address(), target.ID),
				Hint: fmt.Sprintf("refer to it as %q", target.ReplacedBy.Key)})
		}
	}
	r.makeWay()
	return problems
}

// replacing is the live objects on their way to those that take their place.
type replacing struct {
	*Live
	desired *schema.Tenant
}

// remade finds objects with an id whose parent is replaced, so that they get another one.
func (r *replacing) remade() schema.Problems {
	var problems schema.Problems
	for _, o := range r.desired.Objects {
		if o.ID == 0 || o.Absent {
			continue
		}
		for p := o.Parent; p != nil; p = p.Parent {
			if r.replaced[p] != nil {
				problems = append(problems, schema.Problem{Place: o.PlaceOf(reserved.ID), Address: o.Address(),
					Message: fmt.Sprintf("%s is replaced, and this with it, so its id will not be %d", p.Address(), o.ID), Hint: "delete id:"})
				break
			}
		}
	}
	return problems
}

func (r *replacing) replace(o *schema.Object, key string) schema.Problems {
	if key == o.NaturalKey() {
		if live := r.Object(o.Address()); live != nil && live.ReplacedBy == nil && needsAnew(o, live) {
			r.inherit(o, live)
		}
		return nil
	}
	found := r.free(o, key, nil)
	if len(found) > 1 {
		return schema.Problems{{Place: o.PlaceOf(reserved.Replaces), Address: o.Address(), Message: fmt.Sprintf("%d objects in the tenant are called %q (ids %s)", len(found), key, ids(found)),
			Hint: "rename or delete one of them in the tenant"}}
	}
	for _, live := range found {
		r.inherit(o, live)
	}
	return nil
}

func (r *replacing) inherit(o, live *schema.Object) {
	live.ReplacedBy = o
	r.replaced[o] = append(r.replaced[o], live)
}

// needsAnew reports whether a field differs that only create may set.
func needsAnew(o, live *schema.Object) bool {
	for name, v := range o.Values {
		f := o.Kind.Field(name)
		if now, shown := live.Values[name]; shown && f.CreateOnly && !f.WriteOnly && !o.Kind.IsKey(f) && !schema.Equal(v, now) {
			return true
		}
	}
	return false
}

// stuck reports whether a declared object refers to one whose place is taken, is
// to refer to the heir, and no update can do it.
func (r *replacing) stuck(o, live *schema.Object) bool {
	if live.ReplacedBy != nil || o.Absent || o.Bare || !o.Kind.Replaceable() {
		return false
	}
	for _, f := range o.Kind.Fields {
		key, ok := o.Values[f.Name].(string)
		if f.Ref == nil || f.RefBy != "" || !ok {
			continue
		}
		target, next := r.Target(f, live.Values[f.Name]), r.desired.Find(f.Ref, key)
		if target == nil || target.ReplacedBy == nil || target.ReplacedBy != next {
			continue
		}
		if !f.InUpdate() || !f.Nullable && Collides(next, target) {
			return true
		}
	}
	return false
}

// makeWay gives the live objects that are made again under their own name another
// key, their children and referrers with them.
func (r *replacing) makeWay() {
	left := map[*schema.Object]bool{}
	for _, o := range r.Objects {
		if o.ReplacedBy != nil && o.Key == o.ReplacedBy.Key && r.replaced[o.ReplacedBy] != nil {
			left[o] = true
		}
	}
	if len(left) == 0 {
		return
	}
	for _, o := range r.Objects {
		for _, f := range o.Kind.Fields {
			if !f.Refers || o.Values[f.Name] == nil {
				continue
			}
			o.Values[f.Name] = f.MapRefs(o.Values[f.Name], func(f *schema.Field, v any) any {
				if target := r.Target(f, v); f.RefBy == "" && left[target] {
					return schema.Ref{ID: target.ID}.Value()
				}
				return v
			})
		}
	}
	for o := range left {
		o.GoByID()
	}
	r.Readdress()
}
