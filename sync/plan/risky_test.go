package plan_test

import (
	"strings"
	"testing"

	"pbxsync/diff"
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
