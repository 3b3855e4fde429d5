package schema

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema/wording"
)

func parseKinds(dir fs.FS) ([]*rawKind, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	var raws []*rawKind
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		raw, err := parseKind(name, data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		raws = append(raws, raw)
	}
	return raws, nil
}

// rawKind is a kind's file as it is written.
type rawKind struct {
	Kind        string              `yaml:"x-kind"`
	YAML        string              `yaml:"x-yaml"`
	Form        Form                `yaml:"x-form"`
	Value       string              `yaml:"x-value"`
	Parents     []string            `yaml:"x-parent"`
	When        map[string]OneOf    `yaml:"x-when"`
	Key         []string            `yaml:"x-key"`
	Collection  string              `yaml:"x-collection"`
	Item        string              `yaml:"x-item"`
	ID          []string            `yaml:"x-id"`
	Verbs       []Verb              `yaml:"x-verbs"`
	Pages       bool                `yaml:"x-pages"`
	ListAsMap   bool                `yaml:"x-list-as-map"`
	Nameless    bool                `yaml:"x-nameless"`
	Order       Order               `yaml:"x-order"`
	Filters     yaml.Node           `yaml:"x-filters"`
	DeleteQuery map[string]rawField `yaml:"x-delete-params"`
	Owner       struct {
		Dealer string `yaml:"dealer"`
		Client string `yaml:"client"`
	} `yaml:"x-owner"`
	Tenant struct {
		ID     string `yaml:"id"`
		Name   string `yaml:"name"`
		Prefix string `yaml:"prefix"`
		Search string `yaml:"search"`
	} `yaml:"x-tenant"`
	Behaviour struct {
		Name     string   `yaml:"name"`
		Body     string   `yaml:"body"`
		Download string   `yaml:"download"`
		Types    []string `yaml:"types"`
		Most     int64    `yaml:"most"`
		List     string   `yaml:"list"`
		Main     string   `yaml:"main"`
	} `yaml:"x-behaviour"`
	Loses string `yaml:"x-loses"`
	Hint  struct {
		Create string `yaml:"create"`
		Delete string `yaml:"delete"`
	} `yaml:"x-hint"`
	Limit struct {
		Name   string `yaml:"name"`
		Per    string `yaml:"per"`
		Unsure bool   `yaml:"unsure"`
		Or     struct {
			Items string   `yaml:"items"`
			With  []string `yaml:"with"`
			Word  string   `yaml:"word"`
		} `yaml:"or"`
	} `yaml:"x-limit"`
	Guards struct {
		Kinds []string          `yaml:"kinds"`
		By    string            `yaml:"by"`
		As    GuardAs           `yaml:"as"`
		Rows  string            `yaml:"rows"`
		Query map[string]string `yaml:"query"`
		Word  string            `yaml:"word"`
		Shows []string          `yaml:"shows"`
	} `yaml:"x-guards"`
	Unread struct {
		Parts []struct {
			Of   string              `yaml:"of"`
			Has  string              `yaml:"has"`
			When map[string][]string `yaml:"when"`
		} `yaml:"parts"`
		Users []string `yaml:"users"`
		ByKey bool     `yaml:"by-key"`
	} `yaml:"x-unread"`
	Limits    bool     `yaml:"x-limits"`
	DeleteAll bool     `yaml:"x-delete-all"`
	Sparse    bool     `yaml:"x-sparse"`
	Stray     Policy   `yaml:"x-stray"`
	First     int      `yaml:"x-first"`
	Also      []string `yaml:"x-also"`
	Admin     struct {
		Collection  string              `yaml:"collection"`
		Item        string              `yaml:"item"`
		Verbs       []Verb              `yaml:"verbs"`
		DeleteQuery map[string]rawField `yaml:"delete-params"`
	} `yaml:"x-admin-item"`
	rawField `yaml:",inline"`

	file   string
	source []byte
}

// rawField is a property as it is written.
type rawField struct {
	Title       string    `yaml:"title"`
	Description string    `yaml:"description"`
	Type        yaml.Node `yaml:"type"`
	Enum        []string  `yaml:"enum"`
	Format      string    `yaml:"format"`
	Default     yaml.Node `yaml:"default"`
	Minimum     *int64    `yaml:"minimum"`
	Maximum     *int64    `yaml:"maximum"`
	ReadOnly    bool      `yaml:"readOnly"`
	WriteOnly   bool      `yaml:"writeOnly"`
	Required    []string  `yaml:"required"`
	Properties  yaml.Node `yaml:"properties"`
	Items       *rawField `yaml:"items"`
	Ref         string    `yaml:"x-ref"`
	RefBy       string    `yaml:"x-ref-by"`
	RefIn       string    `yaml:"x-ref-in"`
	OrText      bool      `yaml:"x-or-text"`
	RoutesTo    bool      `yaml:"x-routes-to"`
	CreateOnly  bool      `yaml:"x-create-only"`
	Once        bool      `yaml:"x-once"`
	Always      bool      `yaml:"x-always"`
	Decide      bool      `yaml:"x-decide"`
	Prefixed    bool      `yaml:"x-prefixed"`
	NumberOf    string    `yaml:"x-number-of"`
	Length      string    `yaml:"x-length"`
	Counts      string    `yaml:"x-counts"`
	Set         bool      `yaml:"x-set"`
	Unset       []int64   `yaml:"x-unset"`
	Unique      string    `yaml:"x-unique"`
	Words       yaml.Node `yaml:"x-words"`
	Overrides   []string  `yaml:"x-overrides"`
	With        With      `yaml:"x-with"`
	Pairs       []Pair    `yaml:"x-pairs"`
	Admin       string    `yaml:"x-admin"`
	Shared      bool      `yaml:"x-shared-in-bundle"`
	Personal    bool      `yaml:"x-personal"`
	Risk        yaml.Node `yaml:"x-risk"`
	Mask        bool      `yaml:"x-mask"`
	Answer      struct {
		Name string `yaml:"name"`
		Type string `yaml:"type"`
		Pick string `yaml:"pick"`
	} `yaml:"x-answer"`
}

func parseKind(file string, data []byte) (*rawKind, error) {
	raw := &rawKind{file: file, source: data}
	if err := yaml.Unmarshal(data, raw); err != nil {
		return nil, err
	}
	if raw.Kind == "" {
		return nil, fmt.Errorf("x-kind is missing")
	}
	if want := strings.TrimSuffix(path.Base(file), ".yaml"); raw.Kind != want {
		return nil, fmt.Errorf("x-kind is %q; the file's name says %q", raw.Kind, want)
	}
	return raw, nil
}

func deleteParams(raw map[string]rawField) []Param {
	var ps []Param
	for _, name := range sortedKeys(raw) {
		p := raw[name]
		v, _ := plainNode(&p.Default)
		ps = append(ps, Param{Name: name, Type: p.Type.Value, Default: v})
	}
	return ps
}

func params(n yaml.Node) []Param {
	var ps []Param
	for i := 0; i+1 < len(n.Content); i += 2 {
		ps = append(ps, Param{Name: n.Content[i].Value, Type: n.Content[i+1].Value})
	}
	return ps
}

// fieldType reads type: string, or type: [string, "null"].
func fieldType(n *yaml.Node) (name string, nullable bool) {
	if n.Kind == yaml.ScalarNode {
		return n.Value, false
	}
	for _, t := range n.Content {
		if t.Value == "null" {
			nullable = true
		} else {
			name = t.Value
		}
	}
	return name, nullable
}

// OneOf are values one of which a field must have. The file of a kind may name one alone.
type OneOf []string

// UnmarshalYAML takes a word, or a list of words.
func (o *OneOf) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*o = OneOf{n.Value}
		return nil
	}
	return n.Decode((*[]string)(o))
}

// Has reports whether a value is one of them.
func (o OneOf) Has(v any) bool {
	text, ok := v.(string)
	return ok && slices.Contains(o, text)
}

// String joins them for a sentence.
func (o OneOf) String() string { return wording.Enumerate(o, "or") }
