package run

import (
	"context"
	"fmt"
	"net/http"

	"pbxsync/schema"
	"pbxsync/sync/call"
)

// isSequence reports whether an object is a list of objects of the API.
func isSequence(o *schema.Object) bool { return o.Kind.Each != nil }

// sequenceNow reads the items of a sequence as they are now, nil where what they stand under
// is gone.
func (r *sending) sequenceNow(ctx context.Context, o *schema.Object) (*schema.Object, error) {
	path, err := call.Fill(o.ItemPath(), r.idOf)
	if err != nil {
		return nil, err
	}
	rows, pages, extra, err := r.api.List(ctx, path, o.Kind.Each.Listing())
	r.checked.Add(int64(pages + extra))
	if call.Status(err) == http.StatusNotFound {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("looking at it before it is written to: %w", err)
	}
	now, err := r.plan.Live.NewSequence(o.Kind, o.Parent, rows)
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", path, err)
	}
	r.plan.Live.ResolveObject(now)
	return now, nil
}

// keyed reports whether objects of a kind have names: items of a sequence are told by their
// ids alone.
func keyed(k *schema.Kind) bool { return k.Form != schema.FormSequence }

// madeItems returns the items of a kind without a key that the run has made: only their ids
// tell one from another that may have been made.
func (r *knowledge) madeItems(k *schema.Kind) map[int64]bool {
	known := map[int64]bool{}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range r.madeIDs[k] {
		known[id] = !keyed(k)
	}
	return known
}

// spellableItems reports whether a list can be another form of one that was sent. Items of a sequence
// are objects of the API, each sent by its own call: it is one if each field of each is the same or spelled
// otherwise. A rule without the hours that were sent with it is another rule, and works at all hours.
func spellableItems(f *schema.Field, sent, kept []any) bool {
	if f.Items == nil || !f.Items.Whole {
		return true
	}
	if len(sent) != len(kept) {
		return false
	}
	for i := range sent {
		want, _ := sent[i].(map[string]any)
		got, _ := kept[i].(map[string]any)
		for _, sub := range f.Items.Fields {
			if a, b := want[sub.Name], got[sub.Name]; !schema.Equal(a, b) && !spellable(sub, a, b) {
				return false
			}
		}
	}
	return true
}
