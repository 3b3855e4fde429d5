package observe_test

import (
	"slices"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
)

// A list that the server refuses is named, and its snapshot refuses it too: it is not empty.
func TestRefusedListsOfAWholeTenant(t *testing.T) {
	const closed = "/client/12/interval/"
	l := canned.NewServer()
	l.Tenant["/client/12/ani/"] = map[string]any{}
	l.Refuse = map[string]error{closed: canned.Status(403)}
	w, err := observe.ReadAll(t.Context(), l, options(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Missed) != 1 || w.Missed[0].String() != "intervals: the server answered 403" || w.Snapshot.Refused[closed] != 403 {
		t.Errorf("%v, %v", w.Missed, w.Snapshot.Refused)
	}
	if _, _, _, err := w.Snapshot.List(t.Context(), closed, schema.Listing{}); call.Status(err) != 403 {
		t.Errorf("the snapshot says %v", err)
	}
	if not := w.NotKnown(); len(not) != 1 || not[0].Kind.Word != "interval" || not[0].Parent != nil || !slices.Contains(w.Unread, not[0].Kind) {
		t.Errorf("%v", not)
	}
}
