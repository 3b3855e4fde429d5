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
	Filters     rawParams           `yaml:"x-filters"`
	DeleteQuery map[string]rawField `yaml:"x-delete-params"`
	Owner       rawOwner            `yaml:"x-owner"`
	Tenant      rawTenant           `yaml:"x-tenant"`
	Behaviour   rawBehaviour        `yaml:"x-behaviour"`
	Loses       string              `yaml:"x-loses"`
	Hint        rawHint             `yaml:"x-hint"`
	Limit       rawLimit            `yaml:"x-limit"`
	Guards      rawGuards           `yaml:"x-guards"`
	Unread      rawUnread           `yaml:"x-unread"`
	Limits      bool                `yaml:"x-limits"`
	DeleteAll   bool                `yaml:"x-delete-all"`
	Sparse      bool                `yaml:"x-sparse"`
	Stray       Policy              `yaml:"x-stray"`
	First       int                 `yaml:"x-first"`
	Also        []string            `yaml:"x-also"`
	Admin       rawAdmin            `yaml:"x-admin-item"`
	rawField    `yaml:",inline"`

	file   string
	source []byte
}

// rawField is a property as it is written.
type rawField struct {
	Title       string        `yaml:"title"`
	Description string        `yaml:"description"`
	Type        rawType       `yaml:"type"`
	Enum        []string      `yaml:"enum"`
	Format      string        `yaml:"format"`
	Default     rawValue      `yaml:"default"`
	Minimum     *int64        `yaml:"minimum"`
	Maximum     *int64        `yaml:"maximum"`
	ReadOnly    bool          `yaml:"readOnly"`
	WriteOnly   bool          `yaml:"writeOnly"`
	Required    []string      `yaml:"required"`
	Properties  rawProperties `yaml:"properties"`
	Items       *rawField     `yaml:"items"`
	Ref         string        `yaml:"x-ref"`
	RefBy       string        `yaml:"x-ref-by"`
	RefIn       string        `yaml:"x-ref-in"`
	OrText      bool          `yaml:"x-or-text"`
	RoutesTo    bool          `yaml:"x-routes-to"`
	CreateOnly  bool          `yaml:"x-create-only"`
	Once        bool          `yaml:"x-once"`
	Always      bool          `yaml:"x-always"`
	Decide      bool          `yaml:"x-decide"`
	Prefixed    bool          `yaml:"x-prefixed"`
	NumberOf    string        `yaml:"x-number-of"`
	Length      string        `yaml:"x-length"`
	Counts      string        `yaml:"x-counts"`
	Set         bool          `yaml:"x-set"`
	Unset       []int64       `yaml:"x-unset"`
	Unique      string        `yaml:"x-unique"`
	Words       rawWords      `yaml:"x-words"`
	Overrides   []string      `yaml:"x-overrides"`
	With        With          `yaml:"x-with"`
	Pairs       []Pair        `yaml:"x-pairs"`
	Admin       string        `yaml:"x-admin"`
	Shared      bool          `yaml:"x-shared-in-bundle"`
	Personal    bool          `yaml:"x-personal"`
	Risk        rawValue      `yaml:"x-risk"`
	Mask        bool          `yaml:"x-mask"`
	Answer      rawAnswer     `yaml:"x-answer"`
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
		ps = append(ps, Param{Name: name, Type: raw[name].Type.Name, Default: raw[name].Default.Value})
	}
	return ps
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
