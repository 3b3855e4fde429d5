package observe

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// tenantIsAbsent reports whether the files want the tenant itself to go.
func (r *finding) tenantIsAbsent() bool {
	own := r.desired.Object((&schema.Object{Kind: r.root}).Address())
	return own != nil && own.Absent
}

// tenantGoes looks at what is lost with a tenant that is to be deleted, and
// refuses that unless its name was repeated and nothing else is to change.
func (r *confirming) tenantGoes(ctx context.Context, s *State) error {
	var own *diff.Change
	for _, ch := range s.Diff.Changes {
		if ch.Action == diff.Delete && ch.Live.Kind == r.root {
			own = ch
		}
	}
	if own == nil {
		return nil
	}
	kinds := slices.DeleteFunc(r.catalogue.Top(), func(k *schema.Kind) bool { return !k.Has(schema.List) })
	if err := r.readKinds(ctx, kinds); err != nil {
		return err
	}
	counts := map[string]int{}
	for _, o := range r.live.Objects {
		if !o.Shared && !o.Kind.Singleton() && len(o.Kind.Parents) == 0 {
			counts[o.Kind.Word]++
		}
	}
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		own.Gone = append(own.Gone, fmt.Sprintf("%s: %d", word, counts[word]))
	}
	if r.options.Delete != r.live.Name {
		s.Guards = append(s.Guards, &plan.Guard{ID: "delete-tenant", Flag: "--delete-tenant", Values: []string{r.live.Name}, Message: fmt.Sprintf("%s: tenant %q (prefix %s) would be deleted with everything in it", own.Desired.PlaceOf("absent"), r.live.Name, r.live.Prefix),
			Hint: fmt.Sprintf("apply needs --delete-tenant %q", r.live.Name)})
	}
	for _, ch := range s.Diff.Changes {
		if ch != own {
			s.Guards = append(s.Guards, &plan.Guard{ID: "leaving", Message: fmt.Sprintf("%s: %s is to be changed (%s) in a tenant that is to be deleted", ch.Object().Place, ch.Address(), ch.Action),
				Hint: "delete what the files say of it, or keep the tenant"})
		}
	}
	return nil
}
