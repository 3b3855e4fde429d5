package survey_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/simulator"
	"pbxsync/internal/survey"
	"pbxsync/internal/survey/playback"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// getter asks a handler as a client would.
type getter struct {
	h     http.Handler
	token string
	asked []string
}

type statusError int

func (e statusError) Error() string   { return fmt.Sprintf("status %d", int(e)) }
func (e statusError) HTTPStatus() int { return int(e) }

func newGetter(t *testing.T, h http.Handler) *getter {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("POST", "/oauth/token?grant_type=client_credentials&client_id=a&client_secret=s", nil))
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return &getter{h: h, token: answer.Token}
}

func (g *getter) Get(_ context.Context, path string) (any, error) {
	g.asked = append(g.asked, path)
	r := httptest.NewRequest("GET", "/api/ver1.0"+path, nil)
	r.Header.Set("Authorization", "Bearer "+g.token)
	rec := httptest.NewRecorder()
	g.h.ServeHTTP(rec, r)
	if rec.Code != 200 {
		return nil, statusError(rec.Code)
	}
	dec := json.NewDecoder(bytes.NewReader(rec.Body.Bytes()))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil, statusError(200)
	}
	return v, nil
}

// full is a tenant with something of each kind that a seed can have.
func full(t *testing.T, o simulator.Options) *simulator.Server {
	t.Helper()
	sim := simulator.New(o)
	data, err := os.ReadFile("../../examples/acme/_seed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := file.ParseMap(file.File{Name: "seed", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	type m = map[string]any
	tenant := doc["tenants"].([]any)[0].(m)
	tenant["extension_group"] = []any{m{"id": 21, "name": "Secret group"}}
	tenant["extension"] = []any{m{"id": 31, "name": "101", "type": "phone", "label": "Zaphod"}, m{"id": 32, "name": "102", "type": "phone"}, m{"id": 33, "name": "103", "type": "queue"}}
	tenant["local_agent"] = []any{m{"id": 41, "name": "Trillian", "extension_id": 31, "events": []any{m{"event_type": "agent-login", "method": "GET", "url": "https://heart.example/gold"}}}}
	tenant["remote_agent"] = []any{m{"id": 42, "name": "Marvin", "number": "42"}}
	tenant["variable"] = []any{m{"var": "TOWEL", "value": "blue"}, m{"var": "TEA", "value": "none"}}
	tenant["interval"] = []any{m{"id": 51, "name": "Lunch", "timezone": "UTC", "conditions": []any{m{"start_dow": 2, "end_dow": 6}}}}
	tenant["client_user"] = []any{m{"id": 61, "login": "ford.prefect", "name": "F", "email": "f@x.example", "status": "active", "access": "full"}}
	tenant["phone_event"] = []any{m{"id": 71, "event_type": "hangup", "method": "GET", "url": "https://x.example"}}
	tenant["recording"] = []any{m{"record_uuid": "31-ABC", "extension_id": 31}}
	if err := sim.Seed(doc); err != nil {
		t.Fatal(err)
	}
	return sim
}

func options() survey.Options {
	return survey.Options{Catalogue: schema.Builtin(), Tool: "test", Tenant: "12", PageSize: 200, Sample: 20}
}

func read(t *testing.T, h http.Handler, o survey.Options) *survey.Record {
	t.Helper()
	rec, err := survey.Read(t.Context(), newGetter(t, h), o)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// lines are findings as text, without the examples that only a live server gives.
func lines(r *survey.Report) []string {
	out := []string{}
	for _, f := range r.Findings {
		out = append(out, f.What+" "+f.Where+": "+f.Text)
	}
	return out
}

func TestNothingToSayAboutTheSimulator(t *testing.T) {
	got := survey.Compare(schema.Builtin(), read(t, full(t, simulator.Options{}), options()))
	if len(got.Findings) > 0 || got.Collections < 22 || got.Rows < 30 || got.Fields < 200 {
		t.Errorf("%d collections, %d rows, %d fields: %v", got.Collections, got.Rows, got.Fields, lines(got))
	}
	if !slices.Equal(got.Unread, []string{"task_scheduler"}) {
		t.Errorf("unread: %v", got.Unread)
	}
}

// A fault of an answer: the path that it meets, and what it does to what was answered.
type fault struct {
	path string
	do   func(v any) any
	want string // the finding, "" for several
}

func rows(f func(row map[string]any)) func(any) any {
	return func(v any) any {
		switch x := v.(type) {
		case []any:
			for _, row := range x {
				f(row.(map[string]any))
			}
		case map[string]any:
			f(x)
		}
		return v
	}
}

func set(name string, v any) func(any) any { return rows(func(row map[string]any) { row[name] = v }) }

type status int

var faults = []fault{
	{"/client/12/extension_group/", func(any) any { return status(403) }, "refused extension_group: GET /client/{client_id}/extension_group/ is refused with 403, 1 of 1 times"},
	{"/client/12/oauth/session/", func(any) any { return status(501) }, "refused session: GET /client/{client_id}/oauth/session/ is refused with 501, 1 of 1 times"},
	{"/client/12/phone_events/", func(any) any { return status(200) }, "refused phone_event: GET /client/{client_id}/phone_events/ answered what cannot be read (200), 1 of 1 times"},
	{"/client/12/variables/", func(v any) any { return map[string]any{"variables": v} }, `form variable: the rows stand in "variables" of an object, 1 of 1 times`},
	{"/client/12/variables/", func(v any) any {
		m := map[string]any{}
		for _, row := range v.([]any) {
			m[row.(map[string]any)["var"].(string)] = row.(map[string]any)["value"]
		}
		return m
	}, "form variable: the rows stand by name in an object, 1 of 1 times"},
	{"/client/12/current_calls/", func(v any) any { return v.(map[string]any)["call_list"] }, `form current_call: a bare list came; "call_list" is documented around it, 1 of 1 times`},
	{"/client/12/interval/", func(v any) any { return v.([]any)[0] }, ""},
	{"/client/12/extension/", set("label", 7), "types extension.label: a whole number in 3 of 3, and text is due"},
	{"/extension/31/phone/", set("hangup_timeout", "25"), "types phone.hangup_timeout: text in 1 of 2, and a whole number is due (a number as text)"},
	{"/extension/31/phone/", set("vm_enabled", "true"), "types phone.vm_enabled: text in 1 of 2, and true or false is due (yes or no as text)"},
	{"/client/12/extension/", set("type", "trunk"), ""},
	{"/client/12/agent/local/", set("busy_delay_time", nil), "null local_agent.busy_delay_time: null in 1 of 1, which no request may send"},
	{"/client/12/client/", rows(func(row map[string]any) { delete(row, "geo_list") }), "missing settings.geo_list: not there in 1 of 1"},
	{"/client/12/extension/", set("sip_secret_level", "x"), "unknown extension.sip_secret_level: text 1 in 3 of 3, and not known to this version"},
	{"/client/12/agent/local/41/event/", set("retries", 3), "unknown agent_event.retries: whole number in 1 of 1, and not known to this version"},
	{"/client/12/interval/", rows(func(row map[string]any) {
		row["conditions"].([]any)[0].(map[string]any)["start_dow"] = "mon"
	}), "types interval.conditions[].start_dow: text in 1 of 1, and a whole number is due"},
}

// leaving changes one answer of a server.
func leaving(h http.Handler, f fault) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.TrimPrefix(r.URL.Path, "/api/ver1.0") != f.path {
			h.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		var v any
		_ = json.Unmarshal(rec.Body.Bytes(), &v)
		v = f.do(v)
		if s, ok := v.(status); ok {
			w.WriteHeader(int(s))
			_, _ = w.Write([]byte("<html>"))
			return
		}
		_ = json.NewEncoder(w).Encode(v)
	})
}

// Each way of leaving the catalogue is found, and is found again in a record that was
// played back, which holds no value of the tenant.
func TestFindingsLiveAndPlayedBack(t *testing.T) {
	for _, f := range faults {
		rec := read(t, leaving(full(t, simulator.Options{}), f), options())
		live := lines(survey.Compare(schema.Builtin(), rec))
		if len(live) == 0 || f.want != "" && !slices.Equal(live, []string{f.want}) {
			t.Errorf("%s: %q, want %q", f.path, live, f.want)
		}
		again := lines(survey.Compare(schema.Builtin(), playedBack(t, rec)))
		if !slices.Equal(again, live) {
			t.Errorf("%s: played back %q, and live %q", f.path, again, live)
		}
	}
}

func playedBack(t *testing.T, rec *survey.Record) *survey.Record {
	t.Helper()
	data, err := rec.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"Zaphod", "Trillian", "Marvin", "TOWEL", "TEA", "blue", "Secret group", "ford", "heart", "Lunch", "31-ABC", "acme", "12037", "Europe", "trunk"} {
		if bytes.Contains(data, []byte(value)) {
			t.Errorf("the record holds %q", value)
		}
	}
	back, err := survey.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, playback.New(back), options())
}

// The number of findings of all at once, to see that none hides another.
func TestAllAtOnce(t *testing.T) {
	var h http.Handler = full(t, simulator.Options{PageCap: 2})
	for _, f := range faults[7:] {
		h = leaving(h, f)
	}
	rec := read(t, h, options())
	live := survey.Compare(schema.Builtin(), rec)
	got := lines(live)
	for _, want := range []string{
		"word extension.type: a word that is not documented in 3 of 3",
		"pages extension: a page ends at 2 rows; 200 were asked for; say --page-size 2, or a bare list may seem to end there",
		"types extension.label: a whole number in 3 of 3, and text is due",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	if i := slices.IndexFunc(live.Findings, func(f survey.Finding) bool { return f.What == survey.Word }); live.Findings[i].Such != "trunk" {
		t.Errorf("%+v", live.Findings[i])
	}
	if again := lines(survey.Compare(schema.Builtin(), playedBack(t, rec))); !slices.Equal(again, got) {
		t.Errorf("played back %q, and live %q", again, got)
	}
}

func TestBounds(t *testing.T) {
	sim := full(t, simulator.Options{})
	o := options()
	o.Sample = 1
	g := newGetter(t, sim)
	if _, err := survey.Read(t.Context(), g, o); err != nil {
		t.Fatal(err)
	}
	phones := 0
	seen := map[string]bool{}
	for _, path := range g.asked {
		if strings.HasSuffix(path, "/phone/") {
			phones++
		}
		if seen[path] {
			t.Errorf("%s was read twice", path)
		}
		seen[path] = true
	}
	if phones != 1 {
		t.Errorf("%d phones", phones)
	}
	if n := strings.Count(strings.Join(g.asked, "\n"), "/record/?"); n != 1 { // there may be no end to them
		t.Errorf("%d pages of recordings", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := survey.Read(ctx, g, o); err == nil {
		t.Error("a survey that was stopped is no survey")
	}
}

// A record comes from somebody else: what cannot be is refused, and nothing panics.
func TestRecordsOfOthers(t *testing.T) {
	const right = `{"format_version":1,"tool":"x","sample":1,"answers":[{"kind":"did","path":"/client/{client_id}/did/","status":200,"rows":1,"row":%s}]}`
	for _, row := range []string{`{"null":-1}`, `{"object":{"count":-3}}`, `{"object":{"count":2000000}}`, `{"object":{"count":200000,"members":{"a":{"null":200000},"b":{"null":200000},"c":{"null":200000},"d":{"null":200000},"e":{"null":200000}}}}`,
		`{"text":{"count":200000,"length":[900,900]}}`, `{"list":{"count":1,"length":[-1,1],"total":1}}`,
		`{"text":{"count":1,"length":[1,999999999]}}`, `{"text":{"count":1,"length":[1,1],"words":{"x":-2}}}`, `{"value":"x"}`, `[]`} {
		if _, err := survey.Decode(fmt.Appendf(nil, right, row)); err == nil {
			t.Errorf("%s was taken", row)
		}
	}
	for _, row := range []string{`null`, `{}`, `{"object":{"count":0,"members":{"id":{"int":5}},"own":3,"own_are":{"null":3}}}`, `{"list":{"count":2,"length":[5,1],"total":1}}`,
		`{"text":{"count":0,"length":[0,0],"digits":4}}`, `{"int":7}`} {
		rec, err := survey.Decode(fmt.Appendf(nil, right, row))
		if err != nil {
			t.Errorf("%s: %v", row, err)
			continue
		}
		survey.Compare(schema.Builtin(), read(t, playback.New(rec), options()))
	}
	for _, text := range []string{"", "{}", `{"format_version":2}`, "[]", `{"format_version":1,"answers":[{"kind":"did","path":"/x","status":7,"rows":0}]}`} {
		if _, err := survey.Decode([]byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// A server that does not heed the page, or the size of it, is named and asked no further.
func TestPagesThatAreNotHeeded(t *testing.T) {
	sim := full(t, simulator.Options{})
	g := newGetter(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		q.Del("page")
		q.Del("per_page")
		r.URL.RawQuery = q.Encode()
		sim.ServeHTTP(w, r)
	}))
	o := options()
	o.PageSize = 2
	rec, err := survey.Read(t.Context(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	got := lines(survey.Compare(schema.Builtin(), rec))
	for _, want := range []string{"pages extension: page 2 is page 1 once more", "pages extension: a page has 3 rows; 2 were asked for"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	if len(g.asked) > 60 {
		t.Errorf("asked %d times", len(g.asked))
	}
}

// What a tenant calls its things is not the name of a field.
func TestNamesOfTheTenantsOwn(t *testing.T) {
	names := survey.NamesOf(schema.Builtin())
	s := &survey.Shape{}
	names.Add(s, map[string]any{"zaphod": "x", "trillian": "y", "name": "z"}, nil)
	if got := s.Brief(); got != "{3 of its own: text 1}" {
		t.Error(got)
	}
	s = &survey.Shape{}
	names.Add(s, map[string]any{"id": json.Number("1"), "name": "z", "colour": true, "Zaphod's": nil}, nil)
	if got := s.Brief(); got != "{colour: true or false, id: whole number, name: text 1, 1 of its own: null}" {
		t.Error(got)
	}
}
