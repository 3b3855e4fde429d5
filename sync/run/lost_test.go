package run_test

import (
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
)

const person = tenantLine + "users: {client: {ada: {name: Ada, email: a@a.example, access: full, status: active, password: {env: PASSWORD}}}}\n"

// afterMaking loses the answer to a create that was carried out; no list shows a password.
func afterMaking(l *canned.Server) func(method, at string, body map[string]any) bool {
	return func(method, at string, body map[string]any) bool {
		if method == "POST" {
			delete(body, "password")
			l.Put(at, 71, body, nil)
		}
		return method == "POST"
	}
}

// Nothing tells whether the password of an object that was found is the one that was
// sent, so it is sent once more, and noted before that.
func TestSecretsOfWhatWasFound(t *testing.T) {
	l := canned.NewServer()
	l.Lose = afterMaking(l)
	sum, lines := applied(t, l, person)
	if want := `PUT ` + users + `71 {"password":"pass word"}`; sum.Done != 1 || len(l.Sent) != 2 || l.Sent[1] != want {
		t.Errorf("%+v\n%q, wanted %s", sum, l.Sent, want)
	}
	want := []string{"intent 1.1 POST " + users, "unknown 1 the server answered 502", "ack 1 71 found after its answer was lost", "intent 1.2 PUT " + users + "71", "ack 1 71 "}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%q, wanted\n%q", lines, want)
	}
}

// Where its secrets cannot be sent once more, that is said, with the way out.
func TestSecretsOfWhatWasFoundFail(t *testing.T) {
	l := canned.NewServer()
	l.Fail = map[string]error{"PUT " + users + "71": canned.Status(400)}
	l.Lose = afterMaking(l)
	sum, lines := applied(t, l, person)
	const want = "it was made, and its secrets could not be sent once more: the server answered 400; apply again with --send-secrets client_user/ada"
	if sum.Failed != 1 || sum.Failures[0].Err.Error() != want || !slices.Contains(lines, "failed 1 the server answered 400") {
		t.Errorf("%+v\n%q", sum, lines)
	}
}

// An update or a delete whose answer was lost is done where the tenant shows it, and
// only there.
func TestLostUpdatesAndDeletes(t *testing.T) {
	for name, test := range map[string]struct {
		files string
		done  bool // whether the server carried it out
		says  string
	}{
		"an update that was done":   {"extension_groups: {a: {extra_params: x}}", true, "ack 1 0 it is as wanted"},
		"an update that was not":    {"extension_groups: {a: {extra_params: x}}", false, ""},
		"a delete that was done":    {"extension_groups: {b: {absent: true}}", true, "ack 1 0 it is gone"},
		"a delete that was not":     {"extension_groups: {b: {absent: true}}", false, ""},
		"two fields, one was taken": {"extensions: {\"101\": {label: One, status: blocked}}", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := canned.NewServer()
			l.Lose = func(method, at string, body map[string]any) bool {
				if strings.Contains(name, "one was taken") {
					body, test.done = map[string]any{"label": "One"}, true
				}
				if test.done {
					l.Change(method, at, body)
				}
				return true
			}
			sum, lines := applied(t, l, tenantLine+test.files+"\n")
			if test.says != "" && (sum.Done != 1 || !slices.Contains(lines, test.says)) || test.says == "" && (sum.Failed != 1 || len(sum.Doubtful) != 1) {
				t.Errorf("%+v\n%q", sum, lines)
			}
			if len(l.Sent) != 1 {
				t.Errorf("%q", l.Sent)
			}
		})
	}
}

// What an update has to carry and the plan does not change is sent as it is now, and not
// as it was when the plan was made: it would undo what somebody changed since.
func TestCarriedFieldsAreFresh(t *testing.T) {
	l := canned.NewServer()
	l.Put(intervals, 61, map[string]any{"name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}, nil)
	p := ordered(t, l, tenantLine+"intervals: {Office: {conditions: [{start_dow: mon, end_dow: fri}]}}\n")
	l.Change("PUT", intervals+"61", map[string]any{"timezone": "Europe/Paris"})
	sum, _ := carriedOut(t, l, p)
	if sum.Done != 1 || len(l.Sent) != 1 || !strings.Contains(l.Sent[0], `"timezone":"Europe/Paris"`) || !strings.Contains(l.Sent[0], `"name":"Office"`) {
		t.Errorf("%+v\n%q", sum, l.Sent)
	}
}
