package observe

import (
	"context"

	"pbxsync/diff"
	"pbxsync/sync/plan"
)

// siding tells from a comparison who moved, and takes what may stay as it is out of what is wanted.
type siding struct{ *confirming }

// sides says of each difference who moved since the base, and takes what drifted out of what
// is wanted where that is to be left alone.
func (r *siding) sides(ctx context.Context, s *State) error {
	d := s.Diff
	if len(d.Changes)+len(d.Strays)+len(d.Stuck)+len(d.Missing) == 0 {
		return nil
	}
	base, err := r.base()
	if err != nil {
		return err
	}
	if base != nil {
		if err := r.name(ctx, s, base); err != nil {
			return err
		}
		s.Sides = diff.Sides(s.Diff, s.Desired, s.Live, base)
	}
	if err := r.accept(s); err != nil || base == nil || !r.options.Leave {
		return err
	}
	full := s.Diff
	s.Left, s.Needed = diff.Leave(s.Sides, full, s.Desired, s.Live)
	if len(s.Left) == 0 {
		return nil
	}
	s.Diff = diff.Compare(s.Desired, s.Live)
	s.Diff.Waive(full.Accepted)
	gone := map[string]bool{}
	for _, x := range s.Left {
		gone[x.Address()] = x.Fate != diff.Changed
	}
	return r.narrowed(s, full, gone)
}

// name reads the kinds by whose names the base goes, where the tenant has told ids alone.
func (r *siding) name(ctx context.Context, s *State, base *diff.Base) error {
	kinds := diff.Unnamed(s.Diff, s.Desired, s.Live, base)
	if len(kinds) == 0 {
		return nil
	}
	if _, err := r.readable(ctx, kinds); err != nil {
		return err
	}
	_, err := r.match()
	return err
}

// base returns what the tenant was, nil where that is not known.
func (r *siding) base() (*diff.Base, error) {
	if r.options.Base == nil {
		return nil, nil
	}
	return r.options.Base(plan.TenantID{ID: r.live.ID, Name: r.live.Name, Prefix: r.live.Prefix})
}

// accept takes what the files accept today out of what they want.
func (r *siding) accept(s *State) error {
	full := s.Diff
	accepted := full.Accept(s.Desired, s.Live, r.options.Today)
	if len(accepted) == 0 {
		return nil
	}
	s.Sides, s.Waived = diff.PartSides(s.Sides, accepted)
	s.Diff = diff.Compare(s.Desired, s.Live)
	s.Diff.Waive(accepted)
	gone := map[string]bool{}
	for _, a := range accepted {
		gone[a.Address] = gone[a.Address] || a.Action == diff.Create
	}
	return r.narrowed(s, full, gone)
}

// narrowed finishes a second comparison, of less than what the files say.
func (r *siding) narrowed(s *State, full *diff.Result, gone map[string]bool) error {
	s.Diff.Coverage, s.Diff.Hidden = full.Coverage, full.Hidden // of what the files say
	s.Problems, s.Respelled = nil, nil
	r.forget(gone)
	return r.respell(s)
}

// forget drops the problems of objects that need not be there.
func (r *siding) forget(gone map[string]bool) {
	kept := r.problems[:0]
	for _, p := range r.problems {
		if !p.Asked || !gone[p.Address] {
			kept = append(kept, p)
		}
	}
	r.problems = kept
}
