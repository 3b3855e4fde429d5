package observe

import (
	"pbxsync/diff"
	"pbxsync/sync/plan"
)

// sides says of each difference who moved since the base, and takes what drifted out of what
// is wanted where that is to be left alone.
func (r *confirming) sides(s *State) error {
	d := s.Diff
	if r.options.Base == nil || len(d.Changes)+len(d.Strays)+len(d.Stuck)+len(d.Missing) == 0 {
		return nil
	}
	base, err := r.options.Base(plan.TenantID{ID: r.live.ID, Name: r.live.Name, Prefix: r.live.Prefix})
	if err != nil || base == nil {
		return err
	}
	s.Sides = diff.Sides(s.Diff, s.Desired, s.Live, base)
	if !r.options.Leave {
		return nil
	}
	full := s.Diff
	s.Left, s.Needed = diff.Leave(s.Sides, full, s.Desired, s.Live)
	if len(s.Left) == 0 {
		return nil
	}
	s.Diff = diff.Compare(s.Desired, s.Live)
	s.Diff.Coverage, s.Diff.Hidden = full.Coverage, full.Hidden // of what the files say
	s.Problems, s.Respelled = nil, nil
	r.forget(s.Left)
	return r.respell(s)
}

// forget drops the problems of objects that are left alone.
func (r *confirming) forget(left []*diff.Sided) {
	gone := map[string]bool{}
	for _, x := range left {
		gone[x.Address()] = x.Fate != diff.Changed
	}
	kept := r.problems[:0]
	for _, p := range r.problems {
		if !p.Asked || !gone[p.Address] {
			kept = append(kept, p)
		}
	}
	r.problems = kept
}
