package undo_test

import (
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/record"
)

// What somebody has changed since the run is told, by what it leads to and not by what it
// is called; what nobody has changed is not.
func TestSince(t *testing.T) {
	const new = "extension_groups: {c: {extra_params: x}}\nextensions: {\"104\": {type: ivr, status: active, label: Four, extension_group: c}}\naliases: {sales: {extension: \"104\"}}"
	const renamed = "extension_groups: {c: {previously: [b]}}\nextensions: {\"101\": {extension_group: c}}"
	const cleared = "extensions: {\"101\": {extension_group: null}}"
	const doubled = "extension_groups: {first: {name: a, id: 31}, second: {name: a, id: 33}}\nextensions: {\"101\": {extension_group: second}}"
	two := all(free, put(groups, 33, map[string]any{"name": "a", "extra_params": nil}))
	field := func(name string, v any) map[string]any { return map[string]any{name: v} }
	scenes(t, "since", []scene{
		{name: "nothing, of new ones", files: new, before: free},
		{name: "a text of a new one", files: new, before: free, after: edit(groups+"901", field("extra_params", "theirs"))},
		{name: "a text of a new one is not shown", files: new, before: free, after: func(l *canned.Server) {
			l.Tenant[groups] = []map[string]any{{"id": canned.Num(31), "name": "a"}, {"id": canned.Num(901), "name": "c"}}
		}},
		{name: "the group of a new one", files: new, before: free, after: edit(extensions+"902", field("extension_group_id", canned.Num(31)))},
		{name: "the group of a new one, cleared", files: new, before: free, after: edit(extensions+"902", field("extension_group_id", nil))},
		{name: "a new one is made by somebody else", files: new, before: free, after: all(gone(groups+"901"), put(groups, 77, map[string]any{"name": "c", "extra_params": "x"}))},
		{name: "a new one is gone", files: new, before: free, after: all(gone(extensions+"902"), edit(aliases+"211", field("extension_id", nil)))},
		{name: "where a number leads", files: new, before: free, after: edit(aliases+"211", field("extension_id", canned.Num(7)))},
		{name: "nothing, of a renamed one", files: renamed, before: free},
		{name: "to which group it belongs", files: renamed, before: free, after: edit(extensions+"7", field("extension_group_id", canned.Num(31)))},
		{name: "to which group it belongs, cleared", files: renamed, before: free, after: edit(extensions+"7", field("extension_group_id", nil))},
		{name: "nothing, of what was cleared", files: cleared, before: free},
		{name: "what was cleared is set", files: cleared, before: free, after: edit(extensions+"7", field("extension_group_id", canned.Num(32)))},
		{name: "nothing, of two of a name", files: doubled, before: two},
		{name: "to another of two of a name", files: doubled, before: all(two, put(groups, 34, map[string]any{"name": "a", "extra_params": nil})), after: edit(extensions+"7", field("extension_group_id", canned.Num(34)))},
		{name: "a new one is called otherwise", files: new, before: free, after: edit(groups+"901", field("name", "z"))},
		{name: "a new event leads elsewhere", files: "extensions: {\"101\": {}}\nagents: {local: {hall: {extension: \"101\", events: [{event_type: agent-logout, method: GET, url: \"https://a.example/\"}]}}}", before: all(free, hall), after: edit(agents+"221/event/901", field("url", "https://b.example/"))},
		{name: "nothing, of a group that a handle stands for", files: "extension_groups: {x: {name: b}}\nextensions: {\"102\": {extension_group: x}}", before: free},
		{name: "nothing, of a new group that the server calls in small letters", files: "extension_groups: {New: {extra_params: x}}", after: edit(groups+"901", field("name", "new")),
			respelled: []record.Respelled{{Address: "extension_group/New", ID: 901, Field: "name", Sent: "New", Kept: "new"}}},
		{name: "nothing, of a new event whose url the server keeps in another form", files: "extensions: {\"101\": {}}\nagents: {local: {hall: {extension: \"101\", events: [{event_type: agent-logout, method: GET, url: \"https://a.example/B\"}]}}}",
			before: all(free, hall), after: edit(agents+"221/event/901", field("url", "https://a.example/b")),
			respelled: []record.Respelled{{Address: "local_agent/hall/agent_event/agent-logout GET https:%2F%2Fa.example%2FB", ID: 901, Field: "event_type", Sent: "agent-logout GET https://a.example/B", Kept: "agent-logout GET https://a.example/b"}}},
		{name: "a part", files: renamed, before: free, only: []string{"extension/101"}, after: edit(extensions+"7", field("extension_group_id", canned.Num(31)))},
		{name: "a part that is not there", files: renamed, before: free, only: []string{"door/1"}},
	})
}
