package diff

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/wording"
)

// liveOf makes a live tenant of rows by kind; a row may hold "of", the address of
// its parent.
func liveOf(t *testing.T, rows map[string][]map[string]any) *Live {
	t.Helper()
	l := NewLive(12, "acme", "12037")
	for _, k := range schema.Builtin().Kinds { // parents sort before their children here
		for i, row := range rows[k.Word] {
			var parent *schema.Object
			for _, o := range l.Objects {
				if o.Address() == row["of"] {
					parent = o
				}
			}
			if row["id"] == nil && !k.Singleton() {
				row["id"] = json.Number([]string{"1", "2", "3", "4"}[i])
			}
			o, err := l.NewObject(k, parent, row)
			if err != nil {
				t.Fatal(err)
			}
			l.Put(o)
			l.Lists[k] = true
		}
	}
	return l
}

func compare(t *testing.T, text string, rows map[string][]map[string]any) *Result {
	t.Helper()
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "t.yaml", Data: []byte("version: 1\ntenant: acme\n" + text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	live := liveOf(t, rows)
	if ps := append(live.Match(desired), live.Resolve(desired)...); len(ps) > 0 {
		t.Fatal(ps)
	}
	return Compare(desired, live)
}

type rows = map[string][]map[string]any

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		live       rows
		changes    []string // action address: fields
		strays     []string
		problems   []string
	}{
		{name: "nothing", text: "extension_groups: {}\n"},
		{name: "equal", text: "extension_groups: {a: {extra_params: x}}\n",
			live: rows{"extension_group": {{"name": "a", "extra_params": "x"}}}},
		{name: "left out is left alone", text: "extension_groups: {a: {}}\n",
			live: rows{"extension_group": {{"name": "a", "extra_params": "x"}}}},
		{name: "null is not set", text: "extension_groups: {a: {extra_params: null}}\n",
			live: rows{"extension_group": {{"name": "a", "extra_params": nil}}}},
		{name: "null and empty text", text: "extension_groups: {a: {extra_params: null}, b: {extra_params: \"\"}}\n",
			live: rows{"extension_group": {{"name": "a", "extra_params": ""}, {"name": "b"}}}},
		{name: "cleared", text: "extension_groups: {a: {extra_params: null}}\n",
			live:    rows{"extension_group": {{"name": "a", "extra_params": "x"}}},
			changes: []string{"update extension_group/a: extra_params"}},
		{name: "numbers", text: "extensions: {\"101\": {dial_rule_limit: 3}}\n",
			live: rows{"extension": {{"name": "12037*101", "dial_rule_limit": json.Number("3")}}}},
		{name: "other numbers", text: "extensions: {\"101\": {dial_rule_limit: 3}}\n",
			live:    rows{"extension": {{"name": "12037*101", "dial_rule_limit": json.Number("4")}}},
			changes: []string{"update extension/101: dial_rule_limit"}},
		{name: "0 is not null", text: "extensions: {\"101\": {dial_rule_limit: 0}}\n",
			live:    rows{"extension": {{"name": "101", "dial_rule_limit": nil}}},
			changes: []string{"update extension/101: dial_rule_limit"}},
		{name: "a reference of 0 is null", text: "extensions: {\"101\": {extension_group: null}}\n",
			live: rows{"extension": {{"name": "101", "extension_group_id": json.Number("0")}}}},
		{name: "a set has no order", text: "network_permissions: {n: {network_address: [192.0.2.0/24, 198.51.100.0/24]}}\n",
			live: rows{"network_permission": {{"name": "n", "network_address": []any{"198.51.100.0/24", "192.0.2.0/24"}}}}},
		{name: "a list has one", text: "call_statuses: {s: {property_list: [a, b]}}\n",
			live:    rows{"call_status": {{"name": "s", "property_list": []any{"b", "a"}}}},
			changes: []string{"update call_status/s: property_list"}},
		{name: "an empty list and one that is not set", text: "network_permissions: {n: {network_address: []}}\n",
			live: rows{"network_permission": {{"name": "n", "network_address": nil}}}},
		{name: "names of one time zone", text: "settings: {timezone: Europe/Kiev}\n",
			live: rows{"settings": {{"timezone": "Europe/Kyiv"}}}},
		{name: "nested", text: "dial_rule_lists: {d: {dial_rules: [{match_exp: a, repl_exp: b, comment: null}]}}\n",
			live: rows{"dial_rule": {{"name": "d", "dial_rules": []any{map[string]any{"match_exp": "a", "repl_exp": "b", "comment": ""}}}}}},
		{name: "nested, deep down", text: "dial_rule_lists: {d: {dial_rules: [{match_exp: a, repl_exp: b}]}}\n",
			live:    rows{"dial_rule": {{"name": "d", "dial_rules": []any{map[string]any{"match_exp": "a", "repl_exp": "c"}}}}},
			changes: []string{"update dial_rule/d: dial_rules"}},
		{name: "fields are sorted", text: "extensions: {\"101\": {label: a, caller_id_name: b, ani_rfc3325: true}}\n",
			live:    rows{"extension": {{"name": "101", "label": nil, "caller_id_name": nil, "ani_rfc3325": nil}}},
			changes: []string{"update extension/101: ani_rfc3325 caller_id_name label"}},
		{name: "create", text: "extension_groups: {a: {}, b: {extra_params: x}}\n",
			changes: []string{"create extension_group/a:", "create extension_group/b: extra_params"}},
		{name: "strays", text: "extension_groups: {}\ndids: {}\n",
			live:   rows{"extension_group": {{"name": "b"}, {"name": "a"}}, "did": {{"name": "49"}}},
			strays: []string{"did/49 stays", "extension_group/a", "extension_group/b"}},
		{name: "no strays of what the files leave out", text: "dids: {}\n", live: rows{"extension_group": {{"name": "b"}}}},
		{name: "ignored strays", text: "unmanaged: {extension_group: ignore}\nextension_groups: {}\n", live: rows{"extension_group": {{"name": "b"}}}},
		{name: "the dealer's are no strays", text: "prune: [dial_rule]\ndial_rule_lists: {}\n",
			live: rows{"dial_rule": {{"name": "d", "dealer_id": json.Number("1"), "client_id": nil}}}},
		{name: "the dealer's name is another name", text: "dial_rule_lists: {d: {dial_rules: []}}\n",
			live:    rows{"dial_rule": {{"name": "d", "dealer_id": json.Number("1"), "client_id": nil}}},
			changes: []string{"create dial_rule/d: dial_rules"}},
		{name: "prune", text: "prune: [extension_group]\nextension_groups: {a: {}}\n",
			live:    rows{"extension_group": {{"name": "a"}, {"name": "b"}}},
			changes: []string{"delete extension_group/b:"}},
		{name: "absent", text: "extension_groups: {a: {absent: true}, b: {absent: true}}\n",
			live:    rows{"extension_group": {{"name": "a"}}},
			changes: []string{"delete extension_group/a:"}},
		{name: "no such number", text: "dids: {\"49\": {extension: null}}\n",
			problems: []string{"t.yaml:3:8: did/49: no such did in this tenant, and the API cannot create one"}},
		{name: "create only", text: "extensions: {\"101\": {type: ivr}}\n",
			live:     rows{"extension": {{"name": "101", "type": "phone"}}},
			changes:  []string{"update extension/101: type"},
			problems: []string{`t.yaml:3:22: extension/101: type is phone in the tenant and ivr in the files, and only create may set it; write type: phone, or replaces: ["101"] to delete the object and make it anew`}},
		{name: "what the server does not show is not compared", text: "extensions: {\"101\": {label: a, caller_id_name: b}}\n",
			live:    rows{"extension": {{"name": "101", "label": nil}}},
			changes: []string{"update extension/101: label"}},
		{name: "null that no request takes", text: "extensions: {\"101\": {type: ivr, status: active, ani_rfc3325: null}}\n",
			changes: []string{"create extension/101: ani_rfc3325 status type"}},
		{name: "null that no request takes, at what comes with its parent", text: "extensions: {\"101\": {type: phone, status: active, phone: {record_enabled: false, vm_enabled: null, label: null}}}\n",
			changes: []string{"create extension/101: status type", "update extension/101/phone: label record_enabled"}},
		{name: "null that was read", text: "extensions: {\"101\": {ani_rfc3325: null}}\n",
			live: rows{"extension": {{"name": "101", "ani_rfc3325": nil}}}},
		{name: "everything that is missing, at once", text: "extensions: {\"101\": {type: phone}, \"102\": {status: active}}\n",
			changes: []string{"create extension/101: type", "create extension/102: status"},
			problems: []string{"extension/101: has to be created, and status is not decided", "left alone the server would choose blocked",
				"extension/101/phone: has to be created, and record_enabled is not decided", "left alone the server would choose true",
				"extension/102: has to be created, and type is missing"}},
		{name: "only a phone has a phone", text: "extensions: {\"101\": {phone: {label: x}}}\n",
			live:     rows{"extension": {{"name": "101", "type": "queue"}}},
			problems: []string{"extension/101/phone: extension/101 has type queue in the tenant, and only phone has a phone"}},
		{name: "born", text: "extensions: {\"101\": {type: phone, status: active, phone: {record_enabled: false}}}\n",
			changes: []string{"create extension/101: status type", "update extension/101/phone: record_enabled"}},
		{name: "born with nothing to say", text: "extensions: {\"101\": {type: ivr, status: active}}\n",
			changes: []string{"create extension/101: status type"}},
		{name: "children", text: "agents: {remote: {a: {events: [{event_type: agent-login, method: GET, url: \"https://a\"}]}}}\n",
			live: rows{"remote_agent": {{"name": "a"}},
				"agent_event": {}},
			changes: []string{"create remote_agent/a/agent_event/agent-login GET https:%2F%2Fa: event_type method url"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, tt.text, tt.live)
			var changes, strays []string
			for _, ch := range r.Changes {
				line := string(ch.Action) + " " + ch.Address() + ":"
				for _, f := range ch.Fields {
					line += " " + f.Name
				}
				changes = append(changes, line)
			}
			for _, s := range r.Strays {
				line := s.Object.Address()
				if s.Stays {
					line += " stays"
				}
				strays = append(strays, line)
			}
			if !slices.Equal(changes, tt.changes) {
				t.Errorf("changes %q, wanted %q", changes, tt.changes)
			}
			if !slices.Equal(strays, tt.strays) {
				t.Errorf("strays %q, wanted %q", strays, tt.strays)
			}
			text := r.Problems.Error()
			for _, want := range tt.problems {
				if !strings.Contains(text, want) {
					t.Errorf("problems\n%s\nlack\n%s", text, want)
				}
			}
			if len(tt.problems) == 0 && len(r.Problems) > 0 {
				t.Errorf("problems: %v", r.Problems)
			}
		})
	}
}

func TestCoverage(t *testing.T) {
	r := compare(t, "extension_groups: {a: {extra_params: x}, b: {}}\n", rows{"extension_group": {{"name": "a", "extra_params": nil}, {"name": "b", "extra_params": nil}, {"name": "c", "extra_params": nil}}})
	if r.Coverage != (Coverage{Compared: 1, Fields: 2}) {
		t.Errorf("%+v", r.Coverage)
	}
}

// A field that answers lack counts apart, and is named with the number of objects.
func TestHidden(t *testing.T) {
	r := compare(t, "extension_groups: {a: {extra_params: x}, b: {}}\n", rows{"extension_group": {{"name": "a"}, {"name": "b"}, {"name": "c"}}})
	if r.Coverage != (Coverage{}) || len(r.Changes) > 0 {
		t.Errorf("%+v, %d changes", r.Coverage, len(r.Changes))
	}
	if len(r.Hidden) != 1 || r.Hidden[0].Field.Name != "extra_params" || r.Hidden[0].Objects != 2 {
		t.Errorf("%+v", r.Hidden)
	}
}

// What no call can bring back is a difference of its own and stops nothing else.
func TestStuck(t *testing.T) {
	r := compare(t, "settings: {timezone: null, call_interactive_url: null}\nextensions: {\"101\": {status: active, ani_rfc3325: null}}\n", rows{
		"settings":  {{"timezone": "UTC", "call_interactive_url": "https://x.example"}},
		"extension": {{"name": "101", "status": "blocked", "ani_rfc3325": true}},
	})
	var got []string
	for _, s := range r.Stuck {
		got = append(got, s.Address+" "+s.Field+" "+s.Place.String()+" "+wording.Value(s.Old))
	}
	if want := []string{"extension/101 ani_rfc3325 t.yaml:4:38 true", "settings timezone t.yaml:3:12 UTC"}; !slices.Equal(got, want) {
		t.Errorf("%q, wanted %q", got, want)
	}
	if len(r.Changes) != 2 || len(r.Problems) > 0 {
		t.Errorf("%d changes, problems %v", len(r.Changes), r.Problems)
	}
}

// What the server fills in is listed at each create, and only there.
func TestUnstated(t *testing.T) {
	r := compare(t, "extensions: {\"101\": {type: phone, status: active, phone: {record_enabled: false, vm_enabled: false}}}\n", nil)
	if n := len(r.Changes[0].Unstated); n != 0 {
		t.Errorf("the extension has %v", r.Changes[0].Unstated)
	}
	got := map[string]any{}
	for _, u := range r.Changes[1].Unstated {
		got[u.Name] = u.Value
	}
	if got["hangup_timeout"] != int64(60) || got["auth_type"] != "digest" || got["ignore_early_media"] != true {
		t.Errorf("%v", got)
	}
	for _, name := range []string{"vm_enabled", "record_enabled", "hold_music", "intercom"} {
		if _, ok := got[name]; ok {
			t.Errorf("%s is stated, a reference or null: %v", name, got)
		}
	}
}

// Each field of a change knows where it is stated.
func TestPlaces(t *testing.T) {
	r := compare(t, "defaults:\n  extension: {label: x}\nextensions:\n  \"101\":\n    caller_id_name: y\n", rows{"extension": {{"name": "101", "label": nil, "caller_id_name": nil}}})
	want := map[string]string{"label": "t.yaml:4:15", "caller_id_name": "t.yaml:7:5"}
	for _, f := range r.Changes[0].Fields {
		if got := f.Place.String(); got != want[f.Name] {
			t.Errorf("%s at %s, wanted %s", f.Name, got, want[f.Name])
		}
	}
}

// A tenant that is there is not made, though its settings were not read.
func TestSettingsThatWereNotRead(t *testing.T) {
	for isNew, want := range map[bool]int{false: 0, true: 1} {
		live := NewLive(12, "acme", "12037")
		live.New = isNew
		made := 0
		for _, ch := range Compare(declared(t, "settings: {email: a@a.example}\n"), live).Changes {
			if ch.Makes() {
				made++
			}
		}
		if made != want {
			t.Errorf("new %v: %d made", isNew, made)
		}
	}
}

// What is there with every tenant comes with a new one, and is missed where it was not shown.
func TestSingletonThatIsNotShown(t *testing.T) {
	for isNew, want := range map[bool]string{false: "0 changes, 1 missing", true: "1 changes, 0 missing"} {
		live := NewLive(12, "acme", "12037")
		live.New = isNew
		r := Compare(declared(t, "dids: {\"49301\": {}}\nani: \"49301\"\n"), live)
		changes, missing := 0, 0
		for _, ch := range r.Changes {
			if ch.Address() == "ani" {
				changes++
			}
		}
		for _, m := range r.Missing {
			if m.Address == "ani" {
				missing++
			}
		}
		if got := fmt.Sprintf("%d changes, %d missing", changes, missing); got != want {
			t.Errorf("new %v: %s, want %s", isNew, got, want)
		}
	}
}

// What a run has made is found under the name that the server gave it, and by nothing less.
func TestMatchOfWhatWasMade(t *testing.T) {
	for _, test := range []struct {
		made Made
		want string
	}{
		{Made{ID: 1, Key: "g"}, "extension_group/G"},
		{Made{ID: 9, Key: "g"}, "extension_group/g"}, // it is gone
		{Made{ID: 1, Key: "x"}, "extension_group/g"}, // somebody has renamed it
	} {
		live := liveOf(t, map[string][]map[string]any{"extension_group": {{"name": "g"}}})
		live.Made = map[string]Made{"extension_group/G": test.made}
		if ps := live.Match(declared(t, "extension_groups: {G: {}}\n")); len(ps) > 0 || live.Objects[0].Address() != test.want {
			t.Errorf("%+v: %s, %v", test.made, live.Objects[0].Address(), ps)
		}
	}
}
