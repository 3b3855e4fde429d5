package run_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// phones is a tenant of three phones.
func phones(l *canned.Server) {
	var rows []map[string]any
	for id, name := range map[int]string{7: "101", 8: "102", 9: "103"} {
		rows = append(rows, map[string]any{"id": canned.Num(id), "name": "12037*" + name, "type": "phone", "status": "active"})
		l.Tenant[phoneOf(id)] = map[string]any{"label": nil, "incoming_limit": canned.Num(0), "bundle": map[string]any{"bundle_list": nil, "bundle_id": nil}}
	}
	l.Tenant[extensions] = rows
	l.Tenant[dids] = []map[string]any{}
	l.Tenant["/client/12/sound/"] = []map[string]any{}
}

func phoneOf(id int) string { return fmt.Sprint("/extension/", id, "/phone/") }

func editPhone(id int, field string, v any) func(*canned.Server) {
	return func(l *canned.Server) {
		phone := maps.Clone(l.Tenant[phoneOf(id)].(map[string]any))
		phone[field] = v
		l.Tenant[phoneOf(id)] = phone
	}
}

// Phones that act as one are named by the ids of their extensions, new ones too. Linking makes
// what they share the main one's, which is no edit of somebody else.
func TestBundles(t *testing.T) {
	const linked = "extensions: {\"101\": {phone: {bundle: {\"102\": {active: true}}, label: Desk}}, \"102\": {phone: {label: Mobile, incoming_limit: 2}}}"
	const apart = "extensions: {\"101\": {phone: {label: Desk}}, \"102\": {phone: {label: Mobile, incoming_limit: 2}}}"
	const new = "extensions: {\"101\": {phone: {bundle: {\"104\": {active: false}}}}, \"104\": {type: phone, status: active, phone: {record_enabled: false}}}"
	main := on("PUT", phoneOf(7), editPhone(8, "incoming_limit", canned.Num(5)))
	label := on("PUT", phoneOf(7), editPhone(8, "label", "Theirs"))
	scenes(t, "bundles", []scene{
		{name: "linked", files: linked, before: phones},
		{name: "what they share is the main one's", files: linked, before: phones, after: main},
		{name: "what they do not share was changed", files: linked, before: phones, after: label},
		{name: "not linked, and changed", files: apart, before: phones, after: main},
		{name: "with a new one", files: new, before: phones},
		{name: "with a new one that was not made", files: new, before: phones, after: func(l *canned.Server) {
			l.Fail = map[string]error{"POST " + extensions: canned.Status(400)}
		}},
	})
}

func hall(l *canned.Server) {
	l.Put("/client/12/agent/local/", 221, map[string]any{"name": "hall", "extension_id": 7}, nil)
	l.Put("/client/12/agent/local/221/event/", 401, map[string]any{"event_type": "agent-login", "method": "GET", "url": "https://a.example/"}, nil)
}

// Images are on record in one order, whichever was read first, and what the plan has read is
// not read again.
func TestImages(t *testing.T) {
	l := canned.NewServer()
	phones(l)
	p := ordered(t, l, tenantLine+"extensions: {\"101\": {absent: true}, \"102\": {absent: true}, \"103\": {absent: true}}\n")
	p.Before = append(withoutChildren(p.Before), record.Object{Address: "extension/102/phone"})
	synctest.Test(t, func(t *testing.T) {
		l.On = func(_, at string) {
			if at == phoneOf(7) {
				time.Sleep(time.Minute)
			}
			if at == phoneOf(8) {
				t.Error("it was read again")
			}
		}
		j := &canned.Journal{}
		if _, err := run.Apply(context.Background(), l, p, nil, run.Options{Parallelism: 3, Journal: j}, nil, nil); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range j.Images {
			got = append(got, b.Address)
		}
		canned.Lines(t, "images", got, `
extension/101
extension/102
extension/103
extension/102/phone
extension/101/extension_ani
extension/101/incom_rule
extension/101/phone
extension/102/extension_ani
extension/102/incom_rule
extension/103/extension_ani
extension/103/incom_rule
extension/103/phone`)
	})
}

// withoutChildren are images as a plan has them that did not look at what hangs on an object.
func withoutChildren(images []record.Object) []record.Object {
	return slices.DeleteFunc(images, func(b record.Object) bool { return b.Parent != "" })
}

// What came into being with an object goes with it, so it is read before the first write,
// and on record. Of what cannot be read nothing is deleted.
func TestBornWith(t *testing.T) {
	none := "extensions: {\"103\": {absent: true}, \"101\": {absent: true}}"
	refused := func(status int) func(*canned.Server) {
		return func(l *canned.Server) { l.Refuse = map[string]error{phoneOf(9): canned.Status(status)} }
	}
	scenes(t, "born", []scene{
		{name: "phones", unread: true, files: none, before: phones},
		{name: "of one the phone is refused", unread: true, files: none, before: phones, after: refused(403)},
		{name: "of one there is no phone", unread: true, files: none, before: phones, after: refused(404)},
		{name: "what is no phone", unread: true, files: "extensions: {\"103\": {absent: true}}\ndids: {\"49302\": {extension: null, message_extension: null}}"},
		{name: "an agent with an event", files: "agents: {local: {hall: {absent: true}}}", before: hall},
		{name: "a stray agent with an event", files: "prune: [local_agent, agent_event]\nagents: {local: {other: {extension: \"101\", events: []}}}\nextensions: {\"101\": {}}", before: hall},
		{name: "an update", files: "extensions: {\"101\": {label: One}}", before: func(l *canned.Server) {
			phones(l)
			l.Change("PUT", extensions+"7", map[string]any{"label": nil})
		}},
		{name: "a phone that the plan knows", files: "extensions: {\"103\": {type: phone, status: active, replaces: [\"103\"], phone: {label: New}}}", before: phones},
	})
}
