package run

import (
	"context"
	"fmt"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// goesOn looks, right before an object is deleted, whether something goes on at it that
// nobody allowed to cut off.
func (r *sending) goesOn(ctx context.Context, o *schema.Object) error {
	if slices.Contains(r.hangup, o.KnownAs()) {
		return nil
	}
	for _, k := range o.Kind.GuardedAs(schema.Running) {
		var rows []map[string]any
		path, err := call.Fill(k.CollectionPath(nil), r.idOf)
		if err == nil {
			var pages int
			rows, pages, err = call.Rows(ctx, r.api, k, path)
			r.checked.Add(int64(pages))
		}
		l := &plan.Loss{Object: o, Kind: k, Unknown: call.Unseen(err)}
		if err != nil && l.Unknown == "" {
			return fmt.Errorf("looking whether something goes on at it: %w", err)
		}
		if l.Rows = call.Belonging(k, rows, o); len(l.Rows) > 0 || l.Unknown != "" {
			return &plan.Guard{Message: fmt.Sprintf("it %s; nothing was sent for it", l),
				Hint: "run apply again when that is over, or with --allow-hangup " + l.Address()}
		}
	}
	return nil
}
