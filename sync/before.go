package sync

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	gosync "sync"

	"golang.org/x/sync/errgroup"

	"pbxsync/diff"
	"pbxsync/schema"
)

// images returns the live objects that the changes of a state touch, as they are now:
// what goes with a deleted object too, as far as it was read.
func images(s *State) []Before {
	touched, leaving := map[*schema.Object]bool{}, deleted(s.Diff.Changes)
	for _, ch := range s.Diff.Changes {
		if ch.Live != nil {
			touched[ch.Live] = true
		}
	}
	var out []Before
	for _, o := range s.Live.Objects {
		if touched[o] || goes(leaving, o) {
			out = append(out, imageOf(o))
		}
	}
	slices.SortStableFunc(out, func(a, b Before) int { return cmp.Compare(a.Address, b.Address) })
	return out
}

func imageOf(o *schema.Object) Before {
	b := Before{Address: o.Address(), Kind: o.Kind.Word, Key: o.Key, Name: o.Name, ID: o.ID, Values: map[string]any{}}
	if o.Parent != nil {
		b.Parent = o.Parent.Address()
	}
	for _, f := range o.Kind.Fields {
		if v, ok := o.Values[f.Name]; ok && f.Comparable() && !f.Content {
			b.Values[f.Name] = f.Recorded(v)
		}
	}
	return b
}

// born reads what came into being with the objects that the steps delete, where the plan
// had no need to: nothing else could bring it back. It is read before the first write,
// since a delete may change what others have. A delete of what cannot be read fails.
func (r *run) born(ctx context.Context, parallelism int) []Before {
	have := map[string]bool{}
	for _, b := range r.plan.before {
		have[b.Address] = true
	}
	r.unseen = map[int]error{}
	var mu gosync.Mutex
	var out []Before
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
					r.unseen[s.Number] = err
				case now != nil:
					out = append(out, imageOf(now))
				}
				return nil
			})
		}
	}
	_ = g.Wait() // what went wrong is in unseen
	slices.SortFunc(out, func(a, b Before) int { return cmp.Compare(a.Address, b.Address) })
	return out
}

// bornWith returns what goes with the object that a step deletes and came into being
// with it, but for what is known.
func bornWith(s *Step, have map[string]bool) []*schema.Object {
	if s.Method != http.MethodDelete || len(s.checks) == 0 {
		return nil
	}
	var out []*schema.Object
	parent := s.checks[0].live
	for _, k := range parent.Kind.Children {
		if child := (&schema.Object{Kind: k, Parent: parent}); k.Born() && parent.Misfit(k) == "" && !have[child.Address()] {
			out = append(out, child)
		}
	}
	return out
}

// checks says what each step that writes to an existing object relies on.
func (b *builder) checks(s *State, steps []Step) {
	by := map[string]*diff.Change{}
	for _, ch := range s.Diff.Changes {
		by[ch.Address()] = ch
	}
	for i := range steps {
		step := &steps[i]
		if k := kindOf(step, by); k != nil && b.batches[k] != nil {
			step.batch = k
		}
		for _, address := range step.Changes {
			switch ch := by[address]; {
			case ch == nil || step.Creates():
			case step.batch != nil && ch.Live == nil:
				step.checks = append(step.checks, madeIn(ch.Desired))
			case ch.Live != nil:
				step.checks = append(step.checks, checkOf(step, ch))
			}
		}
	}
}

func kindOf(s *Step, by map[string]*diff.Change) *schema.Kind {
	if ch := by[s.Changes[0]]; ch != nil {
		return ch.Object().Kind
	}
	return nil
}
