package sync_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	gosync "sync"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// writer is a server of canned answers that notes what is sent to it.
type writer struct {
	canned.Tenant
	mu   gosync.Mutex
	sent []string
	next int64
	fail map[string]error
}

func (w *writer) SendForm(context.Context, string, map[string]string, call.File) (map[string]any, error) {
	return nil, fmt.Errorf("no file is sent here")
}

func (w *writer) Send(_ context.Context, method, path string, body map[string]any) (map[string]any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	data, _ := json.Marshal(body)
	w.sent = append(w.sent, fmt.Sprintf("%s %s %s", method, path, data))
	if err := w.fail[method+" "+path]; err != nil {
		return nil, err
	}
	if method != "POST" {
		return nil, nil
	}
	w.next++
	return map[string]any{"id": json.Number(fmt.Sprint(900 + w.next)), "name": body["name"]}, nil
}

func observed(t *testing.T, api call.Reader, text string, parallelism int) *observe.State {
	t.Helper()
	s, err := sync.Observe(context.Background(), api, canned.Parse(t, text), sync.Options{Catalogue: schema.Builtin(), Parallelism: parallelism, Records: canned.NoneSaid})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 || len(s.Guards) > 0 {
		t.Fatal(s.Problems, s.Guards)
	}
	return s
}

func order(t *testing.T, s *observe.State) *plan.Plan {
	t.Helper()
	return canned.Order(t, &s.Basis)
}

func TestApply(t *testing.T) {
	w := &writer{Tenant: canned.Small()}
	p := order(t, observed(t, w, canned.Wanted, 1))
	var events []string
	sum, err := sync.Apply(context.Background(), w, p, nil, sync.Options{Parallelism: 1}, nil, sink(func(e run.Event) { events = append(events, fmt.Sprintf("%T", e)) }))
	if err != nil || sum.Done != len(p.Steps) || len(w.sent) != len(p.Steps) {
		t.Fatalf("%v %+v\n%s", err, sum, strings.Join(w.sent, "\n"))
	}
	for _, call := range w.sent {
		if strings.ContainsAny(call[:strings.Index(call, " {")+1], "{}") || strings.Contains(call, "id_of") {
			t.Errorf("a symbol was sent: %s", call)
		}
	}
	if n := len(events); n != 2+2*len(p.Steps) || events[0] != "run.Started" || events[n-1] != "run.Finished" {
		t.Errorf("%v", events)
	}
}

type sink func(run.Event)

func (s sink) Event(e run.Event) { s(e) }

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
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &writer{}
			tt.step.Number, tt.step.Changes = 1, []string{"x"}
			p := &plan.Plan{Value: plan.Value{Tenant: plan.TenantID{ID: 12}, IDs: tt.ids, Steps: []plan.Step{tt.step}}}
			sum, err := sync.Apply(context.Background(), w, p, nil, sync.Options{}, nil, nil)
			if err != nil || sum.Failed != 1 || len(w.sent) > 0 {
				t.Fatalf("%v %+v, sent %v", err, sum, w.sent)
			}
			if !strings.Contains(sum.Failures[0].Err.Error(), "refused a call") || sum.Failures[0].Doubtful {
				t.Errorf("%+v", sum.Failures[0])
			}
		})
	}
	w := &writer{}
	p := &plan.Plan{Value: plan.Value{Steps: []plan.Step{{Number: 1, Method: "DELETE", Path: "/client/{tenant}/x/", Changes: []string{"x"}}}}}
	if sum, _ := sync.Apply(context.Background(), w, p, nil, sync.Options{}, nil, nil); sum.Failed != 1 || len(w.sent) > 0 {
		t.Errorf("without a tenant: %+v, sent %v", sum, w.sent)
	}
}

type maybe struct{ error }

func (maybe) IsDoubtful() bool { return true }
func (maybe) HTTPStatus() int  { return 502 }

func TestErrors(t *testing.T) {
	plain, odd := errors.New("plain"), fmt.Errorf("wrapped: %w", maybe{errors.New("odd")})
	if call.Doubtful(plain) || call.Doubtful(nil) || !call.Doubtful(odd) || call.Status(plain) != 0 || call.Status(odd) != 502 {
		t.Error("doubt or status is lost")
	}
	for want, g := range map[string]*plan.Guard{"a": {Message: "a"}, "a; b": {Message: "a", Hint: "b"}} {
		if g.Error() != want {
			t.Errorf("%q, wanted %q", g.Error(), want)
		}
	}
	if n := (observe.Calls{Lists: 3, Items: 2, Tenant: 9, Extra: 9, Second: 9}).Reads(); n != 5 {
		t.Errorf("%d", n)
	}
}

// A doubtful step is a failed one whose outcome is not known, and blocks as such.
func TestDoubtful(t *testing.T) {
	w := &writer{Tenant: canned.Small(), fail: map[string]error{"POST /client/12/extension_group/": maybe{errors.New("no answer")}}}
	p := order(t, observed(t, w, canned.Wanted, 1))
	sum, err := sync.Apply(context.Background(), w, p, nil, sync.Options{Parallelism: 3}, nil, nil)
	if err != nil || sum.Failed != 1 || len(sum.Doubtful) != 1 || sum.Doubtful[0].Changes[0] != "extension_group/c" {
		t.Fatalf("%v %+v", err, sum)
	}
	// 101 and 104 wait for the group, the agent and a number for 104, 103 for the number.
	if sum.Skipped != 5 || sum.Done+sum.Failed+sum.Skipped != len(p.Steps) {
		t.Errorf("%+v of %d\n%s", sum, len(p.Steps), strings.Join(w.sent, "\n"))
	}
}

// Another tenant than the files name is never planned for.
func TestWrongTenant(t *testing.T) {
	for text, want := range map[string]string{
		`tenant: {name: acme, prefix: "12038"}`: `the files are for prefix "12038"`,
		`tenant: other`:                         `the files are for tenant "other"`,
	} {
		_, err := sync.Observe(context.Background(), canned.Small(), canned.Parse(t, "version: 1\n"+text+"\n"), sync.Options{Catalogue: schema.Builtin()})
		var g *plan.Guard
		if !errors.As(err, &g) || !strings.Contains(g.Message, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	s, err := sync.Observe(context.Background(), canned.Small(), canned.Parse(t, "version: 1\ntenant: {name: Acme, prefix: \"12037\"}\n"), sync.Options{Catalogue: schema.Builtin()})
	if err != nil || len(s.Problems) != 1 || s.Problems[0].Warning == "" {
		t.Errorf("another name with the right prefix: %v %v", err, s)
	}
}
