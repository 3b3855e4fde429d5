package run_test

import (
	"fmt"
	"maps"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/observe"
)

const (
	asAdmin   = "/admin/client/"
	newTenant = "version: 1\ntenant: new\nsettings: {dealer_id: 3, domain_id: 4, email: it@new.example, disk_space_notify_threshold: 90}\nextension_groups: {a: {}}"
)

// A tenant is made by an administrator, and everything else in it, under the id and the prefix
// that the server has chosen. Where the answer is lost, it is found by its name.
func TestNewTenant(t *testing.T) {
	row := func(name, prefix string) map[string]any {
		return map[string]any{"id": canned.Num(77), "name": name, "prefix": prefix}
	}
	none := func(l *canned.Server) { l.Refuse = map[string]error{"/client/@me/client/": canned.Status(404)} }
	lost := func(rows ...map[string]any) func(*canned.Server) {
		return func(l *canned.Server) {
			l.Lose = func(method, at string, _ map[string]any) bool {
				if at != asAdmin || l.Posts() > 1 {
					return false
				}
				l.Tenant[asAdmin+"?name=new"] = rows
				l.Answer = func(_, at string, made map[string]any) map[string]any {
					if at == asAdmin {
						made = row("new", "555")
					}
					return made
				}
				for _, row := range rows {
					full := maps.Clone(row)
					full["email"], full["dealer_id"], full["domain_id"] = "it@new.example", canned.Num(3), canned.Num(4)
					l.Tenant[asAdmin+fmt.Sprint(row["id"])] = full
				}
				return true
			}
		}
	}
	create := func(o *observe.Options) { o.Create = "new" }
	with := func(more map[string]any, name, prefix string) map[string]any {
		r := row(name, prefix)
		maps.Copy(r, more)
		return r
	}
	sent := map[string]any{"email": "it@new.example", "dealer_id": canned.Num(3), "domain_id": canned.Num(4)}
	unread := func(l *canned.Server) {
		lost(with(sent, "new", "555"))(l)
		l.On = func(method, at string) {
			if method == "GET" && at == asAdmin+"77" {
				l.Refuse[at] = canned.Status(500)
			}
		}
	}
	var list []scene
	for _, s := range []scene{
		{name: "as sent", after: answering(row("new", "555"))},
		{name: "with another name", after: answering(row("old", "555"))},
		{name: "without a prefix", after: answering(row("new", ""))},
		{name: "without an id", after: answering(map[string]any{"name": "new", "prefix": "555"})},
		{name: "lost, and found", after: lost(with(sent, "new", "555"))},
		{name: "lost, and found with another address", after: lost(with(map[string]any{"email": "x@new.example", "dealer_id": canned.Num(3), "domain_id": canned.Num(4)}, "new", "555"))},
		{name: "lost, and found twice", after: lost(with(sent, "new", "555"), with(map[string]any{"id": canned.Num(78)}, "new", "556"))},
		{name: "lost, and found beside another", after: lost(with(sent, "new", "555"), with(map[string]any{"id": canned.Num(78)}, "news", "556"))},
		{name: "lost, and found without a prefix", after: lost(with(sent, "new", ""))},
		{name: "lost, and found without an id", after: lost(map[string]any{"name": "new", "prefix": "555"})},
		{name: "lost, and not to be read", after: unread},
		{name: "lost, and nothing is there", after: lost()},
	} {
		s.files, s.before, s.reads = newTenant, none, create
		list = append(list, s)
	}
	scenes(t, "newtenant", list)
}

// What only an administrator may set is looked at where it is written.
func TestSettings(t *testing.T) {
	admin := func(l *canned.Server) {
		for _, at := range []string{"/client/@me/client/", "/client/12/client/", asAdmin + "12"} {
			l.Tenant[at] = map[string]any{"id": canned.Num(12), "name": "acme", "prefix": "12037", "timezone": "UTC", "calls_limit": canned.Num(5), "disk_space_notify_threshold": canned.Num(50),
				"call_interactive_method": "POST", "call_interactive_out_call": true}
		}
	}
	set := func(at, name string, v any) func(*canned.Server) {
		return func(l *canned.Server) {
			row := maps.Clone(l.Tenant[at].(map[string]any))
			row[name] = v
			l.Tenant[at] = row
		}
	}
	const both = "settings: {timezone: Europe/Berlin, disk_space_notify_threshold: 90, calls_limit: 6}"
	scenes(t, "settings", []scene{
		{name: "both places", files: both, before: admin},
		{name: "both places, each in another form and shown at both", files: "settings: {call_interactive_url: \"https://A.example/\", call_interactive_method: POST, call_interactive_out_call: true, email: it@ACME.example}",
			before: func(l *canned.Server) {
				admin(l)
				for _, at := range []string{"/client/@me/client/", "/client/12/client/", asAdmin + "12"} {
					set(at, "call_interactive_url", nil)(l)
					set(at, "email", "old@acme.example")(l)
				}
				l.Answer = func(string, string, map[string]any) map[string]any {
					return map[string]any{"id": canned.Num(12), "name": "acme", "prefix": "12037", "call_interactive_url": "https://a.example/", "email": "it@acme.example"}
				}
			}},
		{name: "changed by an administrator", files: both, before: admin, after: set(asAdmin+"12", "calls_limit", canned.Num(7))},
		{name: "changed by the tenant", files: both, before: admin, after: set("/client/12/client/", "timezone", "Europe/Paris")},
		{name: "carried along, changed", files: both, before: admin, after: set("/client/12/client/", "call_interactive_method", "GET")},
		{name: "carried along, not shown", files: both, before: admin, after: set("/client/12/client/", "call_interactive_method", nil)},
		{name: "called otherwise", files: both, before: admin, after: set("/client/12/client/", "name", "renamed")},
		{name: "the tenant itself goes", files: "settings: {absent: true, delete_dids: false}", before: admin, reads: func(o *observe.Options) { o.Delete = "acme" }},
	})
}
