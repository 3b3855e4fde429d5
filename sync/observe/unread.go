package observe

import (
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// This file says what goes with an object, or still refers to it, and was not looked at:
// the list of kinds is not the whole API.

// unreadLosses names what is not read of the objects that go.
func unreadLosses(leaving map[*schema.Object]bool) []*plan.Loss {
	var out []*plan.Loss
	for o := range leaving {
		if l := (&plan.Loss{Object: o, Parts: o.UnreadParts(), Users: o.UnreadUsers()}); len(l.Parts)+len(l.Users) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// closedLosses names who may refer to an object that goes, and stands in a list that this
// application may not read. An import of such a tenant goes on too, and says so.
func closedLosses(closed []Unreadable, leaving map[*schema.Object]bool) []*plan.Loss {
	var out []*plan.Loss
	for o := range leaving {
		l := &plan.Loss{Object: o}
		for _, u := range closed {
			if refersTo(u.Kind, o.Kind) {
				l.Closed = append(l.Closed, u.String())
			}
		}
		if len(l.Closed) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// refersTo reports whether objects of a kind, or those below them, may refer to one of another.
func refersTo(k, to *schema.Kind) bool {
	return slices.ContainsFunc(k.Fields, func(f *schema.Field) bool { return f.Ref == to }) ||
		slices.ContainsFunc(k.Children, func(below *schema.Kind) bool { return refersTo(below, to) })
}
