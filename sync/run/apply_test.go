package run_test

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

func TestApply(t *testing.T) {
	w := canned.NewServer()
	p := ordered(t, w, canned.Wanted)
	var events []string
	sum, err := run.Apply(t.Context(), w, p, nil, run.Options{Parallelism: 1}, nil, sink(func(e run.Event) { events = append(events, fmt.Sprintf("%T", e)) }))
	if err != nil || sum.Done != len(p.Steps) || len(w.Sent) != len(p.Steps) {
		t.Fatalf("%v %+v\n%s", err, sum, strings.Join(w.Sent, "\n"))
	}
	for _, call := range w.Sent {
		if strings.ContainsAny(call[:strings.Index(call, " {")+1], "{}") || strings.Contains(call, "id_of") {
			t.Errorf("a symbol was sent: %s", call)
		}
	}
	if n := len(events); n != 2+2*len(p.Steps) || events[0] != "run.Started" || events[n-1] != "run.Finished" {
		t.Errorf("%v", events)
	}
}

// A call without an id in its path or body is never sent: DELETE /phone_events/
// deletes all of them.
func TestNoEmptyIDs(t *testing.T) {
	for _, tt := range []struct {
		name string
		step plan.Step
		ids  map[string]int64
	}{
		{"path", plan.Step{Method: "DELETE", Path: "/client/{tenant}/phone_events/{phone_event/x}"}, nil},
		{"zero", plan.Step{Method: "DELETE", Path: "/client/{tenant}/phone_event/{phone_event/x}"}, map[string]int64{"phone_event/x": 0}},
		{"negative", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/{did/x}"}, map[string]int64{"did/x": -1}},
		{"another object's", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/{did/x}"}, map[string]int64{"did/y": 5}},
		{"not closed", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/{did/x"}, map[string]int64{"did/x": 5}},
		{"empty symbol", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/{}"}, map[string]int64{"did/x": 5}},
		{"body", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/{did/x}", Body: map[string]any{"extension_id": plan.IDOf{Address: "extension/101"}}}, map[string]int64{"did/x": 5}},
		{"bundle", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/{did/x}", Body: map[string]any{"list": plan.IDKeyed{"{extension/101}": true}}}, map[string]int64{"did/x": 5}},
		{"in a bundle", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/{did/x}", Body: map[string]any{"list": plan.IDKeyed{"main": plan.IDOf{Address: "extension/101"}}}}, map[string]int64{"did/x": 5}},
		{"check", plan.Step{Method: "PUT", Path: "/client/{tenant}/did/5", Checks: []plan.Check{{Live: &schema.Object{Kind: schema.Builtin().Kind("did"), Key: "x"}}}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &canned.Server{}
			tt.step.Number, tt.step.Changes = 1, []string{"x"}
			p := &plan.Plan{Value: plan.Value{Tenant: plan.TenantID{ID: 12}, IDs: tt.ids, Steps: []plan.Step{tt.step}}}
			sum, err := run.Apply(t.Context(), w, p, nil, run.Options{}, nil, nil)
			if err != nil || sum.Failed != 1 || len(w.Sent) > 0 {
				t.Fatalf("%v %+v, sent %v", err, sum, w.Sent)
			}
			if !strings.Contains(sum.Failures[0].Err.Error(), "refused a call") || sum.Failures[0].Doubtful {
				t.Errorf("%+v", sum.Failures[0])
			}
		})
	}
	w := &canned.Server{}
	p := &plan.Plan{Value: plan.Value{Steps: []plan.Step{{Number: 1, Method: "DELETE", Path: "/client/{tenant}/x/", Changes: []string{"x"}}}}}
	if sum, _ := run.Apply(t.Context(), w, p, nil, run.Options{}, nil, nil); sum.Failed != 1 || len(w.Sent) > 0 {
		t.Errorf("without a tenant: %+v, sent %v", sum, w.Sent)
	}
}

// A doubtful step is a failed one whose outcome is not known, and blocks as such.
func TestDoubtful(t *testing.T) {
	w := canned.NewServer()
	w.Fail = map[string]error{"POST /client/12/extension_group/": canned.NoAnswer}
	p := ordered(t, w, canned.Wanted)
	sum, err := run.Apply(t.Context(), w, p, nil, run.Options{Parallelism: 3}, nil, nil)
	if err != nil || sum.Failed != 1 || len(sum.Doubtful) != 1 || sum.Doubtful[0].Changes[0] != "extension_group/c" {
		t.Fatalf("%v %+v", err, sum)
	}
	// 101 and 104 wait for the group, the agent and a number for 104, 103 for the number.
	if sum.Skipped != 5 || sum.Done+sum.Failed+sum.Skipped != len(p.Steps) {
		t.Errorf("%+v of %d\n%s", sum, len(p.Steps), strings.Join(w.Sent, "\n"))
	}
}
