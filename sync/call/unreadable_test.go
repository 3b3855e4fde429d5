package call_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/call"
)

type sometimes struct{ canned.Status }

func (sometimes) IsUnsteady() bool { return true }

type steady struct{ canned.Status }

func (steady) IsUnsteady() bool { return false }

// Only what is about one collection alone can be left out: a server that is busy, or a
// connection that was cut, says nothing about what there is.
func TestUnreadable(t *testing.T) {
	for _, test := range []struct {
		err    error
		is     bool
		unseen string
	}{
		{nil, false, ""},
		{errors.New("cut off"), false, ""},
		{canned.Status(400), true, "the server answered 400"},
		{canned.Status(401), false, ""},
		{canned.Status(403), true, "the server answered 403"},
		{canned.Status(404), true, "the server answered 404"},
		{canned.Status(405), true, "the server answered 405"},
		{canned.Status(410), true, "the server answered 410"},
		{canned.Status(429), false, ""},
		{canned.Status(500), false, ""},
		{canned.Status(501), true, "the server answered 501"},
		{canned.Status(503), false, ""},
		{canned.Status(200), true, "the server sent no list"},
		{canned.Status(204), true, "the server sent no list"},
		{canned.Status(301), false, ""},
		{sometimes{403}, false, ""},
		{steady{403}, true, "the server answered 403"},
		{fmt.Errorf("wrapped: %w", canned.Status(403)), true, "the server answered 403"},
		{errors.Join(canned.Status(403), context.Canceled), false, ""},
	} {
		if got := test.err != nil && call.Unreadable(test.err); got != test.is {
			t.Errorf("%v: %v", test.err, got)
		}
		if got := call.Unseen(test.err); got != test.unseen {
			t.Errorf("%v: %q, wanted %q", test.err, got, test.unseen)
		}
	}
}
