package plan_test

import (
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/canned"
	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
)

// A class of risk is refused where a change is of it and nobody approved it, and only there.
func TestRisksOfAPlan(t *testing.T) {
	s := &plan.Basis{Diff: &diff.Result{}, Live: &diff.Live{}}
	p := &plan.Plan{Value: plan.Value{Changes: []plan.Change{
		{Address: "extension/101", Risks: []risk.Class{risk.Cuts}}, {Address: "extension/102", Risks: []risk.Class{risk.Cuts, risk.Opens}}}}}
	for _, test := range []struct {
		name             string
		failOn           []risk.Class
		approved         []string
		pending          map[string]bool
		planned, happens string
	}{
		{"two classes", []risk.Class{risk.Opens, risk.Cuts, risk.Costs}, nil, nil, "cuts extension/101, extension/102; opens extension/102", "cuts extension/101, extension/102; opens extension/102"},
		{"one is approved", []risk.Class{risk.Cuts, risk.Opens}, []string{"cuts"}, nil, "opens extension/102", "opens extension/102"},
		{"one is pending", []risk.Class{risk.Cuts, risk.Opens}, nil, map[string]bool{"extension/102": true}, "cuts extension/101, extension/102; opens extension/102", "cuts extension/101"},
		{"nothing is asked", nil, nil, nil, "", ""},
	} {
		for what, guards := range map[string][]*plan.Guard{test.planned: plan.Risky(s, p, test.failOn, test.approved), test.happens: plan.Happened(s, p, test.pending, test.failOn, test.approved)} {
			var got []string
			for _, g := range guards {
				got = append(got, strings.Join(g.Values, ",")+" "+g.Message[strings.LastIndex(g.Message, ": ")+2:])
			}
			if text := strings.Join(got, "; "); text != what {
				t.Errorf("%s: %q, want %q", test.name, text, what)
			}
		}
	}
}

// Who takes the last user that can sign in is asked; not where one stays, comes, or is changed in
// something else, or is let in again.
func TestLastOfAKind(t *testing.T) {
	for files, want := range map[string]string{
		"{ada: {absent: true}, bob: {absent: true}}":                           "client_user/ada is deleted, client_user/bob is deleted",
		"{ada: {status: blocked}, bob: {absent: true}}":                        "client_user/ada is no longer active, client_user/bob is deleted",
		"{ada: {status: blocked}, bob: {name: Robert, status: blocked}}":       "client_user/ada is no longer active, client_user/bob is no longer active",
		"{ada: {status: blocked}}":                                             "",
		"{ada: {status: blocked}, bob: {name: Robert}}":                        "",
		"{ada: {status: blocked}, bob: {absent: true}, eve: {status: active}}": "",
		"{ada: {status: blocked}, bob: {absent: true}, tom: {name: Tom, email: t@a.example, access: full, status: active, password: {env: TOM}}}":  "",
		"{ada: {status: blocked}, bob: {absent: true}, tom: {name: Tom, email: t@a.example, access: full, status: blocked, password: {env: TOM}}}": "client_user/ada is no longer active, client_user/bob is deleted",
		"{ada: {absent: true}, bob: {absent: true}, eve: {name: Eva}}":                                                                             "client_user/ada is deleted, client_user/bob is deleted",
		"{ada: {absent: true}, bob: {absent: true}, eve: {absent: true}}":                                                                          "client_user/ada is deleted, client_user/bob is deleted",
		"{eve: {absent: true}}": "",
	} {
		l := canned.NewServer()
		for id, login := range []string{"ada", "bob", "eve"} {
			status := "active"
			if login == "eve" {
				status = "blocked"
			}
			l.Put("/client/12/user/client/", 71+id, map[string]any{"name": "E", "login": login, "email": "a@a.example", "access": "full", "status": status}, nil)
		}
		s := observed(t, l, tenantLine+"users: {client: "+files+"}\n", 1)
		var got string
		for _, g := range plan.Risky(&s.Basis, order(t, s), nil, nil) {
			got += strings.TrimPrefix(g.Message, "after this plan nobody could sign in to the whole tenant: ")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", files, got, want)
		}
	}
}
