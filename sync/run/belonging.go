package run

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"pbxsync/sync/plan"

	"pbxsync/schema"
	"pbxsync/sync/call"
)

// This file looks at the rows that belong to an object which is deleted: what goes on at it now,
// such as calls, and what it leaves behind, such as the sessions of a user. That is ended as well
// as can be: the object is gone, whatever comes of it.

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
			return &plan.Guard{ID: "running", Flag: "--allow-hangup", Values: []string{l.Address()}, Message: fmt.Sprintf("it %s; nothing was sent for it", l),
				Hint: "run apply again when that is over, or with --allow-hangup " + l.Address()}
		}
	}
	return nil
}

// leftover is a row that belongs to an object that is about to go.
type leftover struct {
	kind *schema.Kind
	path string // of the row
}

// plainID is an id that cannot lead to another path than its own.
var plainID = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.~-]*$`)

// leftovers finds, right before an object is deleted, what it would leave behind.
func (r *sending) leftovers(ctx context.Context, o *schema.Object) []leftover {
	var out []leftover
	for _, k := range o.Kind.GuardedAs(schema.Ended) {
		var rows []map[string]any
		path, err := call.Fill(k.CollectionPath(nil), r.idOf)
		if err == nil {
			var pages int
			rows, pages, _, err = r.api.List(ctx, fmt.Sprintf("%s?%s=%d", path, k.Guards.By.API, o.ID), k.Listing())
			r.checked.Add(int64(max(1, pages)))
		}
		if err != nil {
			r.note("nobody could look for the %ss of %s (%s); those that are open end by themselves", k.Guards.Word, o.KnownAs(), reason(err))
			continue
		}
		for _, row := range rows {
			id := call.Text(row["id"])
			if call.Text(row[k.Guards.By.Answer]) != fmt.Sprint(o.ID) || !plainID.MatchString(id) {
				continue // a server that ignores the filter shows those of others
			}
			if path, err := call.Fill(k.ItemPathOf(id), r.idOf); err == nil { // the id may be a text
				out = append(out, leftover{k, path})
			}
		}
	}
	return out
}

// end ends what an object has left behind.
func (r *run) end(ctx context.Context, list []leftover) {
	failed := map[*schema.Kind]int{}
	for _, l := range list {
		_, err := r.api.Send(ctx, http.MethodDelete, l.path, nil)
		r.ended.Add(1)
		if err != nil && call.Status(err) != http.StatusNotFound {
			failed[l.kind]++
		}
	}
	for k, n := range failed {
		r.note("%s of a deleted object could not be ended; what is open ends by itself", k.Guards.Counted(n))
	}
}

// note keeps a line for people.
func (r *knowledge) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}
