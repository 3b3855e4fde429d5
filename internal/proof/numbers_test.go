package proof

import (
	"slices"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/sync/plan"
)

// Who calls a desk says its new name after the desk has it, and calls a new one once that
// is there.
func TestNumbersFollowNames(t *testing.T) {
	b := testBox(t, simulator.Options{Catalogue: deep(t)})
	b.apply(head + `desks: {"10": {mode: plain, forward: "20"}, "20": {mode: plain}}` + "\n")
	_, p := b.apply(head + `desks: {"10": {forward: "21"}, "21": {previously: ["20"], forward: "30"}, "30": {mode: plain}}` + "\n")
	after := map[string][]int{}
	for _, s := range p.Steps {
		after[s.Changes[0]] = s.After
	}
	number := func(address string) int {
		return 1 + slices.IndexFunc(p.Steps, func(s plan.Step) bool { return s.Changes[0] == address })
	}
	if !slices.Contains(after["desk/10"], number("desk/21")) || !slices.Contains(after["desk/21"], number("desk/30")) {
		t.Errorf("%s", steps(p))
	}
}
