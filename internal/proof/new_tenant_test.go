package proof

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/sync/plan"
)

const nobodysSeed = "tenants: [{settings: {id: 99, name: other, prefix: \"12099\"}}]\n"

const newcomer = `version: 1
tenant: acme
settings: {dealer_id: 3, domain_id: 4, email: a@acme.example, dial_rule: D, extension_limit: 1, call_interactive_timeout: 3}
dial_rule_lists: {D: {dial_rules: []}}
extensions: {"101": {type: phone, status: active, phone: {record_enabled: true}}}
agents: {local: {L: {extension: "101", events: [{event_type: agent-login, method: GET, url: "https://a.example"}]}}}
variables: {A: "1"}
`

// A tenant that is to be created is made and filled once, whenever the run is cut
// off and in whatever order the plan allows. A create whose answer was lost is
// found by its name and not sent again.
func TestNewTenantAnyCrashSameEnd(t *testing.T) {
	for _, turn := range []func(*plan.Plan) *plan.Plan{nil, lastFirst} {
		for _, loseAnswer := range []bool{false, true} {
			for after := 0; ; after++ {
				b := newBox(t, simulator.Options{Admin: true}, nobodysSeed)
				b.options.Parallelism, b.options.Create = 1, "acme"
				p := b.start(newcomer)
				if after > len(p.Steps) {
					break
				}
				if turn != nil {
					p = turn(p)
				}
				var calls atomic.Int32
				b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
					n := int(calls.Add(1))
					if n <= after {
						return false
					}
					if n == after+1 && loseAnswer {
						b.server.Answer(nowhere{http.Header{}}, r)
					}
					panic(http.ErrAbortHandler)
				})
				sum, _ := b.run(p, nil)
				if made := sum.Created != nil; made != (after > 0) {
					t.Errorf("after %d steps: created %v", after, sum.Created)
				}
				b.server.Intercept(nil)
				if sum, _ = b.run(b.start(newcomer), nil); sum.Failed > 0 {
					t.Fatalf("after %d steps: %+v", after, *sum)
				}
				if p := b.start(newcomer); len(p.Steps) > 0 || p.Tenant.ID == 0 {
					t.Errorf("after %d steps there is left\n%s", after, steps(p))
				}
			}
		}
	}
}

// No step but the first can be sent before the tenant is there.
func TestEverythingWaitsForTheTenant(t *testing.T) {
	b := newBox(t, simulator.Options{Admin: true}, nobodysSeed)
	b.options.Create = "acme"
	p := b.start(newcomer)
	for _, s := range p.Steps[1:] {
		if fmt.Sprint(s.After[:1]) != "[1]" {
			t.Errorf("step %d waits for %v", s.Number, s.After)
		}
	}
	if q := b.again(p); len(q.Steps) != len(p.Steps) {
		t.Errorf("the saved plan leads to %d steps, not %d", len(q.Steps), len(p.Steps))
	}
}
