package sync_test

import (
	"slices"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
)

// everything reads a whole tenant.
func everything(t *testing.T, l *losing, only ...string) *observe.Whole {
	t.Helper()
	w, err := sync.ReadAll(t.Context(), l, sync.Options{Catalogue: schema.Builtin(), Records: canned.NoneSaid}, only)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// A list that the server refuses is named, and its snapshot refuses it too: it is not empty.
func TestRefusedListsOfAWholeTenant(t *testing.T) {
	l := newLosing()
	l.Tenant["/client/12/ani/"] = map[string]any{}
	l.refuse = map[string]error{intervals: status(403)}
	w := everything(t, l)
	if len(w.Missed) != 1 || w.Missed[0].String() != "intervals: the server answered 403" || w.Snapshot.Refused[intervals] != 403 {
		t.Errorf("%v, %v", w.Missed, w.Snapshot.Refused)
	}
	if _, _, _, err := w.Snapshot.List(t.Context(), intervals, schema.Listing{}); call.Status(err) != 403 {
		t.Errorf("the snapshot says %v", err)
	}
	if not := w.NotKnown(); len(not) != 1 || not[0].Kind.Word != "interval" || not[0].Parent != nil || !slices.Contains(w.Unread, not[0].Kind) {
		t.Errorf("%v", not)
	}
}
