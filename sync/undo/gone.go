package undo

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// goneForGood says what an object that is made once more does not have any more.
func goneForGood(r *remade) string {
	old := &schema.Object{Kind: r.object.Kind, Values: r.image.Values}
	var out string
	if loses := old.Kind.Loses; loses != "" {
		out += "; gone for good: " + loses
	}
	if parts := old.UnreadParts(); len(parts) > 0 {
		out += fmt.Sprintf("; its %s, which this version cannot read, do not come back", plan.Enumerate(parts))
	}
	if !old.Kind.Unread.ByKey && len(old.Kind.Unread.Users) > 0 {
		out += fmt.Sprintf("; what referred to it from %s, which this version does not read, does not any more", plan.Enumerate(old.Kind.Unread.Users))
	}
	return out
}
