package file

import (
	"fmt"
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
	"pbxsync/schema/wording"
)

// Setting is a value of a YAML file that is no tenant file, with its place, so
// that whoever reads it can say where something is wrong. Maps have Entries and
// lists Items, both not nil; everything else has a Value: string, int64, bool or
// nil, as in ParseMap.
type Setting struct {
	Place   schema.Place
	Value   any
	Items   []Setting
	Entries []SettingEntry
}

// SettingEntry is a key of a map with its value. The Place is the key's.
type SettingEntry struct {
	Key   string
	Place schema.Place
	Value Setting
}

// ParseSetting reads a YAML file of settings with the places of its values, and
// reports what no file may hold.
func ParseSetting(f File) (Setting, schema.Problems) {
	root, problems := parse(f)
	if len(problems) > 0 {
		return Setting{}, problems
	}
	return settingOf(f.Name, root), nil
}

func settingOf(file string, n *yaml.Node) Setting {
	s := Setting{Place: schema.Place{File: file, Line: n.Line, Column: n.Column}}
	switch n.Kind {
	case yaml.ScalarNode:
		s.Value = plainScalar(n)
	case yaml.SequenceNode:
		s.Items = []Setting{}
		for _, c := range n.Content {
			s.Items = append(s.Items, settingOf(file, c))
		}
	case yaml.MappingNode:
		s.Entries = []SettingEntry{}
		for i := 0; i < len(n.Content); i += 2 {
			k := n.Content[i]
			s.Entries = append(s.Entries, SettingEntry{k.Value, schema.Place{File: file, Line: k.Line, Column: k.Column}, settingOf(file, n.Content[i+1])})
		}
	}
	return s
}

// Plain returns the value without places: string, int64, bool, nil, []any or
// map[string]any.
func (s Setting) Plain() any {
	switch {
	case s.Entries != nil:
		m := make(map[string]any, len(s.Entries))
		for _, e := range s.Entries {
			m[e.Key] = e.Value.Plain()
		}
		return m
	case s.Items != nil:
		list := make([]any, len(s.Items))
		for i, item := range s.Items {
			list[i] = item.Plain()
		}
		return list
	}
	return s.Value
}

// plainScalar reads a scalar. Only plain decimals become numbers; whatever else looks like
// one stays text as it was written.
func plainScalar(n *yaml.Node) any {
	if n.Style&plainText != 0 {
		return n.Value
	}
	switch n.Value {
	case "null", "":
		return nil
	case "true":
		return true
	case "false":
		return false
	}
	if format.WholeNumber(n.Value) {
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i
		}
	}
	return n.Value
}

// SettingReader reads settings, and collects what is wrong with them.
type SettingReader struct{ Problems schema.Problems }

// Report notes that something is wrong at a place, and the way out.
func (r *SettingReader) Report(at schema.Place, hint, message string, args ...any) {
	r.Problems = append(r.Problems, schema.Problem{Place: at, Message: fmt.Sprintf(message, args...), Hint: hint})
}

// Entries are the keys of a map that may stand there; of others it says so.
func (r *SettingReader) Entries(m Setting, words []string) map[string]SettingEntry {
	out := map[string]SettingEntry{}
	for _, e := range m.Entries {
		if !slices.Contains(words, e.Key) {
			r.Report(e.Place, wording.DidYouMean(e.Key, words), "%q is not known here; %s", wording.Excerpt(e.Key), wording.OneOf(words))
			continue
		}
		out[e.Key] = e
	}
	return out
}

// Versioned are the entries of a whole file that holds a list of something under a word, beside its
// version; nil where it holds no keys and values.
func (r *SettingReader) Versioned(name string, top Setting, version int, list, of string) map[string]SettingEntry {
	const word = "version"
	if top.Entries == nil {
		r.Report(schema.Place{File: name, Line: 1, Column: 1}, fmt.Sprintf("write version: %d and %s: with a list", version, list), "a file of %s has to hold keys and values", of)
		return nil
	}
	e := r.Entries(top, []string{word, list})
	if v, ok := e[word]; !ok || v.Value.Value != int64(version) {
		r.Report(top.Place, fmt.Sprintf("write version: %d", version), "the version of the file is not stated, or is another one")
	}
	return e
}
