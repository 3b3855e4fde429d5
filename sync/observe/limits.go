package observe

import (
	"context"
	"fmt"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// limits reads the tenant's limits where the plan creates what they bound. Null
// is the operator's own limit, which nobody can read, so it is not checked.
func (r *confirming) limits(ctx context.Context, s *State) error {
	k := r.catalogue.Limits()
	bounded := func(ch *diff.Change) bool {
		return ch.Makes() && ch.Desired.Kind.Limit.Name != "" || plan.Growth(ch, ch.Object().Kind.Limit.Or) > 0 ||
			ch.Object().Kind.Limit.Name != "" && plan.Added(ch) > 0
	}
	if k == nil || s.Live.New || !slices.ContainsFunc(s.Diff.Changes, bounded) {
		return nil
	}
	path, err := r.path((&schema.Object{Kind: k}).ItemPath(), nil)
	if err != nil {
		return err
	}
	v, err := r.api.Get(ctx, path)
	r.count(func(c *Calls) { c.Limits++ })
	row, ok := v.(map[string]any)
	if err != nil && !call.Unreadable(err) {
		return err
	} else if err == nil && !ok {
		err = fmt.Errorf("GET %s: the server sent no object", path)
	}
	if err != nil {
		s.Notes = append(s.Notes, fmt.Sprintf("The tenant's limits are not known, so nobody checked that the plan keeps within them: %v", err))
		return nil
	}
	s.Limits = map[string]int64{}
	for _, f := range k.Fields {
		if n, ok := f.Live(row[f.Answer], "").(int64); ok {
			s.Limits[f.API] = n
		}
	}
	return nil
}
