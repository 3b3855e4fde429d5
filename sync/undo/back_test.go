package undo_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/undo"
)

const (
	extensions = "/client/12/extension/"
	groups     = "/client/12/extension_group/"
	dids       = "/client/12/did/"
	aliases    = "/client/12/alias/"
	agents     = "/client/12/agent/local/"
	sounds     = "/client/12/sound/"
)

func all(do ...func(*canned.Server)) func(*canned.Server) {
	return func(l *canned.Server) {
		for _, f := range do {
			f(l)
		}
	}
}

func put(list string, id int, row map[string]any) func(*canned.Server) {
	return func(l *canned.Server) { l.Put(list, id, row, nil) }
}

func edit(at string, row map[string]any) func(*canned.Server) {
	return func(l *canned.Server) { l.Change("PUT", at, row) }
}

func gone(at string) func(*canned.Server) {
	return func(l *canned.Server) { l.Change("DELETE", at, nil) }
}

// free is a tenant whose extensions nobody refers to.
func free(l *canned.Server) {
	l.Tenant[dids] = []map[string]any{}
	l.Tenant[extensions] = []map[string]any{
		{"id": canned.Num(7), "name": "12037*101", "type": "phone", "status": "active", "label": nil, "extension_group_id": canned.Num(31)},
		{"id": canned.Num(8), "name": "12037*102", "type": "queue", "status": "active", "extension_group_id": nil},
	}
	l.Tenant["/extension/7/phone/"] = map[string]any{"label": "Desk", "incoming_limit": canned.Num(3), "auth_type": "digest", "record_enabled": false, "bundle": nil}
	l.Tenant[agents+"221/event/"] = []map[string]any{}
}

func hall(l *canned.Server) {
	l.Put(agents, 221, map[string]any{"name": "hall", "extension_id": 7, "call_timeout": 30}, nil)
	l.Put(agents+"221/event/", 401, map[string]any{"event_type": "agent-login", "method": "GET", "url": "https://a.example/"}, nil)
}

// without takes images out of the record.
func without(addresses ...string) func(*undo.Past) {
	return func(p *undo.Past) {
		kept := p.Before[:0:0]
		for _, b := range p.Before {
			keep := true
			for _, a := range addresses {
				keep = keep && b.Address != a
			}
			if keep {
				kept = append(kept, b)
			}
		}
		p.Before = kept
	}
}

// nothingWanted is a record that does not say what the run wanted.
func nothingWanted(p *undo.Past) { p.Plan.Wanted = nil }

// onDisk is a record that was read from a file.
func onDisk(p *undo.Past) {
	for i := range p.Before {
		data, _ := json.Marshal(p.Before[i].Values)
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		p.Before[i].Values = nil
		_ = d.Decode(&p.Before[i].Values)
	}
}

// What a run has deleted is made again, with all that went with it, as far as its image
// allows; what depends on something that cannot come back does not come back either.
func TestMadeAgain(t *testing.T) {
	const gone2 = "extensions: {\"101\": {absent: true}}"
	const chain = "extension_groups: {a: {absent: true}}\nextensions: {\"101\": {absent: true}}\nagents: {local: {hall: {absent: true}}}"
	ada := put(users, 71, map[string]any{"name": "Ada", "login": "ada", "email": "a@a.example", "access": "full", "status": "active"})
	hello := put(sounds, 301, map[string]any{"title": "Hello", "filename": "hello.wav"})
	scenes(t, "made", []scene{
		{name: "a phone", files: gone2, before: free},
		{name: "a phone without its image", files: gone2, before: free, past: without("extension/101/phone")},
		{name: "a queue", files: "extensions: {\"102\": {absent: true}}", before: free},
		{name: "an agent, its extension and its group", files: chain, before: all(free, hall)},
		{name: "an agent, and the phone is lost", files: chain, before: all(free, hall), past: without("extension/101/phone")},
		{name: "an agent without its image", files: chain, before: all(free, hall), past: without("local_agent/hall", "extension_group/a")},
		{name: "an agent's event", files: "agents: {local: {hall: {extension: \"101\", events: []}}}\nextensions: {\"101\": {}}\nprune: [agent_event]", before: all(free, hall)},
		{name: "a user", files: "users: {client: {ada: {absent: true}}}", before: ada},
		{name: "a user, of another name", files: "users: {client: {bob: {replaces: [ada], name: Bob, email: b@a.example, access: full, status: active, password: {env: PASSWORD}}}}", before: ada},
		{name: "a sound", files: "sounds: {Hello: {absent: true}}", before: hello},
		{name: "a sound with another file", files: "sounds: {Hello: {file: hello.wav}}", before: hello, reads: func(o *observe.Options) { o.Folder = canned.Folder{"hello.wav": canned.Wave} }},
		{name: "an extension of another name", files: "extensions: {\"201\": {type: ivr, status: active, replaces: [\"102\"]}}", before: free},
		{name: "an extension of its own name", files: "extensions: {\"102\": {type: ivr, status: active, replaces: [\"102\"]}}", before: free},
		{name: "an extension of another name, and the record lacks the new one", files: "extensions: {\"201\": {type: ivr, status: active, replaces: [\"102\"]}}", before: free, past: nothingWanted},
		{name: "an extension of its own name, and the record lacks the new one", files: "extensions: {\"102\": {type: ivr, status: active, replaces: [\"102\"]}}", before: free, past: nothingWanted},
		{name: "an extension that a number leads to", files: "extensions: {\"102\": {type: ivr, status: active, replaces: [\"102\"]}}\ndids: {\"49301\": {extension: \"102\"}}",
			before: func(l *canned.Server) {
				free(l)
				l.Put(dids, 201, map[string]any{"name": "49301", "extension_id": 8, "message_extension_id": nil}, nil)
			}},
		{name: "two of one name", files: "extension_groups: {x: {name: a, id: 33, absent: true}}", before: all(free, put(groups, 33, map[string]any{"name": "a", "extra_params": "x"}))},
		{name: "two of one name, as a record on disk has it", files: "extension_groups: {}\nprune: [extension_group]\nextensions: {\"101\": {absent: true}}",
			before: all(free, edit(extensions+"7", map[string]any{"type": "ivr"}), gone(groups+"32"), put(groups, 33, map[string]any{"name": "a", "extra_params": nil})), past: onDisk},
		{name: "a group beside two of one name", files: "extension_groups: {b: {absent: true}}\nextensions: {\"102\": {absent: true}}",
			before: all(free, put(groups, 33, map[string]any{"name": "a", "extra_params": nil}), edit(extensions+"8", map[string]any{"extension_group_id": canned.Num(33)}))},
		{name: "a group that an extension is in", files: "extension_groups: {a: {absent: true}}\nextensions: {\"101\": {extension_group: null}}", before: free},
		{name: "a group of which there is no image", files: "extension_groups: {a: {absent: true}}\nextensions: {\"101\": {extension_group: null}}", before: free, past: without("extension_group/a")},
		{name: "a group of which the name alone is shown", files: "extension_groups: {z: {absent: true}}", before: all(free, put(groups, 33, map[string]any{"name": "z"}))},
		{name: "an extension whose label has a password", files: "extensions: {\"102\": {absent: true}}", before: all(free, edit(extensions+"8", map[string]any{"label": "https://u:p@a.example/"}))},
		{name: "the tenant", files: "settings: {absent: true, delete_dids: false}", before: func(l *canned.Server) {
			l.Tenant["/client/12/client/"] = l.Tenant["/client/@me/client/"]
			l.Tenant["/admin/client/12"] = l.Tenant["/client/@me/client/"]
		}, reads: func(o *observe.Options) { o.Delete = "acme" }},
	})
}

// What a run has made goes again, but for what the API cannot delete; that lets go of what
// the run has made too.
func TestUnmade(t *testing.T) {
	const queue = "intervals: {Day: {timezone: UTC, conditions: []}}\ntask_schedulers: {calls: {interval: Day, comment: ours}}"
	night := put(intervals, 61, map[string]any{"name": "Night", "timezone": "UTC", "conditions": []any{}})
	scenes(t, "unmade", []scene{
		{name: "an agent with events", files: "extensions: {\"104\": {type: ivr, status: active}}\nagents: {local: {L: {extension: \"104\", events: [{event_type: agent-login, method: GET, url: \"https://a.example/\"}]}}}", before: free},
		{name: "an event of an agent", files: "extensions: {\"101\": {}}\nagents: {local: {hall: {extension: \"101\", events: [{event_type: agent-login, method: GET, url: \"https://a.example/\"}, {event_type: agent-logout, method: GET, url: \"https://a.example/\"}]}}}", before: all(free, hall)},
		{name: "a phone", files: "extensions: {\"104\": {type: phone, status: active, phone: {record_enabled: false}}}", before: free},
		{name: "a scheduler and its interval", files: queue},
		{name: "a scheduler with a field that is not known any more", files: queue, past: func(p *undo.Past) {
			for i := range p.Plan.Changes {
				p.Plan.Changes[i].Fields = append(p.Plan.Changes[i].Fields, plan.FieldChange{Name: "ringtone", New: "b"})
			}
		}},
		{name: "a scheduler beside its interval", files: "intervals: {Night: {}}\ntask_schedulers: {calls: {interval: Night}}", before: night},
		{name: "a scheduler and an interval that was changed", files: "intervals: {Night: {timezone: Europe/Paris}}\ntask_schedulers: {calls: {interval: Night}}", before: night},
		{name: "it is not known what was made", files: "extension_groups: {c: {}}", past: func(p *undo.Past) { p.Made = nil }},
		{name: "it was not begun", files: "extension_groups: {c: {}}\nextensions: {\"101\": {label: One}}", past: func(p *undo.Past) { p.Begun = nil }},
		{name: "the tenant", files: "version: 1\ntenant: new\nsettings: {dealer_id: 3, domain_id: 4, email: it@new.example}\nextension_groups: {a: {}}", before: func(l *canned.Server) {
			l.Refuse = map[string]error{"/client/@me/client/": canned.Status(404)}
			l.Answer = func(_, at string, row map[string]any) map[string]any {
				if at == "/admin/client/" {
					row["prefix"] = "555"
				}
				return row
			}
		}, reads: func(o *observe.Options) { o.Create = "new" }},
	})
}

// What a run has changed is as it was, where the API can say that.
func TestRestored(t *testing.T) {
	networks := "/client/12/network_permission/"
	linked := func(l *canned.Server) {
		free(l)
		l.Put(extensions, 9, map[string]any{"name": "12037*103", "type": "phone", "status": "active", "label": nil, "extension_group_id": nil}, nil)
		l.Tenant["/extension/9/phone/"] = maps.Clone(l.Tenant["/extension/7/phone/"].(map[string]any))
	}
	settings := func(more map[string]any) func(*canned.Server) {
		return func(l *canned.Server) {
			row := map[string]any{"id": canned.Num(12), "name": "acme", "prefix": "12037", "timezone": "UTC", "call_interactive_method": "GET", "call_interactive_out_call": false}
			maps.Copy(row, more)
			l.Tenant["/client/@me/client/"], l.Tenant["/client/12/client/"] = row, row
		}
	}
	doubled := all(free, put(groups, 33, map[string]any{"name": "a", "extra_params": nil}))
	scenes(t, "restored", []scene{
		{name: "a reference", files: "extension_groups: {b: {}}\nextensions: {\"101\": {extension_group: b}}", before: free},
		{name: "a reference to one of two of a name", files: "extension_groups: {first: {name: a, id: 31}, second: {name: a, id: 33}}\nextensions: {\"101\": {extension_group: second}}", before: doubled},
		{name: "a name", files: "extension_groups: {c: {previously: [b]}}"},
		{name: "a name, and a value", files: "extension_groups: {c: {previously: [b], extra_params: x}}"},
		{name: "a name that a handle stands for", files: "extension_groups: {x: {name: c, id: 32, previously: [b]}}"},
		{name: "a list that was not set", files: "network_permissions: {office: {network_address: [10.0.0.0/8]}}", before: put(networks, 51, map[string]any{"name": "office", "network_address": nil})},
		{name: "a list", files: "network_permissions: {office: {network_address: [10.0.0.0/8]}}", before: put(networks, 51, map[string]any{"name": "office", "network_address": []any{"192.168.0.0/16"}})},
		{name: "a word that was not set", files: "agents: {local: {hall: {extension: \"101\", call_timeout: 20}}}\nextensions: {\"101\": {}}", before: all(free, put(agents, 221, map[string]any{"name": "hall", "extension_id": 7, "call_timeout": nil}))},
		{name: "a URL with a password", files: "settings: {call_interactive_url: \"https://b.example/\"}", before: settings(map[string]any{"call_interactive_url": "https://u:p@a.example/"})},
		{name: "a bundle that ended, and what one of it is called", files: "extensions: {\"101\": {phone: {bundle: null}}, \"103\": {label: Three}}", before: func(l *canned.Server) {
			linked(l)
			l.Tenant["/extension/7/phone/"].(map[string]any)["bundle"] = map[string]any{"bundle_list": map[string]any{"9": map[string]any{"active": true}}, "bundle_id": canned.Num(7)}
		}},
		{name: "a bundle", files: "extensions: {\"101\": {phone: {bundle: {\"103\": {active: true}}}}, \"103\": {}}", before: linked},
		{name: "a secret", files: "users: {client: {ada: {name: Eve, email: a@a.example, access: full, status: active, password: {env: PASSWORD, version: 2}}}}",
			before: put(users, 71, map[string]any{"name": "Ada", "login": "ada", "email": "a@a.example", "access": "full", "status": "active"}), reads: func(o *observe.Options) { o.SendSecrets = []string{"client_user/*"} }},
		{name: "a kind that is not known any more", files: "extension_groups: {a: {extra_params: x}}", past: func(p *undo.Past) { p.Before[0].Kind = "door" }},
		{name: "a kind that is not known any more, wanted", files: "extension_groups: {a: {extra_params: x}}", past: func(p *undo.Past) { p.Plan.Wanted[0].Kind = "door" }},
		{name: "a field that is not known any more", files: "extensions: {\"101\": {label: One}}", before: free, past: func(p *undo.Past) {
			p.Plan.Changes[0].Fields = append(p.Plan.Changes[0].Fields, plan.FieldChange{Name: "ringtone", Old: "a", New: "b"})
		}},
		{name: "without an image", files: "extension_groups: {a: {extra_params: x}}", past: without("extension_group/a")},
	})
}
