package run_test

import (
	"maps"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/run"
)

// answering changes what the creates of a run are answered with, in their order.
func answering(rows ...map[string]any) func(*canned.Server) {
	return func(l *canned.Server) {
		l.Answer = func(method, at string, row map[string]any) map[string]any {
			if method != "POST" || len(rows) == 0 {
				return row
			}
			row, rows = rows[0], rows[1:]
			return row
		}
	}
}

// The answer to a create says which object was made: without an id it is not known, and
// another name, or the id of an object that was there, is that of another one.
func TestAnswersToCreates(t *testing.T) {
	const group = "extension_groups: {New Group: {}}"
	const two = "extension_groups: {New: {}, News: {}}"
	const agent = "agents: {local: {hall: {extension: \"101\", events: [{event_type: agent-login, method: GET, url: \"https://a.example/\"}]}}}\nextensions: {\"101\": {}}"
	row := func(id int, name string) map[string]any { return map[string]any{"id": canned.Num(id), "name": name} }
	hall := func(l *canned.Server) {
		l.Put("/client/12/agent/local/", 221, map[string]any{"name": "hall", "extension_id": 7}, nil)
		l.Tenant["/client/12/agent/local/221/event/"] = []map[string]any{}
	}
	scenes(t, "made", []scene{
		{name: "as sent", files: group, after: answering(row(901, "New Group"))},
		{name: "without an id", files: group, after: answering(map[string]any{"name": "New Group"})},
		{name: "without an id, and it is there", files: group, after: func(l *canned.Server) {
			answering(map[string]any{"name": "New Group"})(l)
			l.Put(groups, 33, map[string]any{"name": "New Group"}, nil)
		}},
		{name: "nothing", files: group, after: answering(nil)},
		{name: "in small letters", files: group, after: answering(row(901, "new group"))},
		{name: "another name", files: group, after: answering(row(901, "Other"))},
		{name: "another name, that blocks", files: "extension_groups: {New Group: {}}\nextensions: {\"101\": {extension_group: New Group}}", after: answering(row(901, "Other"))},
		{name: "no name", files: group, after: answering(map[string]any{"id": canned.Num(901)})},
		{name: "a name that is none", files: group, after: answering(map[string]any{"id": canned.Num(901), "name": []any{}})},
		{name: "the id of another, in small letters", files: group, after: answering(row(31, "new group"))},
		{name: "the id of another, as sent", files: group, after: answering(row(31, "New Group"))},
		{name: "the id of another kind, in small letters", files: group + "\nextensions: {\"101\": {}}", after: answering(row(7, "new group"))},
		{name: "the id of the one before, in small letters", files: two, after: answering(row(901, "New"), row(901, "NEWS"))},
		{name: "the id of a child of another parent", files: agent, before: hall, after: answering(row(221, ""))},
		{name: "a secret in its place", files: group, after: answering(row(901, "New Group https://u:p@a.example/"))},
		{name: "what a dealer shares", files: "intervals: {Office: {timezone: UTC, conditions: []}}", after: answering(map[string]any{"id": canned.Num(901), "name": "office", "dealer_id": canned.Num(1), "client_id": nil})},
	})
}

// A new name that the server keeps in another form goes on record before the create does.
func TestNamesGoOnRecord(t *testing.T) {
	l := canned.NewServer()
	answering(map[string]any{"id": canned.Num(901), "name": "new group"})(l)
	p := ordered(t, l, tenantLine+"extension_groups: {New Group: {}}\n")
	j := &canned.Journal{Fails: "respelled"}
	sum := journaled(t, l, p, j)
	if sum.Broken != canned.ErrFull || len(l.Sent) != 1 || sum.Done != 1 {
		t.Errorf("%+v, %q", sum, j.Lines)
	}
}

// What the server keeps in another form is told by the answer to the very write: only of
// what was sent and is shown, and of text.
func TestAnswersToUpdates(t *testing.T) {
	row := func(name string, more map[string]any) func(*canned.Server) {
		return func(l *canned.Server) {
			l.Answer = func(string, string, map[string]any) map[string]any {
				out := map[string]any{"id": canned.Num(7), "name": name}
				maps.Copy(out, more)
				return out
			}
		}
	}
	const two = "extensions: {\"101\": {status: blocked, label: \"One \"}}"
	const renamed = "extension_groups: {C: {previously: [b]}}"
	const day = "intervals: {Day: {timezone: Europe/Berlin, conditions: [{start_dow: mon, end_dow: fri}]}}"
	interval := func(l *canned.Server) {
		l.Put(intervals, 61, map[string]any{"name": "Day", "timezone": "UTC", "conditions": []any{}}, nil)
	}
	settings := func(l *canned.Server) {
		l.Tenant["/client/12/client/"] = map[string]any{"id": canned.Num(12), "name": "acme", "prefix": "12037", "call_interactive_url": nil}
		l.Tenant["/client/@me/client/"] = l.Tenant["/client/12/client/"]
	}
	scenes(t, "updates", []scene{
		{name: "as sent", files: two, after: row("12037*101", map[string]any{"status": "blocked", "label": "One "})},
		{name: "without blanks", files: two, after: row("12037*101", map[string]any{"status": "blocked", "label": "One"})},
		{name: "without blanks, and another status", files: two, after: row("12037*101", map[string]any{"status": "active", "label": "One"})},
		{name: "null", files: two, after: row("12037*101", map[string]any{"label": nil})},
		{name: "not shown", files: two, after: row("12037*101", nil)},
		{name: "with a password", files: two, after: row("12037*101", map[string]any{"label": "One https://u:p@a.example/"})},
		{name: "what a dealer shares", files: day, before: interval, after: row("Day", map[string]any{"timezone": "europe/berlin", "dealer_id": canned.Num(1), "client_id": nil})},
		{name: "a list", files: day, before: interval, after: row("Day", map[string]any{"timezone": "Europe/Berlin", "conditions": []any{map[string]any{"start_dow": canned.Num(2)}}})},
		{name: "a key", files: renamed, after: row("c", nil)},
		{name: "a key, as sent", files: renamed, after: row("C", nil)},
		{name: "settings", files: "settings: {call_interactive_url: \"https://A.example/\"}", before: settings, after: row("acme", map[string]any{"call_interactive_url": "https://a.example/"})},
		{name: "a new object's field", files: "extensions: {\"104\": {type: ivr, status: active, label: \"Four \"}}", after: row("12037*104", map[string]any{"id": canned.Num(901), "label": "Four", "type": "IVR"})},
		{name: "what replaced it already", files: "extension_groups: {a: {replaces: [b]}}", after: row("b", nil)},
		{name: "two, in the order of addresses", files: "extension_groups: {New Group: {}}\nextensions: {\"101\": {extension_group: New Group, label: \"One \", type: ivr}}", after: func(l *canned.Server) {
			l.Answer = func(method, _ string, _ map[string]any) map[string]any {
				if method == "POST" {
					return map[string]any{"id": canned.Num(901), "name": "new group"}
				}
				return map[string]any{"id": canned.Num(7), "name": "12037*101", "label": "One"}
			}
		}},
		{name: "no catalogue", files: two, after: row("12037*101", map[string]any{"label": "One"}), option: func(o *run.Options) { o.Catalogue = nil }},
	})
}
