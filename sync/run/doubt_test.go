package run_test

import (
	"maps"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/observe"
	"pbxsync/sync/run"
)

// losing carries calls out, or not, and loses their answers.
func losing(done bool) func(*canned.Server) {
	return func(l *canned.Server) {
		l.Lose = func(method, at string, body map[string]any) bool {
			switch {
			case !done:
			case method == "POST":
				l.Put(at, 901, body, nil)
			default:
				if one, ok := l.Tenant[at].(map[string]any); ok {
					maps.Copy(one, body)
				} else {
					l.Change(method, at, body)
				}
			}
			return true
		}
	}
}

// Whether an update or a delete without an answer was carried out is looked up, and taken
// for done only where the tenant shows all of it.
func TestDoubts(t *testing.T) {
	const label = "extensions: {\"101\": {label: One, status: blocked}}"
	const number = "extensions: {\"104\": {type: ivr, status: active}}\ndids: {\"49301\": {extension: \"104\"}}"
	const person = "users: {client: {ada: {name: Ada, email: a@a.example, access: full, status: active, password: {env: PASSWORD, version: 2}}}}"
	ada := func(l *canned.Server) {
		l.Put(users, 71, map[string]any{"name": "Ada", "login": "ada", "email": "a@a.example", "access": "full", "status": "active"}, nil)
	}
	refusing := func(done bool, at string) func(*canned.Server) {
		return func(l *canned.Server) {
			losing(done)(l)
			lose := l.Lose
			l.Lose = func(method, path string, body map[string]any) bool {
				l.Refuse = map[string]error{at: canned.Status(500)}
				return lose(method, path, body)
			}
		}
	}
	failing := func(call string, status int) func(*canned.Server) {
		return func(l *canned.Server) { l.Fail = map[string]error{call: canned.Status(status)} }
	}
	onlyPuts := func(l *canned.Server) {
		losing(true)(l)
		lose := l.Lose
		l.Lose = func(method, at string, body map[string]any) bool { return method == "PUT" && lose(method, at, body) }
	}
	scenes(t, "doubts", []scene{
		{name: "an update that was done", files: label, after: losing(true)},
		{name: "an update that was not", files: label, after: losing(false)},
		{name: "an update of which a part was done", files: label, after: func(l *canned.Server) {
			l.Lose = func(method, at string, body map[string]any) bool {
				l.Change(method, at, map[string]any{"label": body["label"]})
				return true
			}
		}},
		{name: "an update, and it cannot be read", files: label, after: refusing(true, extensions+"7")},
		{name: "an update, and it is gone", files: label, after: func(l *canned.Server) {
			l.Lose = func(_, at string, _ map[string]any) bool { l.Change("DELETE", at, nil); return true }
		}},
		{name: "an update to a new object", files: number, after: onlyPuts},
		{name: "an update of a secret alone", files: person, before: ada, after: losing(true), reads: func(o *observe.Options) { o.SendSecrets = []string{"client_user/*"} }},
		{name: "an update that is refused", files: label, after: failing("PUT "+extensions+"7", 400)},
		{name: "an update of what is not found", files: label, after: failing("PUT "+extensions+"7", 404)},
		{name: "a delete that was done", files: "extension_groups: {b: {absent: true}}", after: losing(true)},
		{name: "a delete that was not", files: "extension_groups: {b: {absent: true}}", after: losing(false)},
		{name: "a delete, and it cannot be read", files: "extension_groups: {b: {absent: true}}", after: refusing(true, groups+"32")},
		{name: "a delete of what is not found, and is gone", files: "extension_groups: {b: {absent: true}}", after: func(l *canned.Server) {
			failing("DELETE "+groups+"32", 404)(l)
			l.On = func(method, at string) {
				if method == "DELETE" {
					l.Change(method, at, nil)
				}
			}
		}},
		{name: "a delete of what is not found, and no record", files: "extension_groups: {b: {absent: true}}", after: failing("DELETE "+groups+"32", 404), option: deaf("failed", 0)},
		{name: "a reference that was set", files: "extensions: {\"101\": {}}\ndids: {\"49301\": {extension: \"101\"}}", after: losing(true)},
		{name: "a delete of what is not found, and is there", files: "extension_groups: {b: {absent: true}}", after: failing("DELETE "+groups+"32", 404)},
		{name: "a new phone's settings", files: "extensions: {\"104\": {type: phone, status: active, phone: {record_enabled: false}}}", after: onlyPuts},
	})
}

// Whatever is new and equal is taken for what a create without an answer has made; its
// secrets are sent once more, under the id that was found.
func TestAdopted(t *testing.T) {
	const person = "users: {client: {ada: {name: Ada, email: a@a.example, access: full, status: active, password: {env: PASSWORD, version: 2}}}}"
	const agent = "agents: {local: {hall: {extension: \"101\"}}}\nextensions: {\"101\": {}}"
	const event = "phone_events: [{event_type: dial-in, method: GET, url: \"https://a.example/\"}]"
	hall := map[string]any{"call_timeout": 60, "wrap_up_time": 0, "busy_delay_time": 10, "no_answer_delay_time": 10, "reject_delay_time": 10}
	with := func(name string, v any) map[string]any {
		more := maps.Clone(hall)
		more[name] = v
		return more
	}
	making := func(more map[string]any) func(*canned.Server) {
		return func(l *canned.Server) { l.Lose = made(l, more) }
	}
	scenes(t, "adopted", []scene{
		{name: "a user", files: person, after: making(nil)},
		{name: "a user with a time zone", files: person, after: making(map[string]any{"timezone": "UTC"})},
		{name: "a user with a comment", files: person, after: making(map[string]any{"comment": "theirs"})},
		{name: "an agent", files: agent, after: making(hall)},
		{name: "an agent of another extension", files: agent, after: making(with("extension_id", 8))},
		{name: "an agent with another default", files: agent, after: making(with("call_timeout", 61))},
		{name: "an agent with a sound", files: agent, after: making(with("agent_sound_id", 5))},
		{name: "an agent with a status", files: agent, after: making(with("status", map[string]any{"now": "busy"}))},
		{name: "an event", files: event, after: making(nil)},
		{name: "an event of another method", files: event, after: making(map[string]any{"method": "POST"})},
		{name: "a sound", files: "sounds: {Hello: {file: hello.wav}}", after: making(map[string]any{"filename": "hello.wav"}), reads: func(o *observe.Options) { o.Folder = canned.Folder{"hello.wav": canned.Wave} },
			option: func(o *run.Options) { o.Folder = canned.Folder{"hello.wav": canned.Wave} }},
		{name: "what a dealer shares", files: "intervals: {Office: {timezone: UTC, conditions: []}}", after: making(map[string]any{"dealer_id": canned.Num(1), "client_id": nil})},
		{name: "a word of a list", files: "extensions: {\"104\": {type: ivr, status: active}}", after: making(map[string]any{"label": ""})},
		{name: "what no list tells", files: "task_schedulers: {calls: {}}", after: making(nil)},
		{name: "no record of the repeat", files: person, after: making(nil), option: deaf("intent", 3)},
		{name: "no record that nothing was there", files: person, option: deaf("failed", 0), after: func(l *canned.Server) {
			l.Lose = func(string, string, map[string]any) bool { return true }
		}},
		{name: "no time to look", files: person, after: making(nil), option: func(o *run.Options) { o.Settle = 0 }},
		{name: "a list that is refused", files: person, after: func(l *canned.Server) {
			lose := made(l, nil)
			l.Lose = func(method, at string, body map[string]any) bool {
				l.Refuse = map[string]error{at: canned.Status(403)}
				return lose(method, at, body)
			}
		}},
		{name: "a list that is gone", files: person, after: func(l *canned.Server) {
			l.Lose = func(method, at string, _ map[string]any) bool {
				l.Refuse = map[string]error{at: canned.Status(404)}
				return l.Posts() == 1
			}
		}},
	})
}

func made(l *canned.Server, more map[string]any) func(method, at string, body map[string]any) bool {
	return func(method, at string, body map[string]any) bool {
		if method == "POST" {
			shown := maps.Clone(body)
			delete(shown, "password")
			l.Put(at, 61, shown, more)
		}
		return method == "POST"
	}
}
