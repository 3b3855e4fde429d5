package pull

import (
	"fmt"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/observe"
)

// This file heeds who moved, where a base tells: what the files changed and no run has applied
// yet stays as they say.

// know takes in who moved, by the first comparison.
func (t *taking) know(s *observe.State) {
	if s.Sides == nil {
		return
	}
	t.sides = map[string]*diff.Sided{}
	for _, x := range s.Sides {
		t.sides[x.Address()] = x
	}
}

// named reports whether somebody has asked for an object by its address.
func (t *taking) named(o *schema.Object) bool {
	return slices.ContainsFunc(t.only, func(p string) bool { return schema.Matches(p, o) })
}

// mayField reports whether the live value of a field is taken.
func (t *taking) mayField(o *schema.Object, f diff.Field) bool {
	x := t.sides[o.Address()]
	if x == nil {
		return true
	}
	i := slices.IndexFunc(x.Fields, func(s diff.SidedField) bool { return s.Name == f.Name })
	switch {
	case i < 0 || x.Fields[i].Side == diff.Drift:
		return true
	case x.Fields[i].Side == diff.Conflict && t.named(o):
		return true
	case x.Fields[i].Side == diff.Conflict:
		t.leaveField(o.Address(), f.Name, f.Place, "take it with --only "+schema.Pattern(o)+", or apply it", fmt.Sprintf("%s was changed on both sides: it is %s in the tenant, and %s in the files", f.Name, wording.Value(f.Old), wording.Value(f.New)))
		return false
	}
	t.stays[o.Address()+"."+f.Name] = true
	return false
}

// may reports whether it is taken that an object is gone, or that it is there.
func (t *taking) may(o *schema.Object) bool {
	x := t.sides[o.Address()]
	switch {
	case x == nil || x.Fate == diff.Changed, x.Side == diff.Drift, x.Fate == diff.Appeared:
		return true
	case t.named(o) && (x.Side == diff.Conflict || x.Fate == diff.Undeclared):
		return true
	case x.Side == diff.Conflict:
		t.leave(o.Address(), o.Place, "take it with --only "+schema.Pattern(o)+", or apply the files", "was changed in the files, and "+string(x.Fate)+" in the tenant")
		return false
	}
	t.stays[o.Address()] = x.Fate != diff.Undeclared
	return false
}

// kept reports whether a difference stays on purpose.
func (t *taking) kept(o *schema.Object, field string) bool {
	for at := o; at != nil; at = at.Parent {
		if t.stay(at.Address()) {
			return true
		}
	}
	return t.stay(o.Address() + "." + field)
}

func (t *taking) stay(name string) bool {
	_, left := t.left[name]
	_, stays := t.stays[name]
	return left || stays
}

// unapplied counts the changes of the files that stay.
func (t *taking) unapplied() int {
	n := 0
	for _, counts := range t.stays {
		if counts {
			n++
		}
	}
	return n
}
