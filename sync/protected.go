package sync

import (
	"cmp"
	"fmt"
	"slices"

	"pbxsync/schema"
)

// protected refuses to delete or replace what a line of the files protects.
func (r *reading) protected(s *State, leaving map[*schema.Object]bool) {
	used := map[schema.Protection]bool{}
	refuse := func(o *schema.Object) {
		p := s.Desired.ProtectionOf(o)
		if p == nil {
			return
		}
		s.Guards = append(s.Guards, &Guard{Message: fmt.Sprintf("%s is protected (%s), and this plan %s", named(o), p.Place, fate(leaving, o)),
			Hint: "leave it as it is, or take the protection away in a change of its own"})
		if !used[*p] {
			used[*p] = true
			s.Protected = append(s.Protected, *p)
		}
	}
	for _, o := range r.live.Objects {
		if o.Shared || !goes(leaving, o) {
			continue
		}
		if o.Parent != nil && goes(leaving, o.Parent) && s.Desired.ProtectionOf(o.Parent) != nil {
			continue // said of the parent
		}
		refuse(o)
		for _, k := range o.Kind.Children { // those that no call has looked at
			if k.Born() && o.Misfit(k) == "" && !r.has(k, o) && s.Desired.ProtectionOf(o) == nil {
				refuse(&schema.Object{Kind: k, Parent: o})
			}
		}
	}
	slices.SortFunc(s.Protected, func(a, b schema.Protection) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column), cmp.Compare(a.Pattern, b.Pattern))
	})
}

// fate says what happens to an object that goes.
func fate(leaving map[*schema.Object]bool, o *schema.Object) string {
	for top := o; top != nil; top = top.Parent {
		switch {
		case !leaving[top]:
		case top != o && top.Heir != nil:
			return fmt.Sprintf("replaces %s, with which it goes", named(top))
		case top != o:
			return fmt.Sprintf("deletes %s, with which it goes", named(top))
		case top.Heir != nil:
			return "replaces it"
		}
	}
	return "deletes it"
}
