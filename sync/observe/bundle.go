package observe

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// checkMembers refuses a bundle of what is of another type in the tenant.
func (r *confirming) checkMembers() {
	for _, o := range r.desired.Objects {
		rule := o.Kind.Bundle
		if rule == nil {
			continue
		}
		for _, member := range r.desired.Targets(rule.Field, o.Values[rule.Field.Name]) {
			live := r.live.Object(member.Address())
			if live == nil || live.Misfit(o.Kind) == "" {
				continue
			}
			name := live.Misfit(o.Kind)
			r.problems = append(r.problems, schema.Problem{Place: o.PlaceOf(rule.Field.Name), Address: o.Address(), Asked: true,
				Message: fmt.Sprintf("%s has %s %s in the tenant, and only %s can be in a bundle", live.Address(), name, wording.Value(live.Values[name]), o.Kind.When[name]),
				Hint:    "take it out of " + rule.Field.Name})
		}
	}
}

// checkLinked finds two wishes for what a bundle shares that the tenant has and no
// file states: no order of calls could fulfil both.
func (r *confirming) checkLinked() {
	for _, main := range r.live.Objects {
		rule := main.Kind.Bundle
		if rule == nil || main.Values[rule.Field.Name] == nil || r.states(main, rule.Field) {
			continue
		}
		parents := append([]*schema.Object{main.Parent}, r.live.Targets(rule.Field, main.Values[rule.Field.Name])...)
		var owners, objects []*schema.Object
		for _, p := range parents {
			owners = r.wanted(owners, p)
			objects = r.wanted(objects, &schema.Object{Kind: main.Kind, Parent: p})
		}
		r.agree(owners)
		r.agree(objects)
	}
}

func (r *confirming) states(o *schema.Object, f *schema.Field) bool {
	d := r.desired.Object(o.Address())
	if d == nil {
		return false
	}
	_, stated := d.Values[f.Name]
	return stated || d.Absent
}

// wanted adds what the files declare of an object.
func (r *confirming) wanted(list []*schema.Object, o *schema.Object) []*schema.Object {
	if d := r.desired.Object(o.Address()); d != nil && !d.Absent {
		return append(list, d)
	}
	return list
}

func (r *confirming) agree(objects []*schema.Object) {
	if len(objects) == 0 {
		return
	}
	for _, f := range objects[0].Kind.Fields {
		var first *schema.Object
		for _, o := range objects {
			v, stated := o.Values[f.Name]
			switch {
			case !f.Shared || !stated:
			case first == nil:
				first = o
			case !schema.Equal(v, first.Values[f.Name]):
				r.problems = append(r.problems, schema.Problem{Place: o.PlaceOf(f.Name), Address: o.Address(), Asked: true,
					Message: fmt.Sprintf("%s cannot differ from %s (%s): the two are in one bundle in the tenant", f.Name, first.Address(), first.PlaceOf(f.Name)),
					Hint:    "state the same at both, or who is in the bundle"})
			}
		}
	}
}
