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

// implicit reads what came into being with the objects that the steps delete, where the plan
// had no need to: nothing else could bring it back. It is read before the first write,
// since a delete may change what others have. A delete of what cannot be read fails.
func (r *run) implicit(ctx context.Context, parallelism int) []record.Object {
	have := map[string]bool{}
	for _, b := range r.plan.Before {
		have[b.Address] = true
	}
	r.unseen = map[int]error{}
	below := map[*schema.Object][]*schema.Object{}
	if r.plan.Live != nil {
		for _, o := range r.plan.Live.Objects {
			below[o.Parent] = append(below[o.Parent], o)
		}
	}
	var mu sync.Mutex
	var out []record.Object
	g := errgroup.Group{}
	g.SetLimit(parallelism)
	lost := map[*plan.Step][]*schema.Object{}
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		lost[s] = bornWith(s, have, below)
		r.naming(lost[s])
	}
	for i := range r.plan.Steps {
		s := &r.plan.Steps[i]
		for _, child := range lost[s] {
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
	slices.SortFunc(out, func(a, b record.Object) int { return cmp.Compare(a.Address, b.Address) })
	return out
}

// naming notes the ids of what stands above objects: the plan names only those that its
// own calls need.
func (r *knowledge) naming(objects []*schema.Object) {
	for _, o := range objects {
		for p := o.Parent; p != nil; p = p.Parent {
			if p.ID > 0 {
				r.ids[p.Symbol()] = p.ID
			}
		}
	}
}

// bornWith returns what goes with the object that a step deletes and came into being
// with it, or with what stands below it, but for what is known.
func bornWith(s *plan.Step, have map[string]bool, below map[*schema.Object][]*schema.Object) []*schema.Object {
	if s.Method != http.MethodDelete || len(s.Checks) == 0 {
		return nil
	}
	var out []*schema.Object
	var visit func(parent *schema.Object)
	visit = func(parent *schema.Object) {
		for _, k := range parent.Kind.Children {
			if child := (&schema.Object{Kind: k, Parent: parent}); k.Implicit() && parent.Misfit(k) == "" && !have[child.Address()] {
				out = append(out, child)
				visit(child)
			}
		}
		for _, o := range below[parent] {
			visit(o)
		}
	}
	visit(s.Checks[0].Live)
	return out
}
