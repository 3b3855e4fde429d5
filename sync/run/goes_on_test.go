package run_test

import (
	"errors"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// A call that begins after the plan was made is seen right before the extension is
// deleted, and nothing is sent for it unless that was allowed.
func TestCallsRightBeforeADelete(t *testing.T) {
	const calls = "/client/12/current_calls/"
	on := func(id int) map[string]any {
		return map[string]any{"call_list": []any{map[string]any{"extension_id": canned.Num(id), "called_number": "102"}}}
	}
	for _, test := range []struct {
		what   string
		calls  any
		hangup []string
		sent   int
		want   string
	}{
		{"none", map[string]any{"call_list": []any{}}, nil, 1, ""},
		{"of another", on(7), nil, 1, ""},
		{"one", on(8), nil, 0, "it has 1 call going on (called_number 102); nothing was sent for it; run apply again when that is over, or with --allow-hangup extension/102"},
		{"one that is allowed", on(8), []string{"extension/102"}, 1, ""},
		{"one, and another is allowed", on(8), []string{"extension/101"}, 0, "it has 1 call going on (called_number 102); nothing was sent for it; run apply again when that is over, or with --allow-hangup extension/102"},
		{"no list", map[string]any{}, nil, 0, "looking whether something goes on at it: GET " + calls + ": the server sent no call_list; is this the PBX's API?"},
		{"refused", canned.Status(403), nil, 0, "it may have calls, and nobody could look (the server answered 403); nothing was sent for it; run apply again when that is over, or with --allow-hangup extension/102"},
		{"broken", canned.Status(500), nil, 0, "looking whether something goes on at it: the server answered 500"},
		{"no row", map[string]any{"call_list": []any{1}}, nil, 0, "looking whether something goes on at it: GET " + calls + ": the server sent no call_list; is this the PBX's API?"},
	} {
		t.Run(test.what, func(t *testing.T) {
			w := canned.NewServer()
			w.Tenant["/client/12/did/"] = []map[string]any{}
			w.Tenant["/client/12/extension/8"] = map[string]any{"id": canned.Num(8), "name": "12037*102"}
			p := ordered(t, w, tenantLine+"extensions: {\"102\": {absent: true}}\n")
			w.Tenant[calls] = test.calls
			if status, ok := test.calls.(canned.Status); ok {
				w.Refuse = map[string]error{calls: status}
			}
			sum, err := run.Apply(t.Context(), w, p, nil, run.Options{Hangup: test.hangup}, nil, nil)
			if err != nil || len(w.Sent) != test.sent {
				t.Fatal(err, w.Sent)
			}
			got := ""
			if len(sum.Failures) > 0 {
				got = sum.Failures[0].Err.Error()
			}
			var guard *plan.Guard
			if got != test.want || errors.As(errors.Join(failures(sum)...), &guard) != (test.calls != nil && test.want != "" && test.want[:3] == "it ") {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
