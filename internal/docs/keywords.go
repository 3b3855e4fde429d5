package main

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// keywordsPage makes the reference of the words in the file of a kind from the
// schema of such files. The schema is read as a tree, which keeps its order.
func keywordsPage(meta []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(meta, &doc); err != nil {
		return nil, err
	}
	s := &metaSchema{root: doc.Content[0]}
	w := &writer{}
	w.head("Keywords of a kind's file")
	w.line("%s", plain(text(get(s.root, "description"))))
	w.line("")
	w.line("Each file in `schema/kinds/` is one kind. `schema/meta.schema.json` checks these files, and this")
	w.line("page is made from it. *Where* is the level at which a word stands: the kind itself, a field, or")
	w.line("what a list holds.")
	w.line("")
	own, standard := s.keywords()
	w.line("## Words for the API")
	w.line("")
	w.keywords(s, own)
	w.line("## Words of JSON Schema")
	w.line("")
	w.line("They mean what the standard says, with these notes.")
	w.line("")
	w.keywords(s, standard)
	w.line("## Named behaviours")
	w.line("")
	w.line("What data cannot describe is written in Go, once, and named in `x-behaviour`:")
	w.line("")
	for _, name := range s.values("x-behaviour", "name") {
		w.line("- `%s`", name)
	}
	w.line("")
	w.line("%s", plain(text(get(s.member("x-behaviour", "name"), "description"))))
	w.line("")
	w.line("## Formats")
	w.line("")
	w.line("%s", codes(texts(get(s.resolve(ref("format")), "enum")), ", "))
	return w.tidy(), nil
}

// metaSchema is the schema of kinds' files as a tree.
type metaSchema struct{ root *yaml.Node }

// keyword is one word, and the places where it may stand.
type keyword struct {
	name   string
	where  []string
	schema *yaml.Node
}

// places are the three levels at which words stand, and their schemas.
var places = []struct {
	name string
	path []string
}{
	{"kind", nil},
	{"field", []string{"definitions", "field"}},
	{"list item", []string{"definitions", "items"}},
}

// keywords returns the words for the API, and those of the standard.
func (s *metaSchema) keywords() (own, standard []*keyword) {
	found := map[string]*keyword{}
	for _, place := range places {
		at := s.root
		for _, name := range place.path {
			at = get(at, name)
		}
		props := get(at, "properties")
		for i := 0; props != nil && i+1 < len(props.Content); i += 2 {
			name, schema := props.Content[i].Value, s.resolve(props.Content[i+1])
			k := found[name]
			if k == nil || k.schema != schema && text(get(k.schema, "description")) != text(get(schema, "description")) {
				k = &keyword{name: name, schema: schema}
				found[name] = k
				if strings.HasPrefix(name, "x-") {
					own = append(own, k)
				} else {
					standard = append(standard, k)
				}
			}
			k.where = append(k.where, place.name)
		}
	}
	return own, standard
}

func (w *writer) keywords(s *metaSchema, list []*keyword) {
	var rows [][]string
	for _, k := range list {
		rows = append(rows, []string{code(k.name), strings.Join(k.where, ", "), s.takes(k.schema), plain(text(get(k.schema, "description")))})
		if strings.HasPrefix(k.name, "x-") { // below items stand words of this table again
			rows = append(rows, s.members(k, get(k.schema, "items"))...)
			rows = append(rows, s.members(k, k.schema)...)
		}
	}
	w.table([]string{"Word", "Where", "Takes", "Meaning"}, rows)
}

// members are the rows of the words below a word.
func (s *metaSchema) members(k *keyword, at *yaml.Node) [][]string {
	var rows [][]string
	props := get(at, "properties")
	for i := 0; props != nil && i+1 < len(props.Content); i += 2 {
		v := s.resolve(props.Content[i+1])
		rows = append(rows, []string{code(k.name + "." + props.Content[i].Value), "", s.takes(v), plain(text(get(v, "description")))})
	}
	return rows
}

// takes says in a few words what a schema allows.
func (s *metaSchema) takes(v *yaml.Node) string {
	switch {
	case v == nil:
		return ""
	case get(v, "const") != nil:
		return code(text(get(v, "const")))
	case get(v, "enum") != nil:
		return codes(texts(get(v, "enum")), ", ")
	case get(v, "oneOf") != nil:
		return strings.Join(s.names(), ", ") + ", or a list of one and null"
	case text(get(v, "type")) == "array":
		items := s.resolve(get(v, "items"))
		if text(get(items, "type")) == "object" {
			return "list of objects"
		}
		return "list of " + orElse(s.takes(items), "values")
	case text(get(v, "type")) == "object":
		return "object"
	}
	return orElse(text(get(v, "type")), "any value")
}

func (s *metaSchema) names() []string { return texts(get(s.resolve(ref("typeName")), "enum")) }

func (s *metaSchema) member(word, name string) *yaml.Node {
	return get(get(get(get(s.root, "properties"), word), "properties"), name)
}

func (s *metaSchema) values(word, name string) []string {
	return texts(get(s.member(word, name), "enum"))
}

// resolve follows one reference to a definition.
func (s *metaSchema) resolve(v *yaml.Node) *yaml.Node {
	if target := get(v, "$ref"); target != nil {
		return get(get(s.root, "definitions"), strings.TrimPrefix(target.Value, "#/definitions/"))
	}
	return v
}

func ref(name string) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
		{Kind: yaml.ScalarNode, Value: "$ref"}, {Kind: yaml.ScalarNode, Value: "#/definitions/" + name}}}
}

// get returns the value of a key of a mapping, or nil.
func get(v *yaml.Node, name string) *yaml.Node {
	if v == nil || v.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(v.Content); i += 2 {
		if v.Content[i].Value == name {
			return v.Content[i+1]
		}
	}
	return nil
}

func text(v *yaml.Node) string {
	if v == nil {
		return ""
	}
	return v.Value
}

func texts(v *yaml.Node) []string {
	var out []string
	if v != nil {
		for _, item := range v.Content {
			out = append(out, item.Value)
		}
	}
	return out
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
