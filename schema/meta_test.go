package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"gopkg.in/yaml.v3"
)

const metaURL = "https://pbxsync.example/kind.schema.json"

func TestEveryKindFollowsTheMetaSchema(t *testing.T) {
	meta := metaSchema(t)
	for word, source := range kindSources(t) {
		if err := checkKind(meta, source); err != nil {
			t.Errorf("kinds/%s.yaml: %v", word, err)
		}
	}
}

// kindThatIsFine is a kind on which TestMetaSchemaRefuses breaks one line at a time.
const kindThatIsFine = `
title: Thing
description: A thing.
x-kind: thing
x-yaml: things
x-key: [name]
x-collection: /client/{client_id}/thing/
x-item: /client/{client_id}/thing/{id}
x-verbs: [list, create, read, update, delete]
x-filters: {name: string}
x-delete-params: {force: {type: boolean, default: false}}
x-owner: {dealer: dealer_id}
x-limit: {name: thing_limit}
x-behaviour: {name: many-in-one-call, body: things}
x-hint: {delete: its way}
type: object
required: [name]
properties:
  name: {type: string, description: Name of the thing.}
  zone: {type: string, format: timezone, x-answer: {name: tz}, description: Its zone.}
  spans:
    type: array
    description: When it is on.
    items:
      type: object
      x-pairs: [{from: start, to: end}]
      properties:
        start: {type: [integer, "null"], x-unset: [0], description: First day.}
        end: {type: [integer, "null"], x-words: {mon: 1}, description: Last day.}
  id: {type: integer, readOnly: true}
`

func TestMetaSchemaRefuses(t *testing.T) {
	meta := metaSchema(t)
	if err := checkKind(meta, []byte(kindThatIsFine)); err != nil {
		t.Fatalf("the kind that is fine: %v", err)
	}
	for _, test := range []struct{ what, old, new string }{
		{"misspelt keyword of the kind", "x-filters:", "x-filter:"},
		{"misspelt keyword of a property", "x-answer:", "x-anser:"},
		{"misspelt keyword of the items", "x-pairs:", "x-pair:"},
		{"misspelt keyword of a nested property", "x-unset:", "x-unsett:"},
		{"misspelt keyword of a pair", "{from: start, to: end}", "{from: start, until: end}"},
		{"misspelt keyword of the owner", "{dealer: dealer_id}", "{dealers: dealer_id}"},
		{"misspelt keyword of the limit", "{name: thing_limit}", "{name: thing_limit, by: name}"},
		{"misspelt keyword of the behaviour", "body: things", "key: things"},
		{"misspelt keyword of an answer", "{name: tz}", "{names: tz}"},
		{"misspelt keyword of a parameter of delete", "default: false", "defaults: false"},
		{"keyword of a property at the kind", "x-kind: thing", "x-kind: thing\nx-once: true"},
		{"keyword of the kind at a property", "description: Its zone.", "x-form: list, description: Its zone."},
		{"keyword of a property at the items", "x-pairs: [", "x-set: true\n      x-pairs: ["},
		{"keyword of JSON Schema that nobody reads", "description: Name of the thing.", "pattern: a+, description: Name of the thing."},
		{"unknown verb", "read, update", "read, patch"},
		{"unknown form", "x-yaml: things", "x-yaml: things\nx-form: table"},
		{"unknown behaviour", "many-in-one-call", "many-calls"},
		{"unknown format", "format: timezone", "format: time-zone"},
		{"unknown type", "name: {type: string,", "name: {type: text,"},
		{"type of null that is no text", `end: {type: [integer, "null"]`, `end: {type: [integer, null]`},
		{"two types", `end: {type: [integer, "null"]`, `end: {type: [integer, string]`},
		{"property without type", "id: {type: integer, readOnly: true}", "id: {readOnly: true}"},
		{"items without type", "      type: object\n      x-pairs", "      x-pairs"},
		{"list without items", "id: {type: integer", "id: {type: array"},
		{"items of what is no list", "type: array", "type: object"},
		{"read-only field that is sent", "readOnly: true", "readOnly: true, x-always: true"},
		{"no", "readOnly: true", "readOnly: false"},
		{"reference by a field of nothing", "zone: {type: string,", "zone: {type: string, x-ref-by: name,"},
		{"collection without slash", "thing/\n", "thing\n"},
		{"no title", "title: Thing\n", ""},
		{"the same keyword twice", "x-kind: thing\n", "x-kind: thing\nx-kind: thing\n"},
		{"the same property twice", "  id: {", "  name: {type: string}\n  id: {"},
		{"unknown class of risk", "description: Its zone.", "description: Its zone., x-risk: {cost: any}"},
		{"unknown direction", "description: Its zone.", "description: Its zone., x-risk: {cuts: dropped}"},
		{"direction to a value without one", "description: Its zone.", "description: Its zone., x-risk: {cuts: to}"},
		{"direction of an object at a field", "description: Its zone.", "description: Its zone., x-risk: {cuts: deleted}"},
		{"direction of a field at the kind", "x-kind: thing", "x-kind: thing\nx-risk: {cuts: lowered}"},
	} {
		t.Run(test.what, func(t *testing.T) {
			if strings.Count(kindThatIsFine, test.old) == 0 {
				t.Fatalf("there is no %q to replace", test.old)
			}
			if checkKind(meta, []byte(strings.Replace(kindThatIsFine, test.old, test.new, 1))) == nil {
				t.Errorf("%q instead of %q is accepted", test.new, test.old)
			}
		})
	}
}

// TestMetaSchemaKnowsWhatTheLoaderReads keeps a keyword from being accepted and
// not read, or read and not described.
func TestMetaSchemaKnowsWhatTheLoaderReads(t *testing.T) {
	meta := metaSchema(t)
	field := meta.Properties["properties"].Ref.AdditionalProperties.(*jsonschema.Schema).Ref
	pair := field.Properties["x-pairs"].Ref.Items.(*jsonschema.Schema)
	kind := append(yamlTags(reflect.TypeFor[rawKind]()), "title", "description", "type", "required", "properties", "x-risk")
	for _, level := range []struct {
		name  string
		known map[string]*jsonschema.Schema
		read  []string
	}{
		{"kind", meta.Properties, kind},
		{"property", field.Properties, slices.DeleteFunc(yamlTags(reflect.TypeFor[rawField]()), func(s string) bool { return s == "title" })},
		{"pair", pair.Properties, yamlTags(reflect.TypeFor[Pair]())},
	} {
		known := sortedKeys(level.known)
		slices.Sort(level.read)
		if !slices.Equal(known, level.read) {
			t.Errorf("%s: the meta schema knows\n%v, the loader reads\n%v", level.name, known, level.read)
		}
		for name, s := range level.known {
			if s.Ref != nil {
				s = s.Ref
			}
			if s.Description == "" || strings.Count(s.Description, "\n") > 1 {
				t.Errorf("%s: the description of %s has to be one or two lines", level.name, name)
			}
		}
	}
}

func yamlTags(of reflect.Type) []string {
	var tags []string
	for i := range of.NumField() {
		tag, _, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ",")
		if tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

// TestKindsFitTogether checks what a JSON Schema of one file cannot say.
func TestKindsFitTogether(t *testing.T) {
	c := Builtin()
	for word, source := range kindSources(t) {
		raw, err := parseKind(word+".yaml", source)
		if err != nil {
			t.Fatal(err)
		}
		k := c.Kind(word)
		report := func(format string, args ...any) { t.Errorf("kinds/%s.yaml: %s", word, fmt.Sprintf(format, args...)) }
		checkReferences(c, raw, report)
		checkPaths(k, report)
		checkUnread(c, raw, report)
		eachObject(&raw.rawField, "", func(at string, object *rawField) {
			for _, p := range checkObject(c, at, object) {
				report("%s", p)
			}
		})
	}
}

// checkReferences checks the names that a kind's own keywords mention.
func checkReferences(c *Catalogue, raw *rawKind, report func(string, ...any)) {
	own := propertiesOf(&raw.rawField)
	named := map[string][]string{
		"x-value":  {raw.Value},
		"x-owner":  {raw.Owner.Dealer, raw.Owner.Client},
		"x-tenant": {raw.Tenant.ID, raw.Tenant.Name, raw.Tenant.Prefix},
	}
	for _, part := range raw.Key {
		named["x-key"] = append(named["x-key"], strings.TrimPrefix(part, "@"))
	}
	if raw.Limit.Per != "parent" {
		named["x-limit"] = []string{raw.Limit.Per}
	}
	for keyword, names := range named {
		for _, name := range names {
			if name != "" && own[name] == nil {
				report("%s: %q is no property", keyword, name)
			}
		}
	}
	for _, word := range raw.Parents {
		parent := c.Kind(word)
		if parent == nil {
			report("x-parent: %q is no kind", word)
			continue
		}
		for name, values := range raw.When {
			for _, value := range values {
				if f := fieldByAPI(parent, name); f == nil || len(f.Enum) > 0 && !slices.Contains(f.Enum, value) {
					report("x-when: %s cannot be %q in %s", name, value, word)
				}
			}
		}
	}
	if raw.When != nil && raw.Parents == nil {
		report("x-when without x-parent")
	}
	if limits := c.Limits(); raw.Limit.Name != "" && limits.Field(raw.Limit.Name) == nil {
		report("x-limit: %q is no limit", raw.Limit.Name)
	}
	if (raw.Limit.Per == LimitPerParent) != (raw.Limit.Name != "" && raw.Parents != nil) {
		report("x-limit: only some of a child's kind are read, so it is counted per parent, and no other is")
	}
	if f := own[raw.Limit.Per]; f != nil && !f.CreateOnly {
		report("x-limit: %q may change, and quotas count creates and deletes only", raw.Limit.Per)
	}
	for name, f := range own {
		if to := c.Root().Field(f.Length); f.Length != "" && (to == nil || to.Type != "integer" || f.Type.Name != "string") {
			report("x-length: %q is no whole number of the tenant", f.Length)
		}
		if f.Admin != "" && raw.Admin.Item == "" {
			report("x-admin: %q, and there is no x-admin-item", name)
		}
	}
}

// checkUnread checks that what is called unread is: once a kind stands for it, the line has
// to go.
func checkUnread(c *Catalogue, raw *rawKind, report func(string, ...any)) {
	for _, p := range raw.Unread.Parts {
		if c.BySection(p.Of) != nil {
			report("x-unread: a kind stands for %q", p.Of)
		}
		for name, values := range p.When {
			for _, v := range values {
				if f := fieldByAPI(c.Kind(raw.Kind), name); !slices.Contains(f.Enum, v) {
					report("x-unread: %s cannot be %q", name, v)
				}
			}
		}
	}
	for _, word := range raw.Unread.Users {
		if c.BySection(word) != nil && !c.unlisted(word) {
			report("x-unread: a kind that the API lists stands for %q", word)
		}
	}
}

// TestUnknown holds what this version says it does not know: what kinds say of it in x-unread.
func TestUnknown(t *testing.T) {
	want := []string{"menus", "places_in_queues", "chosen_caller_id_groups"}
	if got := Builtin().Unknown; !slices.Equal(got, want) {
		t.Errorf("not known to this version: %q; want %q", got, want)
	}
}

// checkPaths checks that each verb has its path, and each object its key.
func checkPaths(k *Kind, report func(string, ...any)) {
	for verb, path := range map[Verb]string{List: k.Collection, Create: k.Collection, Read: k.Item, Update: k.Item, Delete: k.Item} {
		if k.Has(verb) && path == "" {
			report("x-verbs: %s has no path", verb)
		}
	}
	if k.Pages && !k.Has(List) || len(k.Filters) > 0 && !k.Has(List) || len(k.DeleteQuery) > 0 && !k.Has(Delete) {
		report("x-pages, x-filters or x-delete-params without the verb")
	}
	if strings.Contains(k.Collection+k.Item, "{parent}") && len(k.Parents) == 0 {
		report("{parent} without x-parent")
	}
	if k.Guards != nil && (len(k.Key) > 0 || len(k.Section) > 0 || k.Has(Create) || k.Has(Update)) {
		report("what only guards is in no file, and has no key")
	}
	if single := k.Form == FormSingle; k.Guards == nil && single == (len(k.Key) > 0) || single && (k.Has(List) || k.Has(Create)) {
		report("a single object has neither key nor list nor create, any other has a key")
	}
	if k.DeleteAll && !k.Has(Delete) || k.HoldsLimits && !(k.Singleton() && k.Has(Read)) {
		report("x-delete-all without delete, or x-limits of what is not one object that can be read")
	}
	for _, f := range k.Fields {
		if list := fieldByAPI(k, f.Counts); f.Counts != "" && (list == nil || list.Items == nil || !f.ReadOnly) {
			report("x-counts: %q is no list, or %s can be written", f.Counts, f.API)
		}
	}
	if c := k.Content; c != nil && (c.Download == "" || len(c.Types) == 0 || c.Most == 0) {
		report("x-behaviour: file-content needs download, types and most")
	}
}

// checkObject checks the properties of the kind, or of an object in one of them.
func checkObject(c *Catalogue, at string, object *rawField) (problems []string) {
	own := propertiesOf(object)
	mentioned := slices.Concat(object.Required, object.Overrides)
	for _, p := range object.Pairs {
		mentioned = append(append(mentioned, p.From, p.To), p.Shifts...)
		if p.Days.From != "" {
			mentioned = append(mentioned, p.Days.From, p.Days.To, p.Days.Month)
		}
	}
	for _, name := range mentioned {
		if own[name] == nil {
			problems = append(problems, fmt.Sprintf("%s is mentioned, and is no property", at+name))
		}
	}
	for name, f := range own {
		for _, p := range checkField(c, f) {
			problems = append(problems, at+name+" "+p)
		}
		if f.ReadOnly && slices.Contains(object.Required, name) {
			problems = append(problems, at+name+" is required, and cannot be written")
		}
	}
	return problems
}

func checkField(c *Catalogue, f *rawField) (problems []string) {
	if !f.ReadOnly && f.Description == "" {
		problems = append(problems, "can be written, and has no description")
	}
	if f.Ref != "" {
		to := c.Kind(f.Ref)
		if to == nil {
			problems = append(problems, "refers to no kind")
		} else if f.RefBy != "" && fieldByAPI(to, f.RefBy) == nil {
			problems = append(problems, "is sent by a field that "+f.Ref+" lacks")
		}
	}
	if to := c.Kind(f.NumberOf); f.NumberOf != "" && (f.Type.Name == "integer" || to == nil || len(to.Key) != 1 || !to.Key[0].Field.Prefixed) {
		problems = append(problems, "is a text that names objects by a number, and "+f.NumberOf+" has none")
	}
	if f.Format == "uri" && f.Always {
		problems = append(problems, "is read without the user it may name, so no update can carry it")
	}
	if f.Default.Stated && !isOfType(f) {
		problems = append(problems, "has a default of another type")
	}
	if f.Minimum != nil && f.Maximum != nil && *f.Minimum > *f.Maximum {
		problems = append(problems, "has its minimum above its maximum")
	}
	return problems
}

// isOfType reports whether the default is one of the field's values.
func isOfType(f *rawField) bool {
	name := f.Type.Name
	switch v := f.Default.Value.(type) {
	case nil:
		return f.Type.Nullable
	case bool:
		return name == "boolean"
	case int64:
		return name == "integer"
	case string:
		return name == "string" && (f.Enum == nil || slices.Contains(f.Enum, v))
	}
	return false
}

// eachObject visits the object and every object in its properties.
func eachObject(object *rawField, at string, visit func(at string, object *rawField)) {
	visit(at, object)
	for name, f := range propertiesOf(object) {
		inner := f
		if f.Items != nil {
			inner = f.Items
		}
		if inner.Properties != nil {
			eachObject(inner, at+name+".", visit)
		}
	}
}

func propertiesOf(object *rawField) map[string]*rawField {
	own := map[string]*rawField{}
	for i := range object.Properties {
		own[object.Properties[i].Name] = &object.Properties[i].rawField
	}
	return own
}

func metaSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("meta.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := jsonschema.NewCompiler()
	c.ExtractAnnotations = true
	if err := c.AddResource(metaURL, f); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(metaURL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// kindSources returns the text of each kind's file by its word.
func kindSources(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("kinds/*.yaml")
	if err != nil || len(names) < 20 {
		t.Fatalf("found %d kinds: %v", len(names), err)
	}
	sources := map[string][]byte{}
	for _, name := range names {
		if sources[strings.TrimSuffix(filepath.Base(name), ".yaml")], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return sources
}

func checkKind(meta *jsonschema.Schema, source []byte) error {
	var n yaml.Node
	if err := yaml.Unmarshal(source, &n); err != nil {
		return err
	}
	if err := n.Decode(new(any)); err != nil { // refuses the same key twice
		return err
	}
	plain, err := plainNode(n.Content[0])
	if err != nil {
		return err
	}
	return meta.Validate(plain)
}
