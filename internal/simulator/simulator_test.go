package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// m and l keep seeds and bodies readable.
type (
	m = map[string]any
	l = []any
)

func seed() m {
	return m{"tenants": l{
		m{
			"settings": m{"id": 12, "name": "acme", "prefix": "12037", "extension_len": 3, "timezone": "Europe/Berlin"},
			"limit":    m{"interval_limit": 1, "extension_agent_limit": 1, "event_limit": 1},
			"did": l{
				m{"id": 201, "name": "4930123456"},
				m{"id": 202, "name": "4930123457", "domain": m{"name": "x.example"}, "allow_message": true},
				m{"id": 203, "name": "4930123458", "domain": "y.example"},
			},
			"sound": l{
				m{"id": 301, "title": "Jazz", "dealer": true},
				m{"id": 302, "title": "Welcome"},
			},
			"dial_rule": l{m{"id": 401, "name": "shared", "dealer": true, "dial_rules": l{}}},
			"extension": l{
				m{"id": 501, "name": "101", "type": "phone", "status": "active", "phone": m{"hangup_timeout": 25}},
				m{"id": 502, "name": "12037*102", "type": "queue"},
			},
			"extension_group": l{m{"id": 601, "name": "sales"}},
			"local_agent":     l{m{"id": 701, "name": "Alice", "extension_id": 501, "events": l{m{"id": 702, "event_type": "agent-login", "method": "GET", "url": "https://a.example"}}}},
			"remote_agent":    l{m{"id": 701, "name": "Bob", "number": "+4930"}},
			"variable":        l{m{"var": "A", "value": "1"}},
		},
		m{
			"settings":  m{"id": 13, "name": "other", "prefix": "00013"},
			"extension": l{m{"id": 901, "name": "101", "type": "phone"}},
		},
	}}
}

// box is a server and a token for it.
type box struct {
	*Server
	t     testing.TB
	token string
}

func newBox(t testing.TB, o Options) *box {
	t.Helper()
	b := &box{Server: New(o), t: t}
	if err := b.Seed(seed()); err != nil {
		t.Fatal(err)
	}
	b.login()
	return b
}

func (b *box) login() {
	b.t.Helper()
	rec := postForm(b.Server, url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {"secret"}})
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || answer.Token == "" {
		b.t.Fatalf("token: %d %s", rec.Code, rec.Body)
	}
	b.token = answer.Token
}

func postForm(h http.Handler, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/oauth/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func (b *box) request(method, path string, body any) *http.Request {
	var rd io.Reader
	switch x := body.(type) {
	case nil:
	case string:
		rd = strings.NewReader(x)
	default:
		data, err := json.Marshal(x)
		if err != nil {
			b.t.Fatal(err)
		}
		rd = bytes.NewReader(data)
	}
	r := httptest.NewRequest(method, "/api/ver1.0"+path, rd)
	r.Header.Set("Authorization", "Bearer "+b.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// do returns the status and the decoded body.
func (b *box) do(method, path string, body any) (int, any) {
	b.t.Helper()
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, b.request(method, path, body))
	if rec.Body.Len() == 0 {
		return rec.Code, nil
	}
	dec := json.NewDecoder(rec.Body)
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return rec.Code, plain(v)
}

// ok does what has to succeed and returns the object.
func (b *box) ok(method, path string, body any) m {
	b.t.Helper()
	status, v := b.do(method, path, body)
	if status > 299 {
		b.t.Fatalf("%s %s: %d %v", method, path, status, v)
	}
	obj, _ := v.(m)
	return obj
}

func (b *box) rows(path string) []m {
	b.t.Helper()
	status, v := b.do("GET", path, nil)
	list, ok := v.(l)
	if status != 200 || !ok {
		b.t.Fatalf("GET %s: %d %v", path, status, v)
	}
	out := make([]m, len(list))
	for i, row := range list {
		out[i] = row.(m)
	}
	return out
}

// refused wants a status and a part of the message.
func (b *box) refused(method, path string, body any, status int, part string) {
	b.t.Helper()
	got, v := b.do(method, path, body)
	text := ""
	if obj, ok := v.(m); ok {
		text, _ = obj["message"].(string)
	}
	if got != status || !strings.Contains(text, part) || text == "" {
		b.t.Errorf("%s %s %v: got %d %q, want %d with %q", method, path, body, got, text, status, part)
	}
}

func wantFields(t testing.TB, got m, want m) {
	t.Helper()
	for key, v := range plain(want).(m) {
		g, ok := got[key]
		if !ok || !reflect.DeepEqual(g, v) {
			t.Errorf("%s: got %#v (there: %v), want %#v", key, g, ok, v)
		}
	}
}

func TestTokens(t *testing.T) {
	good := url.Values{"grant_type": {"client_credentials"}, "client_id": {"a"}, "client_secret": {"s"}}
	with := func(key, value string) url.Values {
		v := url.Values{}
		for k := range good {
			v.Set(k, good.Get(k))
		}
		v.Set(key, value)
		return v
	}
	s := New(Options{AppID: "a", AppSecret: "s"})
	for _, c := range []struct {
		form   url.Values
		status int
		part   string
	}{
		{good, 200, `"expires_in":3600,"scope":"all","token_type":"Bearer"`},
		{with("client_id", "b"), 401, `{"error":"invalid_client"}`},
		{with("client_secret", "b"), 401, `{"error":"invalid_client"}`},
		{with("client_secret", ""), 401, `{"error":"invalid_client"}`},
		{with("grant_type", "password"), 400, `"error"`},
	} {
		rec := postForm(s, c.form)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.part) {
			t.Errorf("%v: %d %s", c.form, rec.Code, rec.Body)
		}
	}
	if rec := postForm(New(Options{OmitExpiresIn: true}), good); rec.Code != 200 || strings.Contains(rec.Body.String(), "expires_in") {
		t.Errorf("without expires_in: %d %s", rec.Code, rec.Body)
	}
	if n := s.Counts().Token; n != 5 {
		t.Errorf("counted %d requests for tokens", n)
	}
}

func TestTokenIsRequiredAndExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(t, Options{TokenLife: time.Minute})
		path := "/client/@me/did/"
		time.Sleep(59 * time.Second)
		b.ok("GET", path, nil)
		time.Sleep(time.Second)
		b.refused("GET", path, nil, 401, "expired")
		b.login()
		b.ExpireTokens()
		b.refused("GET", path, nil, 401, "expired")
		r := b.request("GET", path, nil)
		r.Header.Del("Authorization")
		rec := httptest.NewRecorder()
		b.ServeHTTP(rec, r)
		if rec.Code != 401 {
			t.Errorf("without a token: %d", rec.Code)
		}
	})
}

func TestPaths(t *testing.T) {
	b := newBox(t, Options{})
	for _, c := range []struct {
		method, path string
		status       int
		part         string
	}{
		{"GET", "/client/12/did", 404, "documented form is /client/{client_id}/did/"},
		{"GET", "/client/12/did/201/", 404, "documented form is /client/{client_id}/did/{did_id}"},
		{"GET", "/client/12/extension/call_status", 404, "Not found"},
		{"GET", "/client/12/nothing/", 404, "Not found"},
		{"GET", "/", 404, "Not found"},
		{"GET", "/client/12/did/0", 404, "Not found"},
		{"GET", "/client/12/did/-1", 404, "Not found"},
		{"GET", "/client/12/did/0201", 404, "Not found"},
		{"GET", "/client/12/did/x", 404, "Not found"},
		{"GET", "/client/12/did/999", 404, "Not found"},
		{"GET", "/client/abc/did/", 404, "Not found"},
		{"GET", "/client//did/", 404, "Not found"},
		{"GET", "/client/13/did/", 403, "client 13"},
		{"GET", "/client/99/did/", 403, "client 99"},
		{"POST", "/client/12/did/", 405, "offers no POST"},
		{"DELETE", "/client/12/did/201", 405, "offers no DELETE"},
		{"DELETE", "/client/12/extension/", 405, "offers no DELETE"},
		{"PUT", "/client/12/limit/", 405, "offers no PUT"},
		{"GET", "/admin/client/", 403, "administrator"},
		{"GET", "/extension/502/phone/", 404, "Not found"},
		{"GET", "/extension/901/phone/", 404, "Not found"},
		{"GET", "/extension/@me/phone/", 404, "Not found"},
		{"GET", "/client/12/agent/remote/701/event/702", 404, "Not found"},
		{"GET", "/client/12/agent/local/999/event/", 404, "Not found"},
	} {
		b.refused(c.method, c.path, nil, c.status, c.part)
	}
	for _, path := range []string{
		"/client/@me/did/201", "/client/%40me/did/201", "/client/12/extension/501", "/extension/501/phone/",
		"/client/12/client/", "/client/client_info/12/", "/client/client_info/@me/", "/client/12/ani/",
		"/client/12/limit/", "/client/12/agent/local/701/event/702", "/client/12/extension/call_status/",
		"/client/12/extension/", "/client/12/agent/remote/701/event/",
	} {
		b.ok("GET", path, nil)
	}
}

func TestEveryKindOfTheCatalogueIsServed(t *testing.T) {
	b := newBox(t, Options{})
	for _, k := range b.cat.Kinds {
		for _, r := range k.Routes {
			for _, path := range r.Paths() {
				got, err := b.routes.find(strings.NewReplacer("{", "v-", "}", "").Replace(path.String()), Strict)
				if err != nil || got.at.kind != k || got.at.route != r {
					t.Errorf("%s: %v", path, err)
				}
			}
		}
	}
}

func TestAdministrator(t *testing.T) {
	b := newBox(t, Options{Admin: true})
	b.refused("GET", "/client/@me/client/", nil, 404, "Not found")
	b.refused("GET", "/client/99/client/", nil, 404, "Not found")
	b.refused("GET", "/admin/client/?order=asc", nil, 400, "order")
	b.ok("GET", "/client/13/client/", nil)
	b.ok("GET", "/extension/901/phone/", nil)
	for query, want := range map[string]int{
		"": 2, "?prefix=12037": 1, "?name=acme&name=other": 2, "?id=13": 1, "?name=acme&id=13": 0,
		"?per_page=1": 1, "?per_page=1&page=3": 0,
	} {
		if got := len(b.rows("/admin/client/" + query)); got != want {
			t.Errorf("%q: %d tenants, want %d", query, got, want)
		}
	}
	wantFields(t, b.rows("/admin/client/?prefix=12037")[0], m{"id": 12, "name": "acme", "prefix": "12037"})
}

// snapshot is the state without the counter, since an id may be used up.
func snapshot(b *box) string {
	st := b.export()
	st.NextID = 0
	data, err := json.Marshal(st)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

const ext = "/client/12/extension/"

func TestBodiesAreCheckedAsDocumented(t *testing.T) {
	b := newBox(t, Options{})
	interval := func(conditions any) m { return m{"name": "x", "timezone": "UTC", "conditions": conditions} }
	for _, c := range []struct {
		name, method, path string
		body               any
		part               string
	}{
		{"no JSON", "POST", ext, "{", "no JSON"},
		{"list", "POST", ext, "[]", "JSON object"},
		{"two", "POST", ext, "{} {}", "follows"},
		{"null body", "POST", ext, "null", "JSON object"},
		{"unknown", "POST", ext, m{"name": "103", "type": "phone", "colour": "red"}, "colour: unknown field"},
		{"read-only", "POST", ext, m{"name": "103", "type": "phone", "id": 5}, "id: is read-only"},
		{"missing", "POST", ext, m{"name": "103"}, "type: is required"},
		{"enum", "POST", ext, m{"name": "103", "type": "door"}, "type: has to be one of phone"},
		{"text", "POST", ext, m{"name": 103, "type": "phone"}, "name: has to be text"},
		{"boolean", "POST", ext, m{"name": "103", "type": "phone", "ani_rfc3325": "yes"}, "ani_rfc3325: has to be true or false"},
		{"null", "POST", ext, m{"name": "103", "type": nil}, "type: may not be null"},
		{"other prefix", "POST", ext, m{"name": "999*103", "type": "phone"}, "name: the prefix"},
		{"only prefix", "POST", ext, m{"name": "12037*", "type": "phone"}, "name: may not be empty"},
		{"unique", "POST", ext, m{"name": "101", "type": "phone"}, "already exists"},
		{"unique, full", "POST", ext, m{"name": "12037*101", "type": "phone"}, "already exists"},
		{"reference", "POST", ext, m{"name": "103", "type": "phone", "extension_group_id": 77}, "extension_group_id: there is no extension_group with id 77"},
		{"reference by key", "POST", ext, m{"name": "103", "type": "phone", "extension_group_id": "sales"}, "extension_group_id: has to be a whole number"},
		{"create only", "PUT", ext + "501", m{"name": "103"}, "name: can only be set on create"},
		{"maximum", "PUT", "/extension/501/phone/", m{"hangup_timeout": 86401}, "hangup_timeout: has to be 86400 or less"},
		{"bundle of itself", "PUT", "/extension/501/phone/", m{"bundle": m{"bundle_list": m{"501": m{"active": true}}}}, "bundle: 501 cannot be in its own bundle"},
		{"bundle of nobody", "PUT", "/extension/501/phone/", m{"bundle": m{"bundle_list": m{"9": m{"active": true}}}}, "bundle: 9 has no phone"},
		{"bundle of another", "PUT", "/extension/501/phone/", m{"bundle": m{"bundle_id": 502}}, "bundle.bundle_id: has to be 501"},
		{"bundle without active", "PUT", "/extension/501/phone/", m{"bundle": m{"bundle_list": m{"9": m{}}}}, "bundle.bundle_list.9.active: is required"},
		{"minimum", "PUT", "/extension/501/phone/", m{"hangup_timeout": 0}, "hangup_timeout: has to be 1 or more"},
		{"fraction", "PUT", "/extension/501/phone/", m{"hangup_timeout": 1.5}, "hangup_timeout: has to be a whole number"},
		{"null number", "PUT", "/extension/501/phone/", m{"hangup_timeout": nil}, "hangup_timeout: may not be null"},
		{"required reference 0", "POST", "/client/12/agent/local/", m{"name": "x", "extension_id": 0}, "extension_id: may not be null"},
		{"list type", "POST", "/client/12/interval/", interval("never"), "conditions: has to be a list"},
		{"item type", "POST", "/client/12/interval/", interval(l{"never"}), "conditions[0]: has to be an object"},
		{"nested unknown", "POST", "/client/12/interval/", interval(l{m{}, m{"day": 1}}), "conditions[1].day: unknown field"},
		{"nested read-only", "POST", "/client/12/interval/", interval(l{m{"type": "weekly"}}), "conditions[0].type: is read-only"},
		{"nested word", "POST", "/client/12/interval/", interval(l{m{"start_dow": "mon"}}), "conditions[0].start_dow: has to be one of 1, 2"},
		{"nested word range", "POST", "/client/12/interval/", interval(l{m{"start_dow": 0}}), "conditions[0].start_dow"},
		{"nested maximum", "POST", "/client/12/interval/", interval(l{m{"month": 13}}), "conditions[0].month: has to be 12 or less"},
		{"nested required", "POST", "/client/12/dial_rule/", m{"name": "x", "dial_rules": l{m{"match_exp": "1"}}}, "dial_rules[0].repl_exp: is required"},
		{"nested null", "POST", "/client/12/dial_rule/", m{"name": "x", "dial_rules": l{m{"match_exp": nil, "repl_exp": ""}}}, "dial_rules[0].match_exp: may not be null"},
		{"list of text", "POST", "/client/12/network_permission/", m{"name": "x", "network_address": l{1}}, "network_address[0]: has to be text"},
		{"no DID", "PUT", "/client/12/ani/", m{"ani_number": "1"}, `ani_number: "1" is no did`},
		{"ani left out", "PUT", "/client/12/ani/", m{}, "ani_number: is required on every update"},
		{"answer's name", "PUT", "/client/12/ani/", m{"default": "4930123456"}, "default: unknown field"},
		{"write-only type", "POST", "/client/12/user/client/", m{"name": "x", "login": "x", "password": 1, "email": "x"}, "password: has to be text"},
		{"many: no list", "POST", "/client/12/variables/", m{}, "variables: is required"},
		{"many: unknown", "POST", "/client/12/variables/", m{"variables": l{}, "x": 1}, "x: unknown field"},
		{"many: item", "POST", "/client/12/variables/", m{"variables": l{m{"var": "A"}}}, "value: is required"},
		{"many: not one", "POST", "/client/12/variables/", m{"var": "A", "value": "1"}, "unknown field"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			before := snapshot(b)
			b.refused(c.method, c.path, c.body, 400, c.part)
			if snapshot(b) != before {
				t.Error("a refused request changed the state")
			}
		})
	}
	r := b.request("POST", ext, m{"name": "103", "type": "phone"})
	r.Header.Set("Content-Type", "text/plain")
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, r)
	if rec.Code != 400 || !strings.Contains(rec.Body.String(), "Content-Type") {
		t.Errorf("text/plain: %d %s", rec.Code, rec.Body)
	}
}
