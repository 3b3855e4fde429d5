package observe

import (
	"fmt"

	"pbxsync/diff"
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

// linking reports whether changes say who belongs together.
func linking(changes []*diff.Change) bool {
	for _, ch := range changes {
		if rule := ch.Object().Kind.Bundle; rule != nil && ch.Sets(rule.Field) {
			return true
		}
	}
	return false
}
