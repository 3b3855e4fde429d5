package cli_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/text/unicode/norm"

	"pbxsync/internal/cli"
	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// respelling is a server that keeps texts in another form than they were sent.
type respelling struct {
	server *simulator.Server
	fields map[string]bool // API names; nil: every text
	form   func(string) string
	posts  atomic.Int64
	silent bool // nothing can be read once something was made
}

func (s *respelling) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") && (r.Method == http.MethodPost || r.Method == http.MethodPut) {
		s.posts.Add(1)
		s.rewrite(r)
	} else if s.silent && s.posts.Load() > 0 && strings.HasPrefix(r.URL.Path, "/api/") {
		http.Error(w, `{"message": "not now"}`, http.StatusForbidden)
		return
	}
	s.server.ServeHTTP(w, r)
}

func (s *respelling) rewrite(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		body, kind = s.rewriteForm(body, params["boundary"])
		r.Header.Set("Content-Type", kind)
	} else {
		var v any
		if json.Unmarshal(body, &v) == nil {
			body, _ = json.Marshal(s.value("", v))
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

func (s *respelling) rewriteForm(body []byte, boundary string) ([]byte, string) {
	in := multipart.NewReader(bytes.NewReader(body), boundary)
	var b bytes.Buffer
	out := multipart.NewWriter(&b)
	for part, err := in.NextPart(); err == nil; part, err = in.NextPart() {
		data, _ := io.ReadAll(part)
		if part.FileName() == "" {
			data = []byte(s.value(part.FormName(), string(data)).(string))
		}
		to, _ := out.CreatePart(part.Header)
		_, _ = to.Write(data)
	}
	_ = out.Close()
	return b.Bytes(), out.FormDataContentType()
}

func (s *respelling) value(name string, v any) any {
	switch v := v.(type) {
	case string:
		if s.fields == nil || s.fields[name] {
			return s.form(v)
		}
	case map[string]any:
		for k, x := range v {
			v[k] = s.value(k, x)
		}
	case []any:
		for i, x := range v {
			v[i] = s.value(name, x)
		}
	}
	return v
}

// place is a folder with files, a server, and records.
type place struct {
	t        *testing.T
	dir, url string
}

func newPlace(t *testing.T, s *respelling, seed string) *place {
	t.Helper()
	s.server = simulator.New(simulator.Options{AppID: "app", AppSecret: "app secret", Catalogue: schema.Builtin()})
	doc, err := file.ParseMap(file.File{Name: "seed", Data: []byte(seed)})
	if err == nil {
		err = s.server.Seed(doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return &place{t, t.TempDir(), srv.URL}
}

// run runs the program and requires an exit code.
func (p *place) run(code int, text string, args ...string) string {
	p.t.Helper()
	file := filepath.Join(p.dir, "tenant.yaml")
	head := "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"
	if err := os.WriteFile(file, []byte(head+text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	var out bytes.Buffer
	env := map[string]string{"PBXSYNC_ENDPOINT": p.url, "PBXSYNC_APP_ID": "app", "PBXSYNC_APP_SECRET": "app secret", "ALICE": "correct-horse"}
	program := &cli.Program{Args: append(args, p.dir), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Getenv: func(name string) string { return env[name] }, ConfigDir: func() (string, error) { return p.dir, nil }, Catalogue: schema.Builtin()}
	if got := program.Run(p.t.Context()); got != code {
		p.t.Fatalf("%v: exit code %d, want %d\n%s\n%s", args, got, code, text, out.String())
	}
	return out.String()
}

const respelledSeed = `
tenants:
  - settings: {id: 12, name: acme, prefix: "12037", extension_len: 3, timezone: Europe/Berlin}
    did: [{id: 201, name: "4930123456"}]
    extension: [{id: 501, name: "101", type: queue, status: active, label: Alice}, {id: 502, name: "102", type: phone, status: active}]
    extension_group: [{id: 601, name: blue}]
    remote_agent: [{id: 71, name: Bob, number: "4930123457"}]
`

// one of each kind that the API creates, with K for its key.
var keyed = map[string]string{
	"extension_group":    `extension_groups: {K: {}}`,
	"dial_rule":          `dial_rule_lists: {K: {dial_rules: []}}`,
	"call_status":        `call_statuses: {K: {property_list: [order]}}`,
	"caller_id_group":    `caller_id_groups: {K: {did_list: []}}`,
	"interval":           `intervals: {K: {timezone: UTC, conditions: []}}`,
	"network_permission": `network_permissions: {K: {}}`,
	"remote_agent":       `agents: {remote: {K: {number: "1"}}}`,
	"local_agent":        "agents: {local: {K: {extension: \"102\"}}}\nextensions: {\"102\": {}}",
	"sound":              `sounds: {K: {file: hold.wav}}`,
	"task_scheduler":     `task_schedulers: {K: {}}`,
	"client_user":        `users: {client: {L: {name: Alice, email: a@acme.example, status: active, access: full, password: {env: ALICE}}}}`,
	"extension_user":     `users: {extension: {L: {name: Alice, extension: "101", email: a@acme.example, status: active, access: full, password: {env: ALICE}}}}` + "\nextensions: {\"101\": {}}",
	"group_user":         `users: {extension_group: {L: {name: Alice, extension_group: blue, email: a@acme.example, status: active, access: full, password: {env: ALICE}}}}` + "\nextension_groups: {blue: {}}",
	"phone_event":        `phone_events: [{event_type: dial-in, method: GET, url: U}]`,
	"extension_event":    `extensions: {"101": {events: [{event_type: dial-in, method: GET, url: U}]}}`,
	"agent_event":        `agents: {remote: {Bob: {events: [{event_type: agent-login, method: GET, url: U}]}}}`,
}

// The kinds whose key cannot be kept in another form, or that are not made by it.
var unkeyed = map[string]string{
	"settings":  "the tenant is found by its prefix",
	"extension": "a key of digits",
	"variable":  "a call that writes all of them makes no second one",
}

var forms = map[string]func(string) string{
	"shortened":  func(s string) string { return string([]rune(s)[:min(len([]rune(s)), 30)]) },
	"lower case": strings.ToLower,
	"trimmed":    func(s string) string { return strings.Join(strings.Fields(s), " ") },
	"composed":   norm.NFC.String,
	"escaped":    html.EscapeString,
	"normal URL": func(s string) string { return strings.Replace(s, "https://CRM.Acme", "https://crm.acme", 1) },
}

// TestRespelledKeys: a server keeps another key than was sent. One object is made, whatever
// is run again; its id is on record, and the file is what has to be mended.
func TestRespelledKeys(t *testing.T) {
	const (
		name  = "\"SaLes & Service  Cafe\u0301 of the northern region\""
		login = "Alice.Sales_of-the-northern-region"
		url   = "\"https://CRM.Acme.example/hook/Cafe\u0301?a=1&b=2\""
	)
	tried := 0
	for _, k := range schema.Builtin().Kinds {
		text, ok := keyed[k.Word]
		if _, skipped := unkeyed[k.Word]; !k.Managed() || !k.Has(schema.Create) || skipped {
			continue
		}
		if !ok {
			t.Errorf("there is no file with a %s", k.Word)
		}
		text = strings.NewReplacer("{K:", "{"+name+":", "{L:", "{"+login+":", "url: U", "url: "+url).Replace(text)
		key := k.Key[len(k.Key)-1].Field.API
		for i, how := range slices.Sorted(maps.Keys(forms)) {
			form := forms[how]
			if (i+tried)%evidence.Quick(3, 1) != 0 {
				continue
			}
			if form(name) == name && form(login) == login && form(url) == url {
				t.Fatalf("%s: nothing would be kept in another form", how)
			}
			s := &respelling{fields: map[string]bool{key: true}, form: form}
			p := newPlace(t, s, respelledSeed)
			wav, err := os.ReadFile("../../examples/acme/sounds/hold.wav")
			if err != nil || os.WriteFile(filepath.Join(p.dir, "hold.wav"), wav, 0o600) != nil {
				t.Fatal(err)
			}
			p.run(0, "extensions: {\"101\": {label: \"1\"}}", "apply", "--auto-approve") // so that there are records
			before := len(s.server.Rows(k.Word))
			said := p.run(0, text, "apply", "--auto-approve")
			if len(s.server.Rows(k.Word)) != before+1 {
				t.Fatalf("%s, %s: nothing was made\n%s", k.Word, how, said)
			}
			if !strings.Contains(said, "[respelled]") { // this form is what was sent
				continue
			}
			tried++
			if !strings.Contains(said, "it was made as ") || !strings.Contains(said, "in the file") {
				t.Errorf("%s, %s: the way out is missing:\n%s", k.Word, how, said)
			}
			s.posts.Store(0)
			for range 2 {
				p.run(0, text, "apply", "--auto-approve")
			}
			if said := p.run(0, text, "drift"); !strings.Contains(said, "[respelled]") {
				t.Errorf("%s, %s: drift does not say it:\n%s", k.Word, how, said)
			}
			if n := len(s.server.Rows(k.Word)); n != before+1 || s.posts.Load() > 0 {
				t.Errorf("%s, %s: %d more are there, %d writes were sent again", k.Word, how, n-before, s.posts.Load())
			}
		}
	}
	if tried < evidence.Quick(14, 40) {
		t.Errorf("only %d keys were kept in another form", tried)
	}
	t.Logf("%d keys in another form", tried)
}

// TestRespelledKeyAtOnce: another key is on record before anything else is done, so that a
// run that could not read the tenant again leads to no second object.
func TestRespelledKeyAtOnce(t *testing.T) {
	const text = `call_statuses: {"Sales & Service": {property_list: [order]}}`
	s := &respelling{fields: map[string]bool{"name": true}, form: strings.ToLower, silent: true}
	p := newPlace(t, s, respelledSeed)
	p.run(4, text, "apply", "--auto-approve")
	s.silent = false
	s.posts.Store(0)
	said := p.run(0, text, "apply", "--auto-approve")
	if n := len(s.server.Rows("call_status")); n != 1 || s.posts.Load() > 0 || !strings.Contains(said, "it was made as ") {
		t.Errorf("%d are there, %d writes were sent again\n%s", n, s.posts.Load(), said)
	}
}

// TestRespelledValues: the same for values, of kinds that answer and of kinds that do not.
func TestRespelledValues(t *testing.T) {
	const text = `
extensions:
  "101": {label: "SALES  & Service"}
  "102": {label: Bob}
agents: {remote: {Bob: {number: "4930123457", extra_params: "A  B"}}}
variables: {GREETING: "Hello  YOU"}
`
	for how, form := range map[string]func(string) string{"lower case": strings.ToLower, "trimmed": forms["trimmed"]} {
		s := &respelling{fields: map[string]bool{"extra_params": true, "label": true, "value": true}, form: form}
		p := newPlace(t, s, respelledSeed)
		p.run(4, text, "apply", "--auto-approve") // the answer to variables tells nothing
		said := p.run(0, text, "apply", "--auto-approve")
		if !strings.Contains(said, "and the server keeps") {
			t.Errorf("%s: nothing was said:\n%s", how, said)
		}
		s.posts.Store(0)
		if said := p.run(0, text, "apply", "--auto-approve"); s.posts.Load() > 0 {
			t.Errorf("%s: written again:\n%s", how, said)
		}
		p.run(0, text, "plan", "--detailed-exitcode")
		if said := p.run(0, text, "drift"); strings.Count(said, "[respelled]") < 2 {
			t.Errorf("%s: drift says\n%s", how, said)
		}
		p.run(2, text, "drift", "--state-dir", t.TempDir()) // nothing is on record
		if err := s.server.Edit("extension", 501, map[string]any{"label": "Mallory"}); err != nil {
			t.Fatal(err)
		}
		if said := p.run(2, text, "drift"); !strings.Contains(said, "Mallory") {
			t.Errorf("%s: an edit is no drift:\n%s", how, said)
		}
	}
}
