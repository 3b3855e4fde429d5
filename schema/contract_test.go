package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// The catalogue is compared with testdata/contract.json, which holds what the
// API's documents say of every operation. Where the catalogue says something else on
// purpose, testdata/differences.yaml says why.

// operation is one method and path, as the catalogue or the documents describe it.
type operation struct {
	kind                string // "" in the documents
	query, body, answer params
}

type params map[string]param

// param is a parameter of a request or a field of an answer.
type param struct {
	facts  map[string]string // type, items, enum, required, default, min, max, words
	soft   []string          // facts that hold, and that the documents do not repeat everywhere
	fields params            // of an object, or of the objects in a list
}

// difference is one fact of which the catalogue and the documents say different things.
type difference struct {
	Kind      string
	In        string // list, create, read, update, delete, answer, or the operation itself
	Field     string
	What      string
	Catalogue string
	Documents string
}

// String is the line that lists the difference in testdata/differences.yaml.
func (d difference) String() string {
	return fmt.Sprintf("{kind: %s, in: %s, field: %s, what: %s, catalogue: %s, documents: %s}",
		quoted(d.Kind), quoted(d.In), quoted(d.Field), d.What, quoted(d.Catalogue), quoted(d.Documents))
}

func quoted(s string) string {
	if s == "" || strings.ContainsAny(s, `{}[],:"`) {
		return "'" + s + "'"
	}
	return s
}

const none = "none"

func TestCatalogueSaysWhatTheDocumentsSay(t *testing.T) {
	ours, documents := catalogueOperations(schema.Builtin()), documentedOperations(t)
	for name := range unusedOperations(t) { // what is said of them is checked in internal/docs
		delete(documents, name)
	}
	found, listed := differences(ours, documents), listedDifferences(t)
	for _, d := range found {
		if _, ok := listed[d]; !ok {
			t.Errorf("not listed in testdata/differences.yaml:\n- %s", d)
		}
	}
	for d := range listed {
		if !slices.Contains(found, d) {
			t.Errorf("listed in testdata/differences.yaml, and no longer there:\n- %s", d)
		}
	}
	t.Logf("%d operations of the catalogue with %d parameters and fields, %d documented with %d; %d differences",
		len(ours), count(ours), len(documents), count(documents), len(found))
}

// TestComparisonSeesAWrongFact changes one fact of a kind's file at a time.
func TestComparisonSeesAWrongFact(t *testing.T) {
	documents := documentedOperations(t)
	before := differences(catalogueOperations(schema.Builtin()), documents)
	for _, test := range []struct {
		what, kind, old, new string
	}{
		{"type", "phone", "hangup_timeout: {type: integer", "hangup_timeout: {type: string"},
		{"nullable list type", "network_permission", "items: {type: string, format: network}", "items: {type: integer}"},
		{"type in answers", "did", "x-answer: {type: object, pick: name}", "x-answer: {type: array}"},
		{"name in answers", "ani", "x-answer: {name: default}", "x-answer: {name: number}"},
		{"enum", "extension", "enum: [active, blocked]", "enum: [active, locked]"},
		{"enum of a singleton", "phone", "enum: [digest, network, both]", "enum: [digest, network]"},
		{"required", "extension", "required: [name, type]", "required: [name]"},
		{"required on update", "interval", "format: timezone, x-always: true", "format: timezone"},
		{"required in a list", "dial_rule", "required: [match_exp, repl_exp]", "required: [match_exp]"},
		{"default", "extension", "default: blocked", "default: active"},
		{"default that is invented", "extension", "ani_rfc3325: {type: boolean", "ani_rfc3325: {type: boolean, default: true"},
		{"default that is missing", "phone", "vm_enabled: {type: boolean, default: true", "vm_enabled: {type: boolean"},
		{"default null", "phone", "intercom: {type: [integer, \"null\"], default: null", "intercom: {type: [integer, \"null\"], default: 0"},
		{"minimum", "interval", "minimum: 1, maximum: 12", "minimum: 0, maximum: 12"},
		{"maximum", "interval", "minimum: 1, maximum: 12", "minimum: 1, maximum: 11"},
		{"collection", "interval", "/client/{client_id}/interval/\n", "/client/{client_id}/intervals/\n"},
		{"item", "extension_group", "{ext_group_id}", "{group_id}"},
		{"path of a child", "agent_event", "{parent}/event/{event_id}", "{parent}/events/{event_id}"},
		{"path of a parent", "remote_agent", "agent/remote/{agent_id}", "agent/remotes/{agent_id}"},
		{"verb that is missing", "alias", "[list, read, update]", "[list, read]"},
		{"verb too many", "did", "[list, read, update]", "[list, read, update, delete]"},
		{"pages", "did", "x-pages: true", "x-pages: false"},
		{"filter", "alias", "extension_id: integer}", "extension: integer}"},
		{"type of a filter", "alias", "extension_id: integer}", "extension_id: string}"},
		{"parameter of delete", "local_agent", "x-delete-params: {remove_from_queues: {type: boolean, default: true}}", "x-delete-params: {remove_from_queues: {type: boolean, default: false}}"},
		{"list of tenants", "settings", "search: /admin/client/", "search: /admin/clients/"},
		{"create only", "extension", "x-create-only: true, x-prefixed: true", "x-prefixed: true"},
		{"read only", "did", "allow_message: {type: boolean, readOnly: true}", "allow_message: {type: boolean}"},
		{"write only", "client_user", "password: {type: string, writeOnly: true", "password: {type: string"},
		{"field that is missing", "limit", "  reg_limit: {type: integer, readOnly: true, default: 0}\n", ""},
		{"field too many", "limit", "  reg_limit:", "  more: {type: integer, readOnly: true}\n  reg_limit:"},
		{"field of a list", "interval", "month: {", "months: {"},
		{"key of the body", "variable", "body: variables", "body: vars"},
		{"file that is required", "sound", "required: [title, file]", "required: [title]"},
		{"name of a file in answers", "sound", "x-answer: {name: filename}", "x-answer: {name: path}"},
		{"rows of an answer", "current_call", "rows: call_list", "rows: calls"},
		{"parameter that a list needs", "recording", "end_datetime: \"2099", "end_date: \"2099"},
		{"path of a file", "sound", "{sound_id}/download/", "{sound_id}/file/"},
	} {
		t.Run(test.what, func(t *testing.T) {
			after := differences(catalogueOperations(changed(t, test.kind, test.old, test.new)), documents)
			if slices.Equal(before, after) {
				t.Errorf("%s: %q instead of %q makes no difference", test.kind, test.new, test.old)
			}
		})
	}
}

// changed loads the catalogue with one kind's file changed in one place.
func changed(t *testing.T, kind, old, new string) *schema.Catalogue {
	t.Helper()
	files := fstest.MapFS{}
	kinds := os.DirFS("kinds")
	names, err := fs.Glob(kinds, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(kinds, name)
		if err != nil {
			t.Fatal(err)
		}
		if name == kind+".yaml" {
			if !bytes.Contains(data, []byte(old)) {
				t.Fatalf("%s has no %q", name, old)
			}
			data = bytes.Replace(data, []byte(old), []byte(new), 1)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	c, err := schema.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What the catalogue says.

func catalogueOperations(c *schema.Catalogue) map[string]operation {
	ops := map[string]operation{}
	for _, o := range c.Operations() {
		ops[o.Method+" "+o.Path] = described(o)
	}
	return ops
}

// described returns what the kind's file says of an operation.
func described(o schema.Operation) operation {
	k, out := o.Kind, operation{kind: o.Kind.Word}
	shown, taken := view(k, (*schema.Field).AtItem), view(k, func(f *schema.Field) bool { return !f.NeedsAdmin() })
	if o.Admin {
		shown = view(k, (*schema.Field).AtAdmin)
		shown.DeleteQuery = k.OnDelete
		taken, k = shown, shown
	}
	switch o.Verb {
	case schema.List:
		out.query, out.answer = listQuery(k), listAnswer(k)
	case schema.Create:
		out.body, out.answer = createBody(k), answerOf(k)
	case schema.Read:
		out.answer = answerOf(shown)
	case schema.Update:
		out.body, out.answer = updateBody(taken), answerOf(shown)
	case schema.Delete:
		out.query = deleteQuery(k)
	case schema.Replace:
		out.body, out.answer = replaceForm(k), answerOf(k)
	case schema.Search:
		out.query = searchQuery(o.Kind)
	}
	return out
}

// view is a kind as one of its two items has it.
func view(k *schema.Kind, has func(*schema.Field) bool) *schema.Kind {
	v := *k
	v.Fields = slices.DeleteFunc(slices.Clone(k.Fields), func(f *schema.Field) bool { return !has(f) })
	return &v
}

func listQuery(k *schema.Kind) params {
	query := params{}
	for _, f := range k.Filters {
		query[f.Name] = filter(f.Type)
	}
	if k.Pages {
		query["page"] = fact("type", "integer", "default", "1")
		query["per_page"] = fact("type", "integer")
	}
	if k.Guards != nil {
		for name := range k.Guards.Query {
			query[name] = fact("type", "string", "required", "true")
		}
	}
	return query
}

// listAnswer has what a list answers: rows, or an object that holds them.
func listAnswer(k *schema.Kind) params {
	if k.Guards == nil || k.Guards.Rows == "" {
		return answerOf(k)
	}
	list := fact("type", "array", "items", "object")
	list.fields = answerOf(k)
	return params{k.Guards.Rows: list}
}

// filter is a parameter that may be repeated, unless it only says yes or no.
func filter(of string) param {
	if of == "boolean" {
		return fact("type", of)
	}
	return fact("type", "array", "items", of)
}

func deleteQuery(k *schema.Kind) params {
	query := params{}
	for _, p := range k.DeleteQuery {
		query[p.Name] = fact("type", p.Type)
		if p.Default != nil {
			query[p.Name].facts["default"] = text(p.Default)
		}
	}
	return query
}

func searchQuery(k *schema.Kind) params {
	query := params{}
	for _, name := range []string{k.Tenant.ID, k.Tenant.Name, k.Tenant.Prefix} {
		query[name] = filter(k.Field(name).Type)
	}
	return query
}

func fact(pairs ...string) param {
	p := param{facts: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		p.facts[pairs[i]] = pairs[i+1]
	}
	return p
}

func createBody(k *schema.Kind) params {
	body := requestFields(k.Fields, (*schema.Field).InCreate)
	for _, f := range k.Fields {
		if p, ok := body[f.API]; ok && f.HasDefault {
			p.facts["default"] = text(f.Wire(f.Default))
		}
	}
	if k.Behaviour == schema.ManyInOneCall {
		list := fact("type", "array", "items", "object", "required", "true")
		list.fields = body
		return params{k.Batch: list}
	}
	return body
}

// TestDeleteAll holds x-delete-all against the documents: it is at the kinds whose collection
// has a DELETE there.
func TestDeleteAll(t *testing.T) {
	documents := documentedOperations(t)
	for _, k := range schema.Builtin().Kinds {
		if _, documented := documents["DELETE "+k.Collection]; k.Has(schema.Delete) && documented != k.DeleteAll {
			t.Errorf("%s: x-delete-all is %v, and the documents have DELETE %s: %v", k.Word, k.DeleteAll, k.Collection, documented)
		}
	}
}

// replaceForm has the file and nothing else.
func replaceForm(k *schema.Kind) params {
	f := k.Content.Field
	return params{f.API: createBody(k)[f.API]}
}

// updateBody has what only an update requires. The documents repeat few defaults there.
func updateBody(k *schema.Kind) params {
	body := requestFields(k.Fields, func(f *schema.Field) bool { return f.InUpdate() && !f.Apart })
	for _, f := range k.Fields {
		p, ok := body[f.API]
		if !ok {
			continue
		}
		delete(p.facts, "required")
		if f.Always {
			p.facts["required"] = "true"
		}
		if f.HasDefault {
			p.facts["default"] = text(f.Wire(f.Default))
			p.soft = append(p.soft, "default")
			body[f.API] = p
		}
	}
	return body
}

func requestFields(fields []*schema.Field, in func(*schema.Field) bool) params {
	all := params{}
	for _, f := range fields {
		if !in(f) {
			continue
		}
		p := shape(f, f.Type, func(nested []*schema.Field) params { return requestFields(nested, in) })
		if f.Apart {
			p.facts["type"] = "file"
		}
		if f.Required {
			p.facts["required"] = "true"
		}
		all[f.API] = p
	}
	return all
}

// answerOf has what the API answers. The documents repeat words, bounds and what a
// create requires in few answers, and defaults only of what no create takes.
func answerOf(k *schema.Kind) params {
	answer := answerFields(k.Fields)
	for _, f := range k.Fields {
		p, ok := answer[f.Answer]
		if !ok || !f.HasDefault {
			continue
		}
		p.facts["default"] = text(f.Wire(f.Default))
		if (k.Has(schema.Create) || k.Admin.Has(schema.Create)) && f.InCreate() {
			p.soft = append(p.soft, "default")
		}
		answer[f.Answer] = p
	}
	return answer
}

func answerFields(fields []*schema.Field) params {
	all := params{}
	for _, f := range fields {
		if f.WriteOnly {
			continue
		}
		p := param{}
		if f.AnswerType != "" && f.AnswerType != f.Type {
			p = fact("type", f.AnswerType)
		} else {
			p = shape(f, f.Type, answerFields)
		}
		if f.Required {
			p.facts["required"] = "true"
		}
		p.soft = []string{"enum", "min", "max", "required"}
		all[f.Answer] = p
	}
	return all
}

func shape(f *schema.Field, typ string, nested func([]*schema.Field) params) param {
	p := fact("type", typ)
	if len(f.Words) > 0 && typ == "boolean" { // the API's words for yes and no
		p = fact("type", "string", "enum", words([]string{fmt.Sprint(f.Words[0].API), fmt.Sprint(f.Words[1].API)}))
	}
	if len(f.Enum) > 0 {
		p.facts["enum"] = words(f.Enum)
	}
	if f.Minimum != nil {
		p.facts["min"] = text(*f.Minimum)
	}
	if f.Maximum != nil {
		p.facts["max"] = text(*f.Maximum)
	}
	if len(f.Parts()) > 0 {
		p.fields = nested(f.Parts())
	}
	if f.Items != nil {
		p.facts["items"] = f.Items.Type
		p.fields = nested(f.Items.Fields)
	}
	return p
}

// What the documents say.

type documentedOperation struct {
	Method         string
	Path           string
	Query          []documentedParam            `json:"query_params"`
	Body           []documentedParam            `json:"json_params"`
	Form           []documentedParam            `json:"form_params"`
	BodyNested     map[string][]documentedParam `json:"json_params_nested"`
	Resource       []documentedParam            `json:"resource"`
	ResourceNested map[string][]documentedParam `json:"resource_nested"`
}

type documentedParam struct {
	Name     string
	Type     string
	Items    string // a type, or the name of a nested list of parameters
	Required bool
	Enum     []string
	Default  json.RawMessage
	Min, Max json.RawMessage
	Words    json.RawMessage
}

func documentedOperations(t *testing.T) map[string]operation {
	t.Helper()
	data, err := os.ReadFile("testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct{ Operations []documentedOperation }
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // or a fact would be left out of the comparison
	if err := d.Decode(&contract); err != nil {
		t.Fatal(err)
	}
	ops := map[string]operation{}
	for _, o := range contract.Operations {
		ops[o.Method+" "+o.Path] = operation{
			query:  documentedParams(o.Query, nil),
			body:   documentedParams(append(o.Body, o.Form...), o.BodyNested),
			answer: documentedParams(o.Resource, o.ResourceNested),
		}
	}
	if len(ops) != len(contract.Operations) {
		t.Errorf("testdata/contract.json has an operation twice")
	}
	return ops
}

func documentedParams(list []documentedParam, nested map[string][]documentedParam) params {
	all := params{}
	for _, d := range list {
		all[d.Name] = documented(d, nested)
	}
	return all
}

func documented(d documentedParam, nested map[string][]documentedParam) param {
	p := fact("type", d.Type)
	if fields, ok := nested[d.Items]; ok {
		p.fields = documentedParams(fields, nested)
		if d.Type == "array" {
			p.facts["items"] = "object"
		}
	} else if d.Items != "" {
		p.facts["items"] = d.Items
	}
	if d.Required {
		p.facts["required"] = "true"
	}
	if len(d.Enum) > 0 {
		p.facts["enum"] = words(d.Enum)
	}
	for name, value := range map[string]json.RawMessage{"default": d.Default, "min": d.Min, "max": d.Max, "words": d.Words} {
		if value != nil {
			p.facts[name] = compact(value)
		}
	}
	return p
}

// The comparison.

func differences(catalogue, documents map[string]operation) []difference {
	found := map[difference]bool{}
	for name := range union(catalogue, documents) {
		ours, offered := catalogue[name]
		theirs, described := documents[name]
		if !offered || !described {
			found[difference{Kind: ours.kind, In: name, What: "operation",
				Catalogue: is(offered), Documents: is(described)}] = true
			continue
		}
		method, _, _ := strings.Cut(name, " ")
		request := map[string]string{"GET": "list", "POST": "create", "PUT": "update", "DELETE": "delete"}[method]
		compareParams(found, difference{Kind: ours.kind, In: request}, ours.query, theirs.query)
		compareParams(found, difference{Kind: ours.kind, In: request}, ours.body, theirs.body)
		compareParams(found, difference{Kind: ours.kind, In: "answer"}, ours.answer, theirs.answer)
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b difference) int { return strings.Compare(a.String(), b.String()) })
}

func is(there bool) string {
	if there {
		return "yes"
	}
	return none
}

func compareParams(found map[difference]bool, at difference, ours, theirs params) {
	for name := range union(ours, theirs) {
		at := at
		at.Field = strings.TrimPrefix(at.Field+"."+name, ".")
		a, b := ours[name], theirs[name]
		if a.facts == nil || b.facts == nil { // all else follows from that
			compareFact(found, at, "type", a, b)
			continue
		}
		for what := range union(a.facts, b.facts) {
			compareFact(found, at, what, a, b)
		}
		compareParams(found, at, a.fields, b.fields)
	}
}

func compareFact(found map[difference]bool, at difference, what string, ours, theirs param) {
	a, stated := ours.facts[what]
	b, documented := theirs.facts[what]
	if a == b && stated == documented || !documented && slices.Contains(ours.soft, what) {
		return
	}
	at.What, at.Catalogue, at.Documents = what, none, none
	if stated {
		at.Catalogue = a
	}
	if documented {
		at.Documents = b
	}
	found[at] = true
}

func union[V any](a, b map[string]V) map[string]bool {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return all
}

// listedDifferences reads testdata/differences.yaml: reasons, each with the
// differences that it explains.
func listedDifferences(t *testing.T) map[difference]string {
	t.Helper()
	data, err := os.ReadFile("testdata/differences.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var groups []struct {
		Reason string
		Where  []difference
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&groups); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	listed := map[difference]string{}
	for _, g := range groups {
		if !strings.HasSuffix(g.Reason, ".") || len(g.Where) == 0 {
			t.Errorf("testdata/differences.yaml: %q has to be a sentence that explains a difference", g.Reason)
		}
		for _, w := range g.Where {
			if listed[w] != "" {
				t.Errorf("testdata/differences.yaml: listed twice:\n- %s", w)
			}
			listed[w] = g.Reason
		}
	}
	return listed
}

// unusedOperations reads the names in testdata/operations.yaml: what no kind stands for.
func unusedOperations(t *testing.T) map[string]bool {
	t.Helper()
	data, err := os.ReadFile("testdata/operations.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var entries []struct{ Operations []string }
	if err := yaml.Unmarshal(data, &entries); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		for _, name := range e.Operations {
			names[name] = true
		}
	}
	return names
}

func words(enum []string) string { return strings.Join(slices.Sorted(slices.Values(enum)), "|") }

func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // the catalogue holds plain values only
	}
	return string(data)
}

func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		panic(err) // it has been decoded before
	}
	return b.String()
}

func count(ops map[string]operation) int {
	n := 0
	for _, o := range ops {
		n += o.query.count() + o.body.count() + o.answer.count()
	}
	return n
}

func (ps params) count() int {
	n := len(ps)
	for _, p := range ps {
		n += p.fields.count()
	}
	return n
}
