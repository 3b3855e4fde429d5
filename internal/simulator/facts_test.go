package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// What the API's documents say (schema/testdata/contract.json) is asked of the
// simulator over HTTP: each parameter wrong, missing, right and with a stranger
// beside it; each path with a wrong slash, verb, id and query. What is otherwise
// on purpose is in schema/testdata/differences.yaml with its reason, and what
// nobody uses in operations.yaml.

// documentedFact is a parameter of a request or a field of an answer.
type documentedFact struct {
	Name     string
	Type     string
	Items    string // a type, or the name of a nested list
	Required bool
	Enum     []string
	Default  any
	Min, Max *int64
	Words    any
}

// documentedOperation is one method and path.
type documentedOperation struct {
	Method         string
	Path           string
	Query          []documentedFact            `json:"query_params"`
	Body           []documentedFact            `json:"json_params"`
	Form           []documentedFact            `json:"form_params"`
	BodyNested     map[string][]documentedFact `json:"json_params_nested"`
	Resource       []documentedFact            `json:"resource"`
	ResourceNested map[string][]documentedFact `json:"resource_nested"`
}

// deviation names what is otherwise on purpose, as differences.yaml has it.
type deviation struct {
	Kind, In, Field, What string
}

// facts holds a simulator against the documents.
type facts struct {
	t          testing.TB
	cat        *schema.Catalogue
	operations []documentedOperation
	reasons    map[deviation]string
	catalogue  map[deviation]string // what the catalogue says there

	cases    int
	skipped  map[string]int // reason -> how often
	failures []string
	ours     []string // reasons of the simulator alone
}

func newFacts(t testing.TB, c *schema.Catalogue) *facts {
	f := &facts{t: t, cat: c, reasons: map[deviation]string{}, catalogue: map[deviation]string{}, skipped: map[string]int{}}
	var contract struct{ Operations []documentedOperation }
	dec := json.NewDecoder(bytes.NewReader(readTestdata(t, "contract.json")))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&contract); err != nil {
		t.Fatal(err)
	}
	f.operations = slices.DeleteFunc(contract.Operations, unserved(t, c))
	var groups []struct {
		Reason string
		Where  []struct {
			deviation            `yaml:",inline"`
			Catalogue, Documents string
		}
	}
	if err := yaml.Unmarshal(readTestdata(t, "differences.yaml"), &groups); err != nil {
		t.Fatal(err)
	}
	own := groups[:0:0]
	if err := yaml.Unmarshal(readTestdata(t, "../../internal/simulator/testdata/differences.yaml"), &own); err != nil {
		t.Fatal(err)
	}
	for _, g := range own {
		f.ours = append(f.ours, g.Reason)
	}
	groups = append(groups, own...)
	for _, g := range groups {
		for _, w := range g.Where {
			f.reasons[w.deviation], f.catalogue[w.deviation] = g.Reason, w.Catalogue
		}
	}
	return f
}

// unserved tells the operations that no kind uses (operations.yaml) and that the
// simulator does not have either.
func unserved(t testing.TB, c *schema.Catalogue) func(documentedOperation) bool {
	var entries []struct{ Operations []string }
	if err := yaml.Unmarshal(readTestdata(t, "operations.yaml"), &entries); err != nil {
		t.Fatal(err)
	}
	unused := map[string]bool{}
	for _, e := range entries {
		for _, name := range e.Operations {
			unused[name] = true
		}
	}
	server := New(Options{Catalogue: c})
	return func(o documentedOperation) bool {
		m, err := server.routes.find(o.Path, Strict)
		return unused[o.Method+" "+o.Path] && (err != nil || m.at.template != o.Path || m.at.verbs[o.Method].act == nil)
	}
}

func readTestdata(t testing.TB, name string) []byte {
	data, err := os.ReadFile("../../schema/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFactsOverHTTP(t *testing.T) {
	f := newFacts(t, schema.Builtin())
	f.run(false)
	for _, text := range f.failures {
		t.Error(text)
	}
	for _, reason := range f.ours {
		if f.skipped[reason] == 0 {
			t.Errorf("testdata/differences.yaml: nothing differs any more: %s", reason)
		}
	}
	t.Logf("%d operations, %d cases", len(f.operations), f.cases)
	for _, reason := range sortedKeys(f.skipped) {
		t.Logf("%d left out: %s", f.skipped[reason], reason)
	}
}

// TestFactsSeeABrokenRule breaks one rule of the simulator at a time.
func TestFactsSeeABrokenRule(t *testing.T) {
	for _, test := range []struct{ what, kind, old, new string }{
		{"required", "extension", "required: [name, type]", "required: [name]"},
		{"required on update", "interval", "format: timezone, x-always: true", "format: timezone"},
		{"required in a list", "dial_rule", "required: [match_exp, repl_exp]", "required: [match_exp]"},
		{"enum", "phone", "enum: [digest, network, both]", "enum: [digest, network]"},
		{"enum that takes more", "extension", "enum: [active, blocked]", "enum: [active, blocked, full]"},
		{"type", "phone", "vm_enabled: {type: boolean, default: true", "vm_enabled: {type: integer, default: 1"},
		{"minimum", "interval", "minimum: 1, maximum: 12", "minimum: 0, maximum: 12"},
		{"default", "extension", "default: blocked", "default: active"},
		{"verb", "alias", "[list, read, update]", "[list, read, update, delete]"},
		{"slash", "interval", "/client/{client_id}/interval/\n", "/client/{client_id}/interval\n"},
		{"filter", "alias", "domain: string, ", ""},
		{"create only", "extension", "x-create-only: true, x-prefixed: true", "x-prefixed: true"},
		{"field too many", "alias", "properties:\n", "properties:\n  more: {type: string}\n"},
		{"name in answers", "ani", "x-answer: {name: default}", "x-answer: {name: number}"},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			f := newFacts(t, withChange(t, test.kind, test.old, test.new))
			f.run(true)
			if len(f.failures) == 0 {
				t.Errorf("%s: %q instead of %q, and %d cases see nothing", test.kind, test.new, test.old, f.cases)
			}
		})
	}
}

// withChange loads the catalogue with one kind's file changed in one place.
func withChange(t *testing.T, kind, old, new string) *schema.Catalogue {
	t.Helper()
	files := fstest.MapFS{}
	kinds := os.DirFS("../../schema/kinds")
	names, err := fs.Glob(kinds, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(kinds, name)
		if err != nil {
			t.Fatal(err)
		}
		if changed := strings.Replace(string(data), old, new, 1); name == kind+".yaml" {
			if changed == string(data) {
				t.Fatalf("%s has no %q", name, old)
			}
			data = []byte(changed)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	c, err := schema.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// one is the id of everything, so that any reference leads somewhere; it is
// within all bounds. Nothing but another client has the id nobody.
const (
	one     = 50
	oneText = "50"
	nobody  = "999"
	remote  = 51 // the event of the remote agent, which shares a table with the local one's
	queue   = 52 // the extensions that have what a phone has not
	fax     = 53
	myID    = 12
)

// factSeed has one object of each kind.
func factSeed() m {
	user := func(login string, more m) m {
		maps.Copy(more, m{"id": one, "login": login, "name": "U", "email": "u@x.example", "status": "active", "access": "full"})
		return more
	}
	event := func(id int) l {
		return l{m{"id": id, "event_type": "agent-login", "method": "GET", "url": "https://x.example"}}
	}
	return m{"tenants": l{m{
		"settings":        m{"id": myID, "name": "acme", "prefix": "12037", "extension_len": nil},
		"alias":           l{m{"id": one, "name": "sales"}},
		"call_status":     l{m{"id": one, "name": "c", "property_list": l{"x"}}},
		"client_user":     l{user("c", m{})},
		"current_call":    l{m{"extension_id": one}},
		"dial_rule":       l{m{"id": one, "name": "d", "dial_rules": l{}}},
		"did":             l{m{"id": one, "name": oneText}},
		"caller_id_group": l{m{"id": one, "name": "c"}},
		"extension": l{m{"id": one, "name": "101", "type": "phone", "events": l{m{"id": one, "event_type": "answer", "method": "GET", "url": "https://x.example"}},
			"rules": l{m{"id": one, "type": "busy"}}},
			m{"id": queue, "name": "102", "type": "queue", "queue": m{"sound_type": "music"}}, m{"id": fax, "name": "103", "type": "fax"}},
		"extension_group":    l{m{"id": one, "name": "g"}},
		"extension_user":     l{user("e", m{"extension_id": one})},
		"group_user":         l{user("g", m{"extension_group_id": one})},
		"interval":           l{m{"id": one, "name": "i", "timezone": "UTC", "conditions": l{}}},
		"local_agent":        l{m{"id": one, "name": "l", "extension_id": one, "events": event(one)}},
		"network_permission": l{m{"id": one, "name": "n", "network_address": l{}}},
		"phone_event":        l{m{"id": one, "event_type": "hangup", "method": "GET", "url": "https://x.example"}},
		"recording":          l{m{"extension_id": one, "record_uuid": oneText}},
		"received_fax":       l{m{"uuid": oneText}},
		"remote_agent":       l{m{"id": one, "name": "r", "number": "1", "events": event(remote)}},
		"session":            l{m{"id": one, "user_id": one}},
		"sound":              l{m{"id": one, "title": "s"}},
		"task_scheduler":     l{m{"id": one, "name": "t", "tasks": l{m{"id": one, "scheduler_id": one}}}},
		"variable":           l{m{"var": "A", "value": "1"}},
		"voicemail":          l{m{"record_uuid": oneText}},
	}, m{
		"settings": m{"id": 999, "name": "another", "prefix": "00013"}, // nobody's, of another client
	}}}
}

// noJSON reports an operation that takes a form or answers with a file.
func (op documentedOperation) noJSON() bool {
	return len(op.Form) > 0 || op.Method == http.MethodGet && len(op.Resource) == 0 && (strings.HasSuffix(op.Path, "/download/") || strings.HasSuffix(op.Path, "_uuid}"))
}

// probe asks about one operation. Its box is for what changes nothing.
type probe struct {
	*facts
	documentedOperation
	*box
	path string // with ids
	kind string
	in   string // as differences.yaml has it
}

// run asks everything, or stops at the first operation that fails.
func (f *facts) run(stop bool) {
	for _, op := range f.operations {
		if stop && len(f.failures) > 0 {
			return
		}
		p := f.probe(op)
		if op.noJSON() {
			continue // see content_test.go
		}
		p.paths()
		p.queries()
		p.answers()
		if len(p.Body) > 0 {
			p.bodies()
		}
	}
}

var requestNames = map[string]string{"GET": "list", "POST": "create", "PUT": "update", "DELETE": "delete"}

func (f *facts) probe(op documentedOperation) *probe {
	p := &probe{facts: f, documentedOperation: op, in: requestNames[op.Method], path: withIDs(op.Path, "")}
	p.box = p.fresh()
	if m, err := p.routes.find(p.path, Strict); err == nil && m.at.kind != nil {
		p.kind = m.at.kind.Word
	}
	return p
}

// fresh returns a server that nothing has changed yet. What would be refused
// because of what refers to it goes through.
func (p *probe) fresh() *box { return p.as(strings.HasPrefix(p.Path, "/admin/")) }

// as is fresh for an administrator or for a tenant.
func (p *probe) as(admin bool) *box {
	b := &box{Server: New(Options{Catalogue: p.cat, OnDelete: Null, Admin: admin}), t: p.facts.t}
	if err := b.Seed(factSeed()); err != nil {
		p.facts.t.Fatal(err)
	}
	b.login()
	return b
}

// withIDs puts ids for the variables of a path, and nobody's for one of them.
func withIDs(path, unknown string) string {
	segs := strings.Split(path, "/")
	for i, seg := range segs {
		switch {
		case !isVariable(seg):
		case seg == unknown:
			segs[i] = nobody
		case seg == "{client_id}":
			segs[i] = fmt.Sprint(myID)
		case seg == "{event_id}" && slices.Contains(segs, "remote"):
			segs[i] = fmt.Sprint(remote)
		case seg == "{extension_id}" && slices.Contains(segs, "queue"):
			segs[i] = fmt.Sprint(queue)
		case seg == "{extension_id}" && slices.Contains(segs, "fax"):
			segs[i] = fmt.Sprint(fax)
		default:
			segs[i] = oneText
		}
	}
	return strings.Join(segs, "/")
}

// answer is what came back.
type answer struct {
	status  int
	header  http.Header
	message string
	object  m
	list    []any
}

func (p *probe) ask(b *box, method, path string, body any) answer {
	p.cases++
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, b.request(method, path, body))
	a := answer{status: rec.Code, header: rec.Header()}
	var v any
	if dec := json.NewDecoder(rec.Body); dec.Decode(&v) != nil && rec.Body.Len() > 0 {
		p.fail("%s %s: no JSON", method, path)
	}
	v = plain(v)
	a.object, _ = v.(m)
	a.list, _ = v.([]any)
	a.message, _ = a.object["message"].(string)
	return a
}

func (f *facts) fail(format string, args ...any) {
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
}

// refused wants a status and a message that begins with the name of what is wrong.
func (p *probe) refused(what, method, path string, body any, status int, name string) answer {
	a := p.ask(p.box, method, path, body)
	if a.status != status || a.message == "" || name != "" && !strings.HasPrefix(a.message, name+":") {
		p.fail("%s %s, %s %v: %d %q, want %d about %q", method, path, what, body, a.status, a.message, status, name)
	}
	return a
}

// accepted wants success from a server that nothing has changed.
func (p *probe) accepted(what, path string, body any) answer {
	b := p.box
	if p.Method != http.MethodGet {
		b = p.fresh()
	}
	a := p.ask(b, p.Method, path, body)
	if a.status/100 != 2 {
		p.fail("%s %s, %s %v: %d %q, want success", p.Method, path, what, body, a.status, a.message)
	}
	return a
}

// deviates reports whether a fact is otherwise on purpose, and counts what is left
// out because of that.
func (p *probe) deviates(in, field, what string) bool {
	reason := p.reasons[deviation{p.kind, in, field, what}]
	if reason != "" {
		p.skipped[reason]++
	}
	return reason != ""
}

// Paths.

func (p *probe) paths() {
	body := p.body()
	p.refused("wrong slash", p.Method, otherSlash(p.path), body, p.slashStatus(), "")
	for _, seg := range strings.Split(p.Path, "/") {
		switch {
		case seg == "{client_id}":
			q := *p
			q.box = p.as(false) // an administrator may use all
			q.refused("another client", p.Method, withIDs(p.Path, seg), body, http.StatusForbidden, "")
		case isVariable(seg):
			p.refused("unknown id", p.Method, withIDs(p.Path, seg), body, http.StatusNotFound, "")
		}
	}
	p.refused("unknown query", p.Method, p.path+"?stranger=1", body, http.StatusBadRequest, "stranger")
	for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH"} {
		if offered := p.methods(p.Path); !slices.Contains(offered, method) {
			a := p.refused("wrong verb", method, p.path, body, http.StatusMethodNotAllowed, "")
			if got := a.header.Get("Allow"); got != strings.Join(offered, ", ") {
				p.fail("%s %s: Allow: %s, want %v", method, p.path, got, offered)
			}
		}
	}
}

func otherSlash(path string) string {
	if short, ok := strings.CutSuffix(path, "/"); ok {
		return short
	}
	return path + "/"
}

// slashStatus is what the wrong slash leads to: nowhere, unless the documents have
// another path of that form, whose id then is none.
func (p *probe) slashStatus() int {
	path := strings.Split(otherSlash(p.path), "/")
	for _, op := range p.operations {
		if template := strings.Split(op.Path, "/"); fits(template, path) && !slices.Contains(p.methods(op.Path), p.Method) {
			return http.StatusMethodNotAllowed
		}
	}
	return http.StatusNotFound
}

func fits(template, path []string) bool {
	return slices.EqualFunc(template, path, func(t, s string) bool { return t == s || isVariable(t) && s != "" })
}

// methods returns what the documents offer at a path.
func (p *probe) methods(path string) []string {
	var all []string
	for _, op := range p.operations {
		if op.Path == path {
			all = append(all, op.Method)
		}
	}
	slices.Sort(all)
	return all
}

// Queries.

func (p *probe) queries() {
	for _, q := range p.Query {
		if p.deviates(p.in, q.Name, "type") {
			continue
		}
		if q.Required {
			p.refused("missing", p.Method, p.path, nil, http.StatusBadRequest, "")
		}
		typ := q.Type
		if typ == typeArray {
			typ = q.Items
		}
		right := map[string]string{typeInteger: "1", typeBoolean: "true", typeString: "x"}[typ]
		if typ != typeString {
			p.refused("wrong type", p.Method, p.path+"?"+q.Name+"=x", nil, http.StatusBadRequest, q.Name)
		}
		p.accepted("right", p.path+"?"+q.Name+"="+right+p.needed("&"), nil)
		if q.Type == typeArray {
			p.accepted("twice", p.path+"?"+q.Name+"="+right+"&"+q.Name+"="+right, nil)
		}
	}
}

// needed are the parameters without which the call is refused, after what parts them
// from what comes before.
func (p *probe) needed(before string) string {
	all := ""
	for _, q := range p.Query {
		if q.Required {
			all += before + q.Name + "=x"
			before = "&"
		}
	}
	return all
}

// Answers.

func (p *probe) answers() {
	switch a := p.accepted("as documented", p.path+p.needed("?"), p.body()); {
	case p.Method == http.MethodDelete:
		if a.status != http.StatusNoContent {
			p.fail("%s %s: %d", p.Method, p.path, a.status)
		}
	case p.Path == "/admin/client/", a.object == nil && p.in == "create": // the documents print no answer
	case a.object != nil:
		p.answered(a.object)
	case len(a.list) == 0:
		p.fail("%s %s: no rows", p.Method, p.path)
	default:
		row, _ := a.list[0].(m)
		p.answered(row)
	}
}

// answered wants the documented fields and no others.
func (p *probe) answered(row m) {
	if len(p.Resource) == 0 && p.deviates("answer", p.key(), "type") {
		return
	}
	if m, err := p.routes.find(p.path, Strict); len(p.Resource) == 0 && err == nil && m.at.view.Path != "" {
		p.skipped["The documents print no answer, and no kind needs one."]++
		return
	}
	documented := map[string]bool{}
	for _, r := range p.Resource {
		documented[r.Name] = true
		v, there := row[r.Name]
		if !there || v != nil && kindOfValue(v) != r.Type {
			p.fail("%s %s: %s is %#v, want %s", p.Method, p.path, r.Name, v, r.Type)
		}
	}
	for _, name := range sortedKeys(row) {
		if !documented[name] && !p.deviates("answer", name, "type") {
			p.fail("%s %s: %s is not documented", p.Method, p.path, name)
		}
	}
}

// key is the field that makes the key of the kind.
func (p *probe) key() string {
	if k := p.cat.Kind(p.kind); k != nil && len(k.Key) > 0 {
		return k.Key[0].Field.API
	}
	return ""
}

func kindOfValue(v any) string {
	switch v.(type) {
	case string:
		return typeString
	case int64:
		return typeInteger
	case bool:
		return typeBoolean
	case []any:
		return typeArray
	case m:
		return typeObject
	}
	return fmt.Sprintf("%T", v)
}

// Bodies.

// right is a value that the documents allow; unlike is one of another type.
func (p *probe) right(d documentedFact) any {
	switch {
	case len(d.Enum) > 0:
		return d.Enum[0]
	case d.Type == typeInteger && d.Min != nil:
		return *d.Min
	case d.Type == typeInteger:
		return one
	case d.Type == typeBoolean:
		return true
	case d.Type == typeArray && p.BodyNested[d.Items] != nil:
		return l{p.item(d)}
	case d.Type == typeArray:
		if d.Items == typeInteger {
			return l{one}
		}
		return l{oneText}
	case d.Type == typeObject:
		return m{}
	}
	return oneText
}

func unlike(typ string) any {
	if typ == typeString {
		return 7
	}
	return "text"
}

// body is the least that the operation takes, nil if it takes none.
func (p *probe) body() any {
	if len(p.Body) == 0 {
		return nil
	}
	return p.least(p.Body, "")
}

// item is the least that an entry of a list may be.
func (p *probe) item(d documentedFact) m { return p.least(p.BodyNested[d.Items], d.Name+".") }

func (p *probe) least(all []documentedFact, above string) m {
	out := m{}
	for _, d := range all {
		// A create's field that the catalogue requires beyond the documents.
		stricter := p.in == "create" && p.catalogue[deviation{p.kind, p.in, above + d.Name, "required"}] == "true"
		if d.Required || stricter {
			out[d.Name] = p.right(d)
		}
	}
	return out
}

func (p *probe) bodies() {
	for _, d := range p.Body {
		if p.catalogue[deviation{p.kind, p.in, d.Name, "type"}] == "none" && p.deviates(p.in, d.Name, "type") {
			continue
		}
		p.param(d, d.Name, func(change func(m)) any {
			body := p.least(p.Body, "")
			change(body)
			return body
		})
		p.entries(d)
	}
	p.elsewhere()
	p.defaults()
}

// elsewhere sends what the documents have in the answer or in the create, and not
// here.
func (p *probe) elsewhere() {
	here := map[string]bool{}
	for _, d := range p.Body {
		here[d.Name] = true
	}
	others := slices.Clone(p.Resource)
	for _, op := range p.operations {
		if m, err := p.routes.find(withIDs(op.Path, ""), Strict); err == nil && op.Method == http.MethodPost && m.at.kind.Word == p.kind {
			others = append(others, op.Body...)
		}
	}
	for _, d := range others {
		if here[d.Name] {
			continue
		}
		here[d.Name] = true
		body := p.least(p.Body, "")
		body[d.Name] = p.right(d)
		p.refused("not here", p.Method, p.path, body, http.StatusBadRequest, d.Name)
	}
}

// entries asks about what stands in a list.
func (p *probe) entries(d documentedFact) {
	if d.Type != typeArray {
		return
	}
	with := func(entry any) any {
		body := p.least(p.Body, "")
		body[d.Name] = l{entry}
		return body
	}
	first := at(d.Name, 0)
	nested := p.BodyNested[d.Items]
	if nested == nil {
		p.refused("wrong entry", p.Method, p.path, with(unlike(d.Items)), http.StatusBadRequest, first)
		return
	}
	p.refused("wrong entry", p.Method, p.path, with("text"), http.StatusBadRequest, first)
	for _, sub := range nested {
		name := first + "." + sub.Name
		if p.Path == "/client/{client_id}/variables/" {
			name = sub.Name // each is an object of its own, and named without the list
		}
		p.param(sub, name, func(change func(m)) any {
			entry := p.item(d)
			change(entry)
			return with(entry)
		})
	}
}

// param asks about one parameter. make builds a body in which it was changed.
func (p *probe) param(d documentedFact, name string, make func(func(m)) any) {
	set := func(v any) any { return make(func(in m) { in[d.Name] = v }) }
	bad := func(what string, body any, name string) {
		p.refused(what, p.Method, p.path, body, http.StatusBadRequest, name)
	}
	bad("wrong type", set(unlike(d.Type)), name)
	for _, word := range p.wrongWords(d) {
		bad("not in the enum", set(word), name)
	}
	if d.Min != nil {
		bad("too small", set(*d.Min-1), name)
	}
	if d.Max != nil {
		bad("too large", set(*d.Max+1), name)
		p.accepted("largest", p.path, set(*d.Max))
	}
	if d.Required {
		bad("missing", make(func(in m) { delete(in, d.Name) }), name)
	}
	if d.Words != nil {
		p.deviates(p.in, d.Name, "words")
	}
	stranger := strings.TrimSuffix(name, d.Name) + "stranger"
	bad("with a stranger", make(func(in m) { in[d.Name], in["stranger"] = p.right(d), 1 }), stranger)
	p.echoed(d, p.right(d), p.accepted("right", p.path, set(p.right(d))))
	for _, word := range d.Enum {
		p.echoed(d, word, p.accepted("right word", p.path, set(word)))
	}
}

// wrongWords are the words of all other enums, and near misses, for one with an enum.
func (p *probe) wrongWords(d documentedFact) []string {
	if len(d.Enum) == 0 {
		return nil
	}
	words := []string{"", d.Enum[0] + " ", strings.ToUpper(d.Enum[0]), strings.ToLower(d.Enum[0])}
	for _, op := range p.operations {
		for _, other := range op.Body {
			words = append(words, other.Enum...)
		}
	}
	slices.Sort(words)
	return slices.DeleteFunc(slices.Compact(words), func(w string) bool { return slices.Contains(d.Enum, w) })
}

// served is the field of the kind as the API has it, or nil.
func (p *probe) served(name string) *schema.Field {
	c, err := p.cat.Served()
	if err != nil || c.Kind(p.kind) == nil {
		return nil
	}
	return c.Kind(p.kind).Field(name)
}

// echoed wants the value that was sent in the answer, where that has it.
func (p *probe) echoed(d documentedFact, sent any, a answer) {
	got, there := a.object[d.Name]
	if !there || !p.answersLike(d) || reflect.DeepEqual(got, plain(sent)) {
		return
	}
	if text, _ := got.(string); kindOfValue(plain(sent)) == typeString && strings.HasSuffix(text, fmt.Sprint("*", sent)) {
		return // a name with the prefix before it
	}
	if f := p.served(d.Name); f != nil && f.Idle(a.object) {
		return // it says nothing beside what else is there
	}
	if len(p.BodyNested[d.Items]) == 0 { // an entry answers with all its fields
		p.fail("%s %s: %s was sent as %v and is answered as %v", p.Method, p.path, d.Name, sent, got)
	}
}

// answersLike reports whether the answer has the parameter with the same type.
func (p *probe) answersLike(d documentedFact) bool {
	return slices.ContainsFunc(p.Resource, func(r documentedFact) bool { return r.Name == d.Name && r.Type == d.Type })
}

// defaults wants what the documents say the server fills in.
func (p *probe) defaults() {
	if p.in != "create" {
		return
	}
	a := p.accepted("without defaults", p.path, p.body())
	for _, d := range p.Body {
		if got := a.object[d.Name]; d.Default != nil && p.answersLike(d) && !reflect.DeepEqual(got, plain(d.Default)) {
			p.fail("%s %s: %s is %v when it is left out, want %v", p.Method, p.path, d.Name, got, d.Default)
		}
	}
}
