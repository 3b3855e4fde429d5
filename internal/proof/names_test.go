package proof

import (
	"slices"

	"pbxsync/diff"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// freed checks that a name is given away only once it is free: the step that
// claims it waits for the one that lets it go.
func (b *box) freed(s *observe.State, p *plan.Plan) {
	b.Helper()
	step := func(address string) *plan.Step {
		for i := range p.Steps {
			if slices.Contains(p.Steps[i].Changes, address) {
				return &p.Steps[i]
			}
		}
		return nil
	}
	for _, claim := range s.Diff.Changes {
		for _, release := range s.Diff.Changes {
			if claim.Action != diff.Rename || release.Live == nil || release == claim || release.Action == diff.Update ||
				release.Live.Kind != claim.Live.Kind || release.Live.NaturalKey() != claim.Desired.NaturalKey() {
				continue
			}
			if from, to := step(release.Address()), step(claim.Address()); !slices.Contains(to.After, from.Number) {
				b.Errorf("%s takes a name before %s lets it go:\n%s", claim.Address(), release.Address(), steps(p))
			}
		}
	}
}
