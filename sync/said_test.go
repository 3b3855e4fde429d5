package sync_test

import (
	"fmt"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// What several objects lose in the same words is said once, what goes on at one of them is not.
func TestLossesInOneLine(t *testing.T) {
	l := newLiving()
	l.canned["/client/12/extension/"] = []map[string]any{
		{"id": num(7), "name": "12037*101", "type": "ivr", "status": "active"}, {"id": num(8), "name": "12037*102", "type": "queue", "status": "active"},
		{"id": num(9), "name": "12037*103", "type": "fax", "status": "blocked"}, {"id": num(10), "name": "12037*104", "type": "queue", "status": "active"}, {"id": num(11), "name": "12037*105", "type": "queue", "status": "active"},
	}
	l.canned["/client/12/did/"] = []map[string]any{}
	l.put(intervals, 61, map[string]any{"name": "Night", "timezone": "Europe/Berlin", "conditions": []any{}}, nil)
	l.canned["/client/12/current_calls/"] = map[string]any{"call_list": []any{
		map[string]any{"extension_id": num(8), "called_number": "102"}, map[string]any{"extension_id": num(8), "called_number": "103"}, map[string]any{"extension_id": num(9), "called_number": "102"}}}
	l.refuse = map[string]error{"/client/12/user/extension/": status(403), "/client/12/agent/local/": status(403)}
	s, err := sync.Observe(t.Context(), l, parse(t, tenantLine+`intervals: {Night: {absent: true}}
extensions: {"102": {absent: true}, "103": {absent: true}, "104": {absent: true}, "105": {absent: true}}
`), l.options(&record.Records{}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range plan.GroupLosses(s.Losses) {
		got = append(got, fmt.Sprintf("%s %s (running: %v)", g.Who(), g.Text, g.Running))
	}
	lines(t, "losses", got, `
extension/102, extension/104, extension/105: each loses its queue settings, agents' places, incoming call rules, events, own outgoing number and caller id group, which this version cannot read; queues, menus and incoming rules, not read either, may refer to it (running: false)
extension/102, extension/103, extension/104 and 1 more: each may be in use by what cannot be read here: agents.local: the server answered 403; users.extension: the server answered 403 (running: false)
extension/102 has 2 calls going on (called_number 102; called_number 103) (running: true)
extension/103 loses its fax settings, incoming call rules, events, own outgoing number and caller id group, which this version cannot read; queues, menus and incoming rules, not read either, may refer to it (running: false)
extension/103 has 1 call going on (called_number 102) (running: true)
interval/Night may be in use by incoming rules and task schedulers that are not on record, which this version does not read (running: false)`)
}

// The tenants that an administrator sees are listed by id, a long list twice.
func TestTenants(t *testing.T) {
	search := schema.Builtin().Root().Tenant.Search
	row := func(id any, name string) map[string]any {
		return map[string]any{"id": id, "name": name, "prefix": "1"}
	}
	for name, test := range map[string]struct {
		lists [2][]map[string]any
		pages int
		want  string
	}{
		"one page":       {[2][]map[string]any{{row(num(9000000000000000000), "b"), row("7", "a")}, nil}, 1, "[{7 a 1} {9000000000000000000 b 1}] <nil> 1 0"},
		"two pages":      {[2][]map[string]any{{row(num(10), "b")}, {row(num(10), "b")}}, 2, "[{10 b 1}] <nil> 2 2"},
		"that change":    {[2][]map[string]any{{row(num(10), "b")}, {row(num(10), "c")}}, 2, "[] the list of tenants changed while it was read (1 rows, then 1); run again 2 2"},
		"without an id":  {[2][]map[string]any{{row(nil, "b")}, nil}, 1, "[] list of tenants: one without an id; is this the PBX's API? 1 0"},
		"with id 0":      {[2][]map[string]any{{row(num(0), "b")}, nil}, 1, "[] list of tenants: one without an id; is this the PBX's API? 1 0"},
		"not to be seen": {[2][]map[string]any{nil, nil}, 0, "[] the server answered 403 1 0"},
		"not twice":      {[2][]map[string]any{{row(num(10), "b")}, nil}, 3, "[] the server answered 500 3 0"},
	} {
		l := newLosing()
		l.list = func(_ string, nth int) ([]map[string]any, int, bool) {
			if test.pages == 3 {
				l.refuse = map[string]error{search: status(500)}
			}
			return test.lists[nth-1], test.pages, true
		}
		if test.pages == 0 {
			l.refuse = map[string]error{search: status(403)}
		}
		list, calls, err := observe.Tenants(t.Context(), l, schema.Builtin())
		if got := fmt.Sprint(list, " ", err, " ", calls.Tenant, " ", calls.Second); got != test.want {
			t.Errorf("%s: %s, wanted %s", name, got, test.want)
		}
	}
	if n := observe.LeastCalls(schema.Builtin()); n < 10 {
		t.Errorf("%d calls", n)
	}
}

// Values of many objects are not overwritten at once: it is counted by kind who has a value
// that somebody has set and loses it.
func TestOverwrites(t *testing.T) {
	l := newLiving()
	files := tenantLine + "extension_groups:\n"
	var groups []map[string]any
	for i := range 12 {
		groups = append(groups, map[string]any{"id": num(300 + i), "name": fmt.Sprint("g", i), "extra_params": map[bool]any{true: "set", false: nil}[i < 5]})
		if i < 8 {
			name := fmt.Sprint("g", i)
			if i == 4 {
				name = "new: {previously: [g4], extra_params: x}"
				files += "  " + name + "\n"
				continue
			}
			files += fmt.Sprintf("  %s: {extra_params: x}\n", name)
		}
	}
	l.canned["/client/12/extension_group/"] = groups
	s, _ := l.plan(t, parse(t, files))
	list := observe.Overwrites(s)
	if len(list) != 1 || list[0].Kind.Word != "extension_group" || list[0].Objects != 5 || list[0].Of != 12 {
		t.Fatalf("%+v", list)
	}
	const want = "this overwrites what is set at 5 of 12 (extension_group), over 30 % of a kind; apply needs --allow-updates 5"
	if g := observe.OverwriteGuard(list, 4); g == nil || g.Error() != want {
		t.Errorf("%v", g)
	}
	if g := observe.OverwriteGuard(list, 5); g != nil {
		t.Errorf("%v", g)
	}
	l.canned["/client/12/extension_group/"] = groups[:9]
	if s, _ := l.plan(t, parse(t, files)); len(observe.Overwrites(s)) > 0 {
		t.Error("of few objects it is asked")
	}
}

// What is not any more as the plan saw it is said with what was found.
func TestMovedInWords(t *testing.T) {
	for want, m := range map[string]run.Moved{
		"it is gone since the plan was made; nothing was sent for it; run plan again":                                                           {Address: "a/b", Gone: true},
		`its id belongs to "c" since the plan was made; nothing was sent for it; run plan again`:                                                {Address: "a/b", Named: "c"},
		`somebody changed f since the plan was made: it was 1, it is "x" now, and the plan wants null; nothing was sent for it; run plan again`: {Address: "a/b", Field: "f", Old: 1, Now: "x"},
	} {
		if got := m.Error(); got != want {
			t.Errorf("%s, wanted %s", got, want)
		}
	}
}

// A snapshot is of a tenant, and in the version that this program knows.
func TestSnapshotsThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "it has no tenant",
		`{"format_version": "1.0", "tenant": {"id": 0}}`:  "it has no tenant",
		`{"format_version": "1.0", "tenant": {"id": -1}}`: "it has no tenant",
		`{"tenant": {"id": 12}}`:                          "it has no tenant",
		`{"format_version": "2.0", "tenant": {"id": 1}}`:  `it has format_version "2.0", this program knows 1.0`,
		`{"format_version": "1.0", "tenant": {"id": 1}}`:  "<nil>",
	} {
		if _, err := observe.DecodeSnapshot([]byte(text)); fmt.Sprint(err) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A plan says what is ended once an object is gone, and what else is lost with it.
func TestWhatADeleteTakesAlong(t *testing.T) {
	l := signedIn(nil)
	l.canned["/client/12/did/"] = []map[string]any{}
	p := order(t, observed(t, l, tenantLine+"users: {client: {ada: {absent: true}, bob: {name: Bobby}}}\nextensions: {\"102\": {absent: true}}\n", 1))
	for _, c := range p.Changes {
		want := map[string][2]string{"client_user/ada": {"", "its sessions are ended"}, "extension/102": {"its registrations, recordings and voicemail", ""}}[c.Address]
		if c.Follows != want[1] || c.Loses != want[0] {
			t.Errorf("%s: loses %q, follows %q", c.Address, c.Loses, c.Follows)
		}
	}
}
