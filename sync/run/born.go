package run

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// born reads what came into being with the objects that the steps delete, where the plan
// had no need to: nothing else could bring it back. It is read before the first write,
// since a delete may change what others have. A delete of what cannot be read fails.
func (r *run) born(ctx context.Context, parallelism int) []record.Before {
	have := map[string]bool{}
	for _, b := range r.plan.Before {
		have[b.Address] = true
	}
	r.unseen = map[int]error{}
	var mu sync.Mutex
	var out []record.Before
	g := errgroup.Group{}
	g.SetLimit(parallelism)
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		for _, child := range bornWith(s, have) {
			g.Go(func() error {
				now, err := r.readNow(ctx, s, child)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil:
					r.unseen[s.Number] = fmt.Errorf("%s, which goes with it: %w", child.Address(), err)
				case now != nil:
					out = append(out, plan.ImageOf(now))
				}
				return nil
			})
		}
	}
	_ = g.Wait() // what went wrong is in unseen
	slices.SortFunc(out, func(a, b record.Before) int { return cmp.Compare(a.Address, b.Address) })
	return out
}

// bornWith returns what goes with the object that a step deletes and came into being
// with it, but for what is known.
func bornWith(s *plan.Step, have map[string]bool) []*schema.Object {
	if s.Method != http.MethodDelete || len(s.Checks) == 0 {
		return nil
	}
	var out []*schema.Object
	parent := s.Checks[0].Live
	for _, k := range parent.Kind.Children {
		if child := (&schema.Object{Kind: k, Parent: parent}); k.Born() && parent.Misfit(k) == "" && !have[child.Address()] {
			out = append(out, child)
		}
	}
	return out
}
