package plan_test

import (
	"fmt"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// What several objects lose in the same words is said once, what goes on at one of them is not.
func TestLossesInOneLine(t *testing.T) {
	l := canned.NewServer()
	l.Tenant["/client/12/extension/"] = []map[string]any{
		{"id": canned.Num(7), "name": "12037*101", "type": "ivr", "status": "active"}, {"id": canned.Num(8), "name": "12037*102", "type": "queue", "status": "active"},
		{"id": canned.Num(9), "name": "12037*103", "type": "fax", "status": "blocked"}, {"id": canned.Num(10), "name": "12037*104", "type": "queue", "status": "active"}, {"id": canned.Num(11), "name": "12037*105", "type": "queue", "status": "active"},
	}
	l.Tenant["/client/12/did/"] = []map[string]any{}
	l.Put("/client/12/interval/", 61, map[string]any{"name": "Night", "timezone": "Europe/Berlin", "conditions": []any{}}, nil)
	l.Tenant["/client/12/current_calls/"] = map[string]any{"call_list": []any{
		map[string]any{"extension_id": canned.Num(8), "called_number": "102"}, map[string]any{"extension_id": canned.Num(8), "called_number": "103"}, map[string]any{"extension_id": canned.Num(9), "called_number": "102"}}}
	l.Refuse = map[string]error{"/client/12/user/extension/": canned.Status(403), "/client/12/agent/local/": canned.Status(403)}
	s, err := observe.Observe(t.Context(), l, canned.Parse(t, tenantLine+`intervals: {Night: {absent: true}}
extensions: {"102": {absent: true}, "103": {absent: true}, "104": {absent: true}, "105": {absent: true}}
`), observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: canned.NoneSaid})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range plan.GroupLosses(s.Losses) {
		got = append(got, fmt.Sprintf("%s %s (running: %v)", g.Who(), g.Text, g.Running))
	}
	canned.Lines(t, "losses", got, `
extension/102, extension/104, extension/105: each loses its agents' places and caller id group, which this version cannot read; menus, not read either, may refer to it (running: false)
extension/102, extension/103, extension/104 and 1 more: each may be in use by what cannot be read here: agents.local: the server answered 403; users.extension: the server answered 403 (running: false)
extension/102 has 2 calls going on (called_number 102; called_number 103) (running: true)
extension/103 loses its caller id group, which this version cannot read; menus, not read either, may refer to it (running: false)
extension/103 has 1 call going on (called_number 102) (running: true)
interval/Night may be in use by task schedulers that are not on record, which this version does not read (running: false)`)
}

// A plan says what is ended once an object is gone, and what else is lost with it.
func TestWhatADeleteTakesAlong(t *testing.T) {
	l := canned.Busy()
	l.Tenant["/client/12/did/"] = []map[string]any{}
	p := order(t, observed(t, l, tenantLine+"users: {client: {ada: {absent: true}, bob: {name: Bobby}}}\nextensions: {\"102\": {absent: true}}\n", 1))
	for _, c := range p.Changes {
		want := map[string][2]string{"client_user/ada": {"", "its sessions are ended"}, "extension/102": {"its registrations, recordings and voicemail", ""}}[c.Address]
		if c.Follows != want[1] || c.Loses != want[0] {
			t.Errorf("%s: loses %q, follows %q", c.Address, c.Loses, c.Follows)
		}
	}
}
