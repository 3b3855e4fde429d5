package observe

import (
	"cmp"
	"fmt"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// protected refuses to delete or replace what a line of the files protects.
func (r *confirming) protected(s *State, leaving map[*schema.Object]bool) {
	used := map[schema.Protection]bool{}
	refuse := func(o *schema.Object) {
		p := s.Desired.ProtectionOf(o)
		if p == nil {
			return
		}
		s.Guards = append(s.Guards, &plan.Guard{ID: "protected", Message: fmt.Sprintf("%s is protected (%s), and this plan %s", o.KnownAs(), p.Place, fate(leaving, o)),
			Hint: "leave it as it is, or take the protection away in a change of its own"})
		if !used[*p] {
			used[*p] = true
			s.Protected = append(s.Protected, *p)
		}
	}
	for _, o := range r.live.Objects {
		if o.Shared || !diff.Gone(leaving, o) {
			continue
		}
		if o.Parent != nil && diff.Gone(leaving, o.Parent) && s.Desired.ProtectionOf(o.Parent) != nil {
			continue // said of the parent
		}
		refuse(o)
		for _, k := range o.Kind.Children { // those that no call has looked at
			if k.Implicit() && o.Misfit(k) == "" && !r.has(k, o) && s.Desired.ProtectionOf(o) == nil {
				refuse(&schema.Object{Kind: k, Parent: o})
			}
		}
	}
	slices.SortFunc(s.Protected, func(a, b schema.Protection) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column), cmp.Compare(a.Pattern, b.Pattern))
	})
}

// protectedBefore refuses to delete or replace what the files protected when a run
// read the tenant for the last time and do not protect any more: that has to be a
// change of its own. Where that is not known, nothing is pruned.
func (r *confirming) protectedBefore(s *State, leaving map[*schema.Object]bool) error {
	records, err := r.records()
	if err != nil {
		return err
	}
	before := &schema.Tenant{}
	if records != nil && records.Verified != nil {
		for _, p := range records.Verified.Protected {
			before.Protected = append(before.Protected, schema.Protection{Pattern: p})
		}
	}
	for _, o := range r.live.Objects {
		if o.Shared || !diff.Gone(leaving, o) || s.Desired.ProtectionOf(o) != nil {
			continue
		}
		p := before.ProtectionOf(o)
		if p == nil || o.Parent != nil && diff.Gone(leaving, o.Parent) && before.ProtectionOf(o.Parent) != nil {
			continue
		}
		s.Guards = append(s.Guards, &plan.Guard{ID: "was-protected", Message: fmt.Sprintf("%s was protected (%s) when a run read the tenant for the last time, and this plan %s", o.KnownAs(), p.Pattern, fate(leaving, o)),
			Hint: "apply the files once without its protection and with the object left as it is, then again without the object"})
	}
	if pruned := pruned(s); len(pruned) > 0 && records.Empty() {
		s.Guards = append(s.Guards, &plan.Guard{ID: "no-records", Message: fmt.Sprintf("prune deletes %s, which may have been protected: %s tell", plan.Some(pruned), records.Missing()),
			Hint: "write absent: true at each of them, or name the records with --state-dir"})
	}
	return nil
}

// pruned returns the addresses of the strays that a plan deletes.
func pruned(s *State) []string {
	var out []string
	for _, ch := range s.Diff.Changes {
		if ch.Pruned {
			out = append(out, ch.Address())
		}
	}
	return out
}

// fate says what happens to an object that goes.
func fate(leaving map[*schema.Object]bool, o *schema.Object) string {
	for top := o; top != nil; top = top.Parent {
		switch {
		case !leaving[top]:
		case top != o && top.ReplacedBy != nil:
			return fmt.Sprintf("replaces %s, with which it goes", top.KnownAs())
		case top != o:
			return fmt.Sprintf("deletes %s, with which it goes", top.KnownAs())
		case top.ReplacedBy != nil:
			return "replaces it"
		}
	}
	return "deletes it"
}
