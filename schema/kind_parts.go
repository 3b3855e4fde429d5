package schema

import (
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"
)

// This file holds the parts of a kind's file that are more than a text, a number or a list.
// None of them keeps YAML, since kinds are also compiled: see compiled.go.

// rawType is type: string, or type: [string, "null"].
type rawType struct {
	Name     string
	Nullable bool
}

func (t *rawType) UnmarshalYAML(n *yaml.Node) error {
	*t = rawType{}
	if n.Kind == yaml.ScalarNode {
		t.Name = n.Value
		return nil
	}
	for _, one := range n.Content {
		if one.Value == "null" {
			t.Nullable = true
		} else {
			t.Name = one.Value
		}
	}
	return nil
}

// rawValue is any value, null among them.
type rawValue struct {
	Stated bool
	Value  any // string, int64, bool, nil, []any or map[string]any
}

func (v *rawValue) UnmarshalYAML(n *yaml.Node) (err error) {
	v.Stated = true
	v.Value, err = plainNode(n)
	return err
}

// rawProperties are the properties of an object in the order of the file.
type rawProperties []rawProperty

type rawProperty struct {
	Name string
	rawField
}

// UnmarshalYAML also notes a default of null, of which YAML asks no type.
func (ps *rawProperties) UnmarshalYAML(n *yaml.Node) error {
	*ps = rawProperties{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		p := rawProperty{Name: n.Content[i].Value}
		if err := n.Content[i+1].Decode(&p.rawField); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		p.Default.Stated = valueOf(n.Content[i+1], "default") != nil
		*ps = append(*ps, p)
	}
	return nil
}

// rawWords are the words of files, with those of the API.
type rawWords []Word

func (ws *rawWords) UnmarshalYAML(n *yaml.Node) error {
	*ws = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		v, err := plainNode(n.Content[i+1])
		if err != nil {
			return err
		}
		*ws = append(*ws, Word{File: n.Content[i].Value, API: v})
	}
	return nil
}

// rawParams are names with their types.
type rawParams []Param

func (ps *rawParams) UnmarshalYAML(n *yaml.Node) error {
	*ps = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		*ps = append(*ps, Param{Name: n.Content[i].Value, Type: n.Content[i+1].Value})
	}
	return nil
}

func valueOf(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

type rawOwner struct {
	Dealer string `yaml:"dealer"`
	Client string `yaml:"client"`
}

type rawTenant struct {
	ID     string `yaml:"id"`
	Name   string `yaml:"name"`
	Prefix string `yaml:"prefix"`
	Search string `yaml:"search"`
}

type rawBehaviour struct {
	Name     string   `yaml:"name"`
	Body     string   `yaml:"body"`
	Download string   `yaml:"download"`
	Types    []string `yaml:"types"`
	Most     int64    `yaml:"most"`
	List     string   `yaml:"list"`
	Main     string   `yaml:"main"`
}

type rawHint struct {
	Create string `yaml:"create"`
	Delete string `yaml:"delete"`
}

type rawItems struct {
	Items string   `yaml:"items"`
	With  []string `yaml:"with"`
	Word  string   `yaml:"word"`
}

type rawLimit struct {
	Name   string   `yaml:"name"`
	Per    string   `yaml:"per"`
	Unsure bool     `yaml:"unsure"`
	Or     rawItems `yaml:"or"`
}

type rawGuards struct {
	Kinds []string          `yaml:"kinds"`
	By    string            `yaml:"by"`
	As    GuardAs           `yaml:"as"`
	Rows  string            `yaml:"rows"`
	Query map[string]string `yaml:"query"`
	Word  string            `yaml:"word"`
	Shows []string          `yaml:"shows"`
}

type rawPart struct {
	Of   string              `yaml:"of"`
	Has  string              `yaml:"has"`
	When map[string][]string `yaml:"when"`
}

type rawUnread struct {
	Parts []rawPart `yaml:"parts"`
	Users []string  `yaml:"users"`
	ByKey bool      `yaml:"by-key"`
}

type rawAdmin struct {
	Collection  string              `yaml:"collection"`
	Item        string              `yaml:"item"`
	Verbs       []Verb              `yaml:"verbs"`
	DeleteQuery map[string]rawField `yaml:"delete-params"`
}

type rawAnswer struct {
	Name string `yaml:"name"`
	Type string `yaml:"type"`
	Pick string `yaml:"pick"`

	Joined bool `yaml:"joined"`
}

// plainNode returns a value of a kind's file: string, int64, bool, nil, []any or
// map[string]any.
func plainNode(n *yaml.Node) (any, error) {
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, err
	}
	return plain(v), nil
}

func plain(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case []any:
		for i, x := range v {
			v[i] = plain(x)
		}
	case map[string]any:
		for name, x := range v {
			v[name] = plain(x)
		}
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
