package sync

import (
	"fmt"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// conflicts refuses what tenant and files both moved, and not to the same: only a person
// knows which is meant.
func conflicts(sides []*diff.Sided) []*plan.Guard {
	var out []*plan.Guard
	for _, x := range sides {
		if x.Side != diff.Conflict {
			continue
		}
		found := false
		for _, f := range x.Fields {
			if f.Side == diff.Conflict {
				found = true
				out = append(out, conflict(x, fieldConflict(x, f)))
			}
		}
		if !found {
			out = append(out, conflict(x, objectConflict(x)))
		}
	}
	return out
}

func conflict(x *diff.Sided, what string) *plan.Guard {
	return &plan.Guard{ID: "conflict", Flag: "--revert-drift", Message: fmt.Sprintf("%s: %s", x.Address(), what),
		Hint: fmt.Sprintf("let the files win with --only %s --revert-drift, or write what the tenant has", schema.Pattern(x.Object))}
}

func fieldConflict(x *diff.Sided, f diff.SidedField) string {
	field := x.Object.Kind.Field(f.Name)
	now, want := wording.InWords(field.Recorded(f.Live)), wording.InWords(field.Recorded(f.Desired))
	if !f.Known {
		return fmt.Sprintf("it appeared in the tenant with %s %s, and the files say %s", f.Name, now, want)
	}
	return fmt.Sprintf("%s was %s, is %s in the tenant, and the files say %s", f.Name, wording.InWords(f.Base), now, want)
}

func objectConflict(x *diff.Sided) string {
	switch x.Fate {
	case diff.Deleted:
		return "it was deleted in the tenant, and changed in the files"
	case diff.Dropped:
		return "it was changed in the tenant, and the files delete it"
	}
	return "what it takes the place of was changed in the tenant"
}
