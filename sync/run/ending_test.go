package run_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/run"
)

const (
	sessions = "/client/12/oauth/session/"
	noUsers  = tenantLine + "users: {client: {ada: {absent: true}, bob: {absent: true}}}\n"
)

// signedIn is a tenant with two users; each list of sessions is what the test says, by user.
func signedIn(rows map[int][]map[string]any) *canned.Server {
	l := canned.NewServer()
	for id, name := range map[int]string{71: "ada", 72: "bob"} {
		l.Put(users, id, map[string]any{"name": "Somebody", "login": name, "email": name + "@a.example", "access": "full", "status": "active"}, nil)
		l.Tenant[fmt.Sprint(sessions, "?user_id=", id)] = rows[id]
	}
	l.Tenant["/client/12/settings/"] = map[string]any{}
	return l
}

func session(id any, user int) map[string]any {
	return map[string]any{"id": id, "user_id": canned.Num(user)}
}

// endings returns the paths of the sessions that were ended.
func endings(l *canned.Server) (out []string) {
	for _, s := range l.Sent {
		if path, ok := strings.CutPrefix(s, "DELETE "+sessions); ok {
			out = append(out, strings.TrimSuffix(path, " null"))
		}
	}
	return out
}

// The sessions of a deleted user are ended after it, and no others: a server that ignores the
// filter shows those of all, and an id that would lead to another path is not used.
func TestSessionsOfADeletedUser(t *testing.T) {
	l := signedIn(map[int][]map[string]any{
		71: {session("s-1", 71), session("s-2", 72), session("../../user", 71), session("", 71), session(canned.Num(5), 71)},
		72: {session("s-2", 72)},
	})
	l.Fail = map[string]error{"DELETE " + sessions + "s-2": canned.Status(404)}
	sum, _ := applied(t, l, noUsers)
	if got := endings(l); sum.Done != 2 || !slices.Equal(got, []string{"s-1", "5", "s-2"}) || sum.Ended != 3 || len(sum.Notes) > 0 {
		t.Errorf("%q, %+v", got, sum)
	}
	if sum.Checks != 4 { // a look for sessions and one at the user, each
		t.Errorf("%d looks were counted", sum.Checks)
	}
	for i, s := range l.Sent {
		if user := strings.Index(s, users); strings.HasPrefix(s, "DELETE "+sessions) && (user >= 0 || i == 0) {
			t.Errorf("a session was ended first: %q", l.Sent)
		}
	}
}

// partial is a server that breaks off in the middle of a list of sessions.
type partial struct{ *canned.Server }

func (p partial) List(ctx context.Context, at string, how schema.Listing) ([]map[string]any, int, int, error) {
	rows, pages, extra, err := p.Server.List(ctx, at, how)
	if strings.HasPrefix(at, sessions) {
		err = canned.Status(500)
	}
	return rows, pages, extra, err
}

// Of a list that could not be read to its end nothing is ended.
func TestSessionsOfHalfAList(t *testing.T) {
	l := signedIn(map[int][]map[string]any{71: {session("s-1", 71)}})
	p := ordered(t, l, noUsers)
	sum, err := run.Apply(t.Context(), partial{l}, p, nil, run.Options{}, nil, nil)
	if err != nil || sum.Done != 2 || len(endings(l)) > 0 || len(sum.Notes) != 2 {
		t.Errorf("%v %+v %q", err, sum, l.Sent)
	}
}

// The user is gone, whatever becomes of its sessions: what could not be ended is said, in the
// same order each time.
func TestSessionsThatStay(t *testing.T) {
	l := signedIn(map[int][]map[string]any{72: {session("s-1", 72), session("s-2", 72), session("s-3", 72)}})
	l.Fail = map[string]error{"DELETE " + sessions + "s-1": canned.Status(500), "DELETE " + sessions + "s-3": canned.Status(403)}
	l.Refuse = map[string]error{sessions + "?user_id=71": canned.Status(403)}
	sum, _ := applied(t, l, noUsers)
	want := []string{
		"2 sessions of a deleted object could not be ended; what is open ends by itself",
		"nobody could look for the sessions of client_user/ada (the server answered 403); those that are open end by themselves",
	}
	if sum.Done != 2 || sum.Ended != 3 || !slices.Equal(sum.Notes, want) {
		t.Errorf("%+v\n%q", sum, sum.Notes)
	}
}
