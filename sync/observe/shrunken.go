package observe

import (
	"fmt"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// suspectFrom is the number of objects from which a list that shows less than half of
// them is taken for a bad answer rather than for the tenant.
const suspectFrom = 5

// shrunken refuses to conclude anything from lists that show less than half of what
// was there when a run read the tenant for the last time. It is asked only where
// something is going to be written.
func (r *confirming) shrunken(s *State) error {
	if len(s.Diff.Changes) == 0 {
		return nil
	}
	records, err := r.records()
	if err != nil || records == nil || records.Verified == nil {
		return err
	}
	now := map[*schema.Kind]int{}
	for _, o := range r.live.Objects {
		if !o.Shared {
			now[o.Kind]++
		}
	}
	for _, k := range r.catalogue.Kinds {
		before := records.Verified.Objects[k.Word]
		if before < suspectFrom || now[k]*2 >= before || !r.live.Lists[k] || !k.Has(schema.List) || slices.Contains(r.options.Fewer, k.Word) {
			continue
		}
		s.Guards = append(s.Guards, &plan.Guard{ID: "fewer", Flag: "--allow-fewer", Values: []string{k.Word}, Message: fmt.Sprintf("the list of %s is suspicious: it had %d objects when a run read the tenant for the last time, and shows %d now", k.Word, before, now[k]),
			Hint: fmt.Sprintf("look in the PBX; if that is right, apply needs --allow-fewer %s", k.Word)})
	}
	return nil
}
