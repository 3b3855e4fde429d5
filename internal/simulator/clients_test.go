package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// Requests as public clients of this API send them, and the whole list of what the
// documents offer to read, against a server on a socket.

// caller calls a server that listens, as a program of somebody else would.
type caller struct {
	t              *testing.T
	sim            *Server
	endpoint, auth string
}

func newCaller(t *testing.T, o Options) *caller {
	t.Helper()
	s := New(o)
	if err := s.Seed(factSeed()); err != nil {
		t.Fatal(err)
	}
	endpoint, stop, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	c := &caller{t: t, sim: s, endpoint: endpoint}
	var answer struct {
		Token string `json:"access_token"`
	}
	_, body := c.send("POST", endpoint+tokenPath, "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a&client_secret=s&scope=all")
	if json.Unmarshal(body, &answer) != nil || answer.Token == "" {
		t.Fatalf("token: %s", body)
	}
	c.auth = "Bearer " + answer.Token
	return c
}

func (c *caller) send(method, address, kind, body string) (int, []byte) {
	c.t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if c.auth != "" {
		r.Header.Set("Authorization", c.auth)
	}
	resp, err := http.DefaultTransport.RoundTrip(r) // which follows nothing
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, data
}

// call asks for a path below the API's base and wants a status.
func (c *caller) call(method, path, body string, status int) any {
	c.t.Helper()
	kind := "application/json"
	if body == "" { // one of the clients sends this with what has no body
		kind = "application/x-www-form-urlencoded"
	}
	got, data := c.send(method, c.endpoint+base+path, kind, body)
	if got != status {
		c.t.Errorf("%s %s %s: %d %s, want %d", method, path, body, got, data, status)
	}
	var v any
	_ = json.Unmarshal(data, &v) // nil where there is none
	return plain(v)
}

// The three ways in which public clients ask for a token.
func TestTokensAsClientsAskForThem(t *testing.T) {
	c := newCaller(t, Options{AppID: "a", AppSecret: "s"})
	c.auth = ""
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"a"}, "client_secret": {"s"}}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	for name := range form {
		_ = w.WriteField(name, form.Get(name))
	}
	_ = w.Close()
	for _, test := range []struct{ what, query, kind, body string }{
		{"a form", "", "application/x-www-form-urlencoded", form.Encode()},
		{"the query, and an empty body", "?" + form.Encode(), "application/x-www-form-urlencoded", ""},
		{"the query, and no type", "?" + form.Encode(), "", ""},
		{"a form of several parts", "", w.FormDataContentType(), parts.String()},
	} {
		status, body := c.send("POST", c.endpoint+tokenPath+test.query, test.kind, test.body)
		if status != 200 || !strings.Contains(string(body), `"access_token"`) {
			t.Errorf("%s: %d %s", test.what, status, body)
		}
	}
	for _, wrong := range []string{"?grant_type=client_credentials&client_id=a&client_secret=x", "?client_id=a&client_secret=s", ""} {
		if status, body := c.send("POST", c.endpoint+tokenPath+wrong, "", ""); status/100 != 4 || !strings.Contains(string(body), `"error"`) {
			t.Errorf("%q: %d %s", wrong, status, body)
		}
	}
}

func TestCallsOfPublicClients(t *testing.T) {
	c := newCaller(t, Options{})
	event := `{"url":"https://crm.example/hook","event_type":"dial-in","method":"POST"}`

	user := c.call("GET", "/user/", "", 200).(m)
	if user["client_id"] != int64(myID) || user["extension_id"] != nil || user["admin"] != false || len(user) != 10 {
		t.Errorf("user: %v", user)
	}
	// Extensions: lists with filters, one of them, made and deleted.
	for _, query := range []string{"", "?page=1&type=phone", "?type=phone&status=active&per_page=100&page=1", "?name=12037*101"} {
		c.call("GET", "/client/@me/extension/"+query, "", 200)
	}
	made := c.call("POST", "/client/12/extension/", `{"name":"12037*300","type":"queue","status":"active","label":"Shop"}`, 200).(m)
	queue := "/extension/" + textOf(made["id"])
	c.call("PUT", "/client/12/extension/"+textOf(made["id"]), `{"extension_group_id":50}`, 200)
	// By name, with the tenant's prefix and without.
	for _, name := range []string{"50", "@101", "@12037*101"} {
		wantFields(t, c.call("GET", "/extension/"+name+"/phone/", "", 200).(m), m{"auth_type": "digest"})
	}
	for _, name := range []string{"@999", "@00013*101", "@", "@me"} {
		c.call("GET", "/extension/"+name+"/phone/", "", 404)
	}
	// Events.
	first := c.call("POST", "/extension/@101/event/", event, 200).(m)
	c.call("PUT", "/extension/50/event/"+textOf(first["id"]), `{"url":"https://crm.example/b"}`, 200)
	wantFields(t, c.call("GET", "/extension/50/event/"+textOf(first["id"]), "", 200).(m), m{"url": "https://crm.example/b", "event_type": "dial-in"})
	c.call("POST", "/extension/50/event/", event, 200)
	if rows := c.call("GET", "/extension/50/event/", "", 200).(l); len(rows) != 3 { // one was there before
		t.Errorf("events: %v", rows)
	}
	c.call("POST", "/extension/50/event/", `{"url":"https://crm.example/hook"}`, 400)
	c.call("DELETE", "/extension/50/event/"+textOf(first["id"]), "", 204)
	c.call("DELETE", "/extension/50/event/", "", 204)
	menu := c.call("POST", "/client/12/extension/", `{"name":"301","type":"ivr"}`, 200).(m)
	if text := c.call("POST", "/extension/"+textOf(menu["id"])+"/event/", event, 400).(m)["message"]; !strings.Contains(textOf(text), "ivr-type") {
		t.Errorf("an event of a menu: %v", text)
	}
	// ANI: one key in, another out; only a number of the tenant's.
	wantFields(t, c.call("PUT", "/extension/50/ani/", `{"ani_number":"50"}`, 200).(m), m{"default": "50"})
	wantFields(t, c.call("GET", "/extension/50/ani/", "", 200).(m), m{"default": "50"})
	c.call("PUT", "/extension/50/ani/", `{"ani_number":"4999"}`, 400)
	wantFields(t, c.call("PUT", "/extension/50/ani/", `{"ani_number":null}`, 200).(m), m{"default": nil})
	// Agents of an extension are the client's.
	agent := c.call("POST", "/extension/50/agent/", `{"name":"Second"}`, 200).(m)
	wantFields(t, c.call("GET", "/client/12/agent/local/"+textOf(agent["id"]), "", 200).(m), m{"name": "Second", "extension_id": 50})
	if rows := c.call("GET", "/extension/50/agent/", "", 200).(l); len(rows) != 2 {
		t.Errorf("agents: %v", rows)
	}
	c.call("POST", "/extension/50/agent/", `{"name":"Third","extension_id":50}`, 400)
	// Queues and menus as wholes. A list around the object is refused.
	wantFields(t, c.call("PUT", queue+"/queue/", `{"strategy":"ring-all","max_wait_time":60}`, 200).(m), m{"strategy": "ring-all", "exit_with_no_av_agents": true})
	c.call("PUT", queue+"/queue/", `[{"strategy":"ring-all"}]`, 400)
	c.call("GET", "/extension/50/queue/", "", 404)
	c.call("PUT", "/extension/"+textOf(menu["id"])+"/ivr/", `{"vm_mailto":"a@x.example"}`, 200)
	// Incoming rules, and groups of numbers.
	c.call("POST", "/extension/50/incom_rule/", `{"type":"cascade","cascade_numbers":[{"delay":0,"number":"097"}]}`, 200)
	c.call("GET", "/extension/50/incom_rule/", "", 200)
	c.call("POST", "/client/12/caller_id_group/", `{"name":"outside","did_list":[50]}`, 200)
	c.call("POST", "/client/12/caller_id_group/", `{"name":"outside"}`, 400)
	// A call, and what is left of calls.
	wantKeys(t, c.call("POST", "/extension/50/callback/", `{"src_num":["101"],"dst_num":"+78121234567"}`, 200), "call_api_id", "call_id")
	wantKeys(t, c.call("GET", "/client/12/record/50/storage_url/", "", 200), "record_url")
	c.call("DELETE", "/client/12/record/50", "", 204)
	c.call("DELETE", "/client/12/record/50", "", 404)
	// A number is assigned.
	c.call("GET", "/client/12/did/?extension_id=50&extension_id=51&page=1&per_page=30", "", 200)
	wantFields(t, c.call("PUT", "/client/12/did/50", `{"extension_id":50}`, 200).(m), m{"extension_id": 50})
}

func wantKeys(t *testing.T, v any, keys ...string) {
	t.Helper()
	if got := sortedKeys(v.(m)); !slices.Equal(got, keys) {
		t.Errorf("%v, want %v", got, keys)
	}
}

func TestRegistrations(t *testing.T) {
	c := newCaller(t, Options{})
	c.sim.Insert("registration", m{"parent": one, "registration_id": "uloc-1", "device": "Yealink", "expires": 699})
	c.sim.Insert("registration", m{"parent": one, "registration_id": "uloc-2"})
	other := c.sim.Insert("extension", m{"name": "102", "type": "phone"})
	got := c.call("GET", "/extension/50/registration/", "", 200).(m)
	if got["registered"] != true || len(got["registrations"].(l)) != 2 {
		t.Errorf("%v", got)
	}
	wantKeys(t, got["registrations"].(l)[0], "contact_address", "device", "expires", "real_address", "registration_id")
	if all := c.call("GET", "/extension/registration/", "", 200).(l); len(all) != 4 || all[1].(m)["registered"] != false {
		t.Errorf("%v", all)
	}
	if some := c.call("GET", "/extension/registration/?extension_id="+textOf(other)+"&extension_id=50", "", 200).(l); len(some) != 2 {
		t.Errorf("%v", some)
	}
	if alive := c.call("GET", "/extension/alive/", "", 200).(l); len(alive) != 1 || alive[0].(m)["extension_id"] != int64(one) {
		t.Errorf("%v", alive)
	}
	c.call("DELETE", "/extension/50/registration/uloc-1", "", 204)
	c.call("DELETE", "/extension/50/registration/uloc-1", "", 404)
	c.call("DELETE", "/extension/50/registration/", "", 204)
	if got := c.call("GET", "/extension/50/registration/", "", 200).(m); got["registered"] != false {
		t.Errorf("%v", got)
	}
}

// A user of a higher realm may use the lower ones; @me is only where one belongs.
func TestRealms(t *testing.T) {
	c := newCaller(t, Options{Extension: one})
	wantFields(t, c.call("GET", "/user/", "", 200).(m), m{"extension_id": one, "client_id": nil, "admin": false})
	c.call("GET", "/extension/@me/phone/", "", 200)
	c.call("GET", "/extension/@101/event/", "", 200)
	c.call("GET", "/client/@me/extension/", "", 403)
	other := c.sim.Insert("extension", m{"name": "102", "type": "phone"})
	c.call("GET", "/extension/"+textOf(other)+"/phone/", "", 404)

	c = newCaller(t, Options{Admin: true})
	wantFields(t, c.call("GET", "/user/", "", 200).(m), m{"admin": true, "client_id": nil})
	c.call("GET", "/client/@me/did/", "", 404)
	c.call("GET", "/client/12/did/", "", 200)
	for query, want := range map[string]int{"?name=acme&name=another": 2, "?id=12": 1, "?prefix=12037&prefix=1": 1, "?name=acme&id=999": 0, "?page=1&per_page=1": 1} {
		if rows := c.call("GET", "/admin/client/"+query, "", 200).(l); len(rows) != want {
			t.Errorf("%s: %d clients, want %d", query, len(rows), want)
		}
	}
}

// Recordings come by time, the newest first unless they are asked for otherwise.
func TestOrderOfRecordings(t *testing.T) {
	c := newCaller(t, Options{})
	for _, at := range []string{"2026-01-02 10:00:00", "2026-01-03 10:00:00", "2026-01-01 10:00:00"} {
		c.sim.Insert("recording", m{"init_time_gmt": at, "record_uuid": at, "record_file_size": 10})
	}
	for query, want := range map[string]string{
		"":            "2026-01-03 10:00:00 2026-01-02 10:00:00 2026-01-01 10:00:00",
		"&order=desc": "2026-01-03 10:00:00 2026-01-02 10:00:00 2026-01-01 10:00:00",
		"&order=asc":  "2026-01-01 10:00:00 2026-01-02 10:00:00 2026-01-03 10:00:00",
	} {
		var got []string
		for _, row := range c.call("GET", "/client/12/record/?start_datetime=2026-01-01+00:00:00&end_datetime=2026-12-31+00:00:00"+query, "", 200).(l) {
			if at, ok := row.(m)["init_time_gmt"].(string); ok {
				got = append(got, at)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	c.call("GET", "/client/12/record/?start_datetime=a&end_datetime=b&order=up", "", 400)
	wantFields(t, c.call("GET", "/client/12/record/stats/?start_datetime=2026-01-02+00:00:00&end_datetime=2026-12-31+00:00:00", "", 200).(m), m{"records_count": 3, "files_size": 20})
	wantFields(t, c.call("GET", "/client/12/sound/search/?q=S&page=1&per_page=5&own_only=true", "", 200).(m), m{"total_count": 1})
	wantFields(t, c.call("GET", "/client/12/sound/search/?q=zz", "", 200).(m), m{"total_count": 0})
}

func TestSlashes(t *testing.T) {
	for _, test := range []struct {
		slash  Slash
		status int
	}{{Strict, 404}, {Lenient, 200}, {Redirect, 301}} {
		c := newCaller(t, Options{Slash: test.slash})
		for _, path := range []string{"/client/12/did", "/client/12/did/50/", "/user", "/extension/50/event", "/extension/registration", "/extension/@12037*101/phone"} {
			c.call("GET", path, "", test.status)
		}
		c.call("GET", "/client/12/did/", "", 200)
		c.call("GET", "/client/12/did///", "", 404)
	}
}

// Only calls that name this machine and the port are answered: a page in a browser
// can let a name of its own lead here.
func TestHostHeader(t *testing.T) {
	c := newCaller(t, Options{})
	port := c.endpoint[strings.LastIndex(c.endpoint, ":"):]
	for host, status := range map[string]int{
		"127.0.0.1" + port: 200, "localhost" + port: 200, "[::1]" + port: 200,
		"127.0.0.1": 421, "localhost": 421, "127.0.0.1:1": 421, "evil.example" + port: 421, "localhost.evil.example" + port: 421,
		"evil.example": 421, "10.0.0.1" + port: 421, "[::2]" + port: 421,
	} {
		for _, path := range []string{base + "/user/", tokenPath + "?grant_type=client_credentials&client_id=a&client_secret=s"} {
			r, _ := http.NewRequest("GET", c.endpoint+path, nil)
			if strings.HasPrefix(path, tokenPath) {
				r.Method = "POST"
			}
			r.Host = host
			r.Header.Set("Authorization", c.auth)
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != status {
				t.Errorf("%s %s: %d, want %d", host, path, resp.StatusCode, status)
			}
		}
	}
}

// TestEveryDocumentedRead asks for all that the documents offer to read, alone and
// with each of its parameters in each form that they allow. What is refused all the
// same stands in testdata/refusals.yaml with its reason.
func TestEveryDocumentedRead(t *testing.T) {
	refusals := map[string]string{}
	data := readTestdata(t, "../../internal/simulator/testdata/refusals.yaml")
	if err := yaml.Unmarshal(data, &refusals); err != nil {
		t.Fatal(err)
	}
	var contract struct{ Operations []documentedOperation }
	if err := json.Unmarshal(readTestdata(t, "contract.json"), &contract); err != nil {
		t.Fatal(err)
	}
	tenant, admin := newCaller(t, Options{Catalogue: schema.Builtin()}), newCaller(t, Options{Admin: true})
	reads, params, asked := 0, 0, 0
	met := map[string]bool{}
	for _, op := range contract.Operations {
		if op.Method != http.MethodGet {
			continue
		}
		c := tenant
		if strings.HasPrefix(op.Path, "/admin/") {
			c = admin
		}
		reads++
		params += len(op.Query)
		for _, q := range queriesOf(op) {
			asked++
			status, body := c.send("GET", c.endpoint+base+withIDs(op.Path, "")+q.text, "", "")
			what := strings.TrimSpace(op.Path + " " + q.about)
			if met[what] = met[what] || status != 200; status != 200 && refusals[what] == "" {
				t.Errorf("GET %s%s: %d %s", op.Path, q.text, status, body)
			}
		}
	}
	for what, reason := range refusals {
		if !met[what] {
			t.Errorf("testdata/refusals.yaml: %s is taken now (%s)", what, reason)
		}
	}
	t.Logf("%d reads with %d parameters: asked %d times", reads, params, asked)
	if asked < reads+params {
		t.Error("something was left out")
	}
}

type documentedQuery struct{ about, text string }

// queriesOf are the queries that the documents allow: only what has to be there, then
// with each parameter in each of its values, twice where it is a list, and all at once.
func queriesOf(op documentedOperation) []documentedQuery {
	value := func(q documentedFact) string {
		typ := q.Type
		if typ == typeArray {
			typ = q.Items
		}
		switch {
		case len(q.Enum) > 0:
			return q.Enum[0]
		case strings.HasSuffix(q.Name, "_datetime"):
			return "2026-01-02 03:04:05"
		case typ == typeInteger:
			return "1"
		case typ == typeBoolean:
			return "true"
		}
		return "12037*101 +ä"
	}
	needed := func(except string) url.Values {
		v := url.Values{}
		for _, q := range op.Query {
			if q.Required && q.Name != except {
				v.Set(q.Name, value(q))
			}
		}
		return v
	}
	out := []documentedQuery{{"", query(needed(""))}}
	all := needed("")
	for _, q := range op.Query {
		values := [][]string{{value(q)}}
		for _, word := range q.Enum {
			values = append(values, []string{word})
		}
		if q.Type == typeBoolean {
			values = append(values, []string{"false"})
		}
		if q.Type == typeArray {
			values = append(values, []string{value(q), value(q) + "1"})
		}
		for _, several := range values {
			v := needed(q.Name)
			v[q.Name] = several
			out = append(out, documentedQuery{q.Name, query(v)})
		}
		all[q.Name] = []string{value(q)}
	}
	if len(op.Query) > 1 {
		out = append(out, documentedQuery{"with all", query(all)})
	}
	return out
}

func query(v url.Values) string {
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// A state that an earlier version kept lacks what has come since.
func TestStateOfAnEarlierVersion(t *testing.T) {
	c := newCaller(t, Options{})
	data, err := c.sim.State()
	if err != nil {
		t.Fatal(err)
	}
	var state m
	if err := json.Unmarshal(data, &state); err != nil {
		t.Fatal(err)
	}
	objects := state["tenants"].(l)[0].(m)["objects"].(m)
	if objects["extension_ani"] == nil {
		t.Fatal("nothing to leave out")
	}
	delete(objects, "extension_ani")
	data, _ = json.Marshal(state)
	if err := c.sim.Restore(data); err != nil {
		t.Fatal(err)
	}
	c.call("GET", "/extension/50/ani/", "", 200)
	c.call("GET", "/extension/50/phone/", "", 200)
}
