package simulator

import (
	"fmt"
	"reflect"
	"testing"
)

func TestCreateAnswersTheWholeObjectWithDefaults(t *testing.T) {
	b := newBox(t, Options{})
	got := b.ok("POST", ext, m{"name": "103", "type": "phone", "extension_group_id": 601, "dial_rule_id": 401})
	wantFields(t, got, m{"name": "12037*103", "type": "phone", "status": "blocked", "label": nil, "client_id": 12,
		"extension_group_id": 601, "dial_rule_id": 401, "ani_rfc3325": false, "create_date": nil})
	if id := got["id"].(int64); id < firstID {
		t.Errorf("id %d looks like a short number", id)
	}
	if again := b.ok("GET", fmt.Sprint(ext, got["id"]), nil); !reflect.DeepEqual(got, again) {
		t.Errorf("GET differs from POST: %v, %v", again, got)
	}
	phone := b.ok("GET", fmt.Sprintf("/extension/%v/phone/", got["id"]), nil)
	wantFields(t, phone, m{"hangup_timeout": 60, "record_enabled": true, "hold_music": 0, "intercom": nil, "bundle": m{"bundle_list": nil, "bundle_id": nil}, "record_format": nil})
	queue := b.ok("POST", ext, m{"name": "12037*104", "type": "queue"})
	wantFields(t, queue, m{"name": "12037*104", "id": got["id"].(int64) + 1})
	b.refused("GET", fmt.Sprintf("/extension/%v/phone/", queue["id"]), nil, 404, "Not found")
}

func TestAnswersHaveTheirOwnForms(t *testing.T) {
	b := newBox(t, Options{})
	dids := b.rows("/client/12/did/")
	wantFields(t, dids[0], m{"name": "4930123456", "domain": nil, "allow_message": false, "extension_id": nil, "client_id": 12, "create_date": nil})
	wantFields(t, dids[1], m{"domain": m{"name": "x.example"}, "allow_message": true})
	wantFields(t, dids[2], m{"domain": "y.example"})
	wantFields(t, b.ok("GET", "/client/12/agent/local/701", nil), m{"status": m{"status": "available"}, "call_timeout": 60})
	user := b.ok("POST", "/client/12/user/client/", m{"name": "A", "login": "a", "password": "secret", "email": "a@b", "email_notify": true})
	for _, hidden := range []string{"password", "email_notify", "email_for_notify"} {
		if _, ok := user[hidden]; ok {
			t.Errorf("%s is answered", hidden)
		}
	}
	wantFields(t, b.ok("PUT", "/client/12/ani/", m{"ani_number": "4930123456"}), m{"default": "4930123456"})
	wantFields(t, b.ok("PUT", "/client/12/ani/", m{"ani_number": nil}), m{"default": nil})
	wantFields(t, b.ok("GET", "/client/12/limit/", nil), m{"disk_quota": 0, "interval_limit": 1, "extension_limit": nil})
	wantFields(t, b.ok("GET", "/client/client_info/12/", nil), m{"id": 12, "prefix": "12037", "extension_len": 3, "timezone": "Europe/Berlin", "record_format": "mp3", "domain": nil, "reg_status_log": false})
}

func TestUpdateMerges(t *testing.T) {
	b := newBox(t, Options{})
	phone := "/extension/501/phone/"
	b.ok("PUT", phone, m{"label": "A", "hold_music": 302})
	wantFields(t, b.ok("PUT", phone, m{"vm_enabled": false}), m{"label": "A", "hold_music": 302, "vm_enabled": false, "hangup_timeout": 25})
	wantFields(t, b.ok("PUT", phone, m{"hold_music": 0}), m{"hold_music": nil})
	wantFields(t, b.ok("PUT", phone, m{"hold_music": 301}), m{"hold_music": 301})
	wantFields(t, b.ok("PUT", phone, m{"hold_music": nil}), m{"hold_music": nil})
	wantFields(t, b.ok("PUT", phone, m{"intercom": 0}), m{"intercom": 0})
	wantFields(t, b.ok("PUT", ext+"501", m{}), m{"status": "active", "name": "12037*101"})
}

func TestForgottenAlwaysFieldsAreReset(t *testing.T) {
	b := newBox(t, Options{})
	path := "/client/12/client/"
	b.ok("PUT", path, m{"call_interactive_method": "POST", "call_interactive_out_call": true})
	wantFields(t, b.ok("PUT", path, m{"call_interactive_method": "POST", "call_interactive_out_call": true, "geo_list": "DE"}),
		m{"call_interactive_method": "POST", "call_interactive_out_call": true})
	wantFields(t, b.ok("PUT", path, m{"hold_music": 301}),
		m{"call_interactive_method": "GET", "call_interactive_out_call": false, "geo_list": "DE", "hold_music": 301, "timezone": "Europe/Berlin"})
}

func TestIntervals(t *testing.T) {
	b := newBox(t, Options{})
	path := "/client/12/interval/"
	got := b.ok("POST", path, m{"name": "Office", "timezone": "UTC", "conditions": l{
		m{"start_dow": 2, "end_dow": 6},
		m{"start_datetime": "2026-01-01 00:00:00", "end_datetime": "2026-01-02 00:00:00", "month": 3},
	}})
	conditions := got["conditions"].(l)
	first, second := conditions[0].(m), conditions[1].(m)
	wantFields(t, first, m{"type": "", "start_dow": 2, "end_dow": 6, "month": nil, "start_datetime": nil, "sched_skip_days": nil})
	wantFields(t, second, m{"start_datetime": "2026-01-01 00:00:00", "end_datetime": "2026-01-02 00:00:00", "month": nil})
	if len(first) != 13 {
		t.Errorf("a condition has %d keys, 13 are documented", len(first))
	}
	wantFields(t, got, m{"dealer_id": nil, "client_id": 12, "extension_id": nil})
	item := fmt.Sprint(path, got["id"])
	for _, missing := range []string{"name", "timezone", "conditions"} {
		body := m{"name": "Office", "timezone": "UTC", "conditions": l{}}
		delete(body, missing)
		b.refused("PUT", item, body, 400, missing+": is required on every update")
	}
	wantFields(t, b.ok("PUT", item, m{"name": "Office", "timezone": "UTC", "conditions": l{}}), m{"conditions": l{}})
	b.refused("POST", path, m{"name": "Second", "timezone": "UTC", "conditions": l{}}, 400, "interval_limit: reached: 1 of 1")
}

func TestLimitsWithinAFieldAndAParent(t *testing.T) {
	b := newBox(t, Options{})
	b.refused("POST", "/client/12/agent/local/", m{"name": "A2", "extension_id": 501}, 400, "extension_agent_limit")
	b.ok("POST", "/client/12/agent/local/", m{"name": "A2", "extension_id": 502})
	event := m{"event_type": "agent-login", "method": "GET", "url": "https://b.example"}
	b.refused("POST", "/client/12/agent/local/701/event/", event, 400, "event_limit")
	b.ok("POST", "/client/12/agent/remote/701/event/", event)
	wantFields(t, b.ok("PUT", "/client/12/agent/local/701/event/702", m{"method": "POST"}), m{"method": "POST", "url": "https://a.example"})
	if n := len(b.rows("/client/12/agent/local/701/event/")); n != 1 {
		t.Errorf("%d events", n)
	}
	if err := b.Edit("limit", 0, m{"extension_limit": 2}); err != nil {
		t.Fatal(err)
	}
	b.refused("POST", ext, m{"name": "109", "type": "phone"}, 400, "extension_limit")
}

func TestLoginsShareOneNameSpace(t *testing.T) {
	b := newBox(t, Options{})
	user := m{"name": "A", "login": "alice", "password": "x", "email": "a@b"}
	made := b.ok("POST", "/client/12/user/client/", user)
	user["extension_id"] = 501
	b.refused("POST", "/client/12/user/extension/", user, 400, "login: alice already exists")
	if status, _ := b.do("DELETE", fmt.Sprint("/client/12/user/client/", made["id"]), nil); status != 204 {
		t.Errorf("delete: %d", status)
	}
	b.ok("POST", "/client/12/user/extension/", user)
	group := m{"name": "sales"} // not documented as unique
	b.ok("POST", "/client/12/extension_group/", group)
}

func TestDerivedCount(t *testing.T) {
	b := newBox(t, Options{})
	path := "/client/12/network_permission/"
	got := b.ok("POST", path, m{"name": "n", "network_address": l{"10.0.0.0/8", "192.0.2.0/24"}})
	wantFields(t, got, m{"network_count": 2})
	wantFields(t, b.ok("PUT", fmt.Sprint(path, got["id"]), m{"network_address": l{}}), m{"network_count": 0, "network_address": l{}})
	wantFields(t, b.ok("POST", path, m{"name": "e"}), m{"network_count": 0, "network_address": nil})
}

func TestVariables(t *testing.T) {
	body := m{"variables": l{m{"var": "A", "value": "2"}, m{"var": "B", "value": "3"}}}
	a, bb := m{"var": "A", "value": "2"}, m{"var": "B", "value": "3"}
	c := m{"var": "C", "value": "4"}
	path := "/client/12/variables/"
	for replace, want := range map[bool][]m{false: {a, bb, c}, true: {c}} {
		b := newBox(t, Options{VariablesReplace: replace})
		b.ok("POST", path, body)
		_, answer := b.do("POST", path, m{"variables": l{c}})
		got := b.rows(path)
		if !reflect.DeepEqual(got, want) || len(answer.(l)) != len(want) {
			t.Errorf("replace %v: %v, answer %v", replace, got, answer)
		}
		if got := b.rows(path + "?variable=C"); !reflect.DeepEqual(got, []m{c}) {
			t.Errorf("filter: %v", got)
		}
		if b.Rows("variable")[0]["var"] != want[0]["var"] {
			t.Error("Rows differs from the API")
		}
	}
}

func TestDealersObjects(t *testing.T) {
	b := newBox(t, Options{})
	sounds := b.rows("/client/12/sound/")
	wantFields(t, sounds[0], m{"title": "Jazz", "dealer_id": dealerID, "client_id": nil})
	wantFields(t, sounds[1], m{"title": "Welcome", "dealer_id": nil, "client_id": 12})
	if got := b.rows("/client/12/sound/?own_only=true"); len(got) != 1 || got[0]["title"] != "Welcome" {
		t.Errorf("own_only: %v", got)
	}
	if got := b.rows("/client/12/sound/?own_only=false"); len(got) != 2 {
		t.Errorf("own_only=false: %v", got)
	}
	b.refused("PUT", "/client/12/dial_rule/401", m{"name": "x"}, 403, "dealer")
	b.refused("DELETE", "/client/12/dial_rule/401", nil, 403, "dealer")
	if err := b.Edit("limit", 0, m{"dial_rule_limit": 1}); err != nil {
		t.Fatal(err)
	}
	b.ok("POST", "/client/12/dial_rule/", m{"name": "own", "dial_rules": l{}}) // the dealer's does not count
}

func TestDeleteWhatIsReferredTo(t *testing.T) {
	prepare := func(policy OnDelete) *box {
		b := newBox(t, Options{OnDelete: policy})
		b.ok("PUT", ext+"501", m{"extension_group_id": 601})
		b.ok("PUT", "/client/12/did/201", m{"extension_id": 501, "message_extension_id": 502})
		return b
	}
	b := prepare(Refuse)
	b.refused("DELETE", "/client/12/extension_group/601", nil, 400, "extension_group sales (id 601) is used by extension 12037*101 (id 501)")
	b.refused("DELETE", ext+"501", nil, 400, "is used by")
	b.ok("PUT", ext+"501", m{"extension_group_id": nil})
	b.ok("DELETE", "/client/12/extension_group/601", nil)
	b.refused("DELETE", "/client/12/extension_group/601", nil, 404, "Not found")

	b = prepare(Null)
	b.ok("DELETE", "/client/12/extension_group/601", nil)
	wantFields(t, b.ok("GET", ext+"501", nil), m{"extension_group_id": nil})
	b.ok("DELETE", ext+"501", nil)
	wantFields(t, b.ok("GET", "/client/12/did/201", nil), m{"extension_id": nil, "message_extension_id": 502})
	b.refused("GET", "/client/12/agent/local/701", nil, 404, "Not found") // its extension was required
	b.refused("GET", "/extension/501/phone/", nil, 404, "Not found")
	if got := b.Rows("agent_event"); len(got) != 0 {
		t.Errorf("events outlive their agent: %v", got)
	}
	made := b.ok("POST", ext, m{"name": "101", "type": "phone"})
	if made["id"].(int64) < firstID {
		t.Errorf("id %v is used again", made["id"])
	}
}

func TestReferencesOfSettingsAndPhonesCount(t *testing.T) {
	b := newBox(t, Options{})
	made := b.ok("POST", "/client/12/network_permission/", m{"name": "n"})
	path := fmt.Sprint("/client/12/network_permission/", made["id"])
	b.ok("PUT", "/extension/501/phone/", m{"network_permission_group_id": made["id"]})
	b.refused("DELETE", path, nil, 400, "is used by phone 501")
	b.ok("PUT", "/extension/501/phone/", m{"network_permission_group_id": nil})
	b.ok("PUT", "/client/12/client/", m{"sip_network_permission_id": made["id"]})
	b.refused("DELETE", path, nil, 400, "is used by settings 12")
	b.Insert("interval", m{"id": 801, "name": "held"})
	b.Insert("task_scheduler", m{"name": "nightly", "interval_id": 801})
	b.refused("DELETE", "/client/12/interval/801", nil, 400, "task_scheduler nightly")
}

func TestDeleteQuery(t *testing.T) {
	b := newBox(t, Options{})
	path := "/client/12/agent/local/701"
	b.refused("DELETE", path+"?remove_from_queues=no", nil, 400, "remove_from_queues: has to be true or false")
	b.refused("DELETE", path+"?x=1", nil, 400, "x: unknown query parameter")
	b.ok("DELETE", path+"?remove_from_queues=true", nil)
}

func TestEmptyIDOfAnEventDeletesAll(t *testing.T) {
	b := newBox(t, Options{})
	for i := range 3 {
		b.ok("POST", "/client/12/phone_events/", m{"event_type": "answer", "method": "GET", "url": fmt.Sprint("https://x/", i)})
	}
	id := b.rows("/client/12/phone_events/")[0]["id"]
	b.ok("DELETE", fmt.Sprint("/client/12/phone_event/", id), nil)
	if n := len(b.rows("/client/12/phone_events/")); n != 2 {
		t.Errorf("%d events are left", n)
	}
	b.ok("DELETE", "/client/12/phone_events/", nil)
	if n := len(b.rows("/client/12/phone_events/")); n != 0 {
		t.Errorf("%d events are left", n)
	}
	b.refused("DELETE", "/client/12/agent/local/701/event/", nil, 405, "offers no DELETE")
}
