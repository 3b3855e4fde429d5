package export

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/edit"
	"pbxsync/schema/reserved"
)

// This file writes values as people would write them, so that they read back
// exactly, in this program and in others.

func mapping(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: content}
}

func sequence(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: content}
}

// short writes keys and values on one line where they are few.
func short(n *yaml.Node, width int) *yaml.Node {
	length := 0
	for _, c := range n.Content {
		if c.Kind != yaml.ScalarNode {
			return n
		}
		length += len(c.Value) + 3
	}
	if length <= width {
		n.Style = yaml.FlowStyle
	}
	return n
}

func bare(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// written returns the node of a value in normal form, in which references are nodes.
func written(f *schema.Field, v any) *yaml.Node {
	switch v := v.(type) {
	case *yaml.Node: // a reference
		return v
	case nil:
		return bare("!!null", "null")
	case bool:
		return bare("!!bool", strconv.FormatBool(v))
	case int64:
		return bare("!!int", strconv.FormatInt(v, 10))
	case string:
		return text(v)
	case []any:
		n := sequence()
		for _, x := range v {
			n.Content = append(n.Content, written(itemOf(f), x))
		}
		return n
	case map[string]any:
		return writtenObject(f, v)
	}
	return text(fmt.Sprint(v))
}

func itemOf(f *schema.Field) *schema.Field {
	if f.Items != nil {
		return f.Items
	}
	return &schema.Field{}
}

// writtenObject keeps the order of the catalogue.
func writtenObject(f *schema.Field, v map[string]any) *yaml.Node {
	n := mapping()
	for _, sub := range f.Fields {
		if x, ok := v[sub.Name]; ok || file.Halved(f, v, sub.Name) {
			n.Content = append(n.Content, text(sub.Name), written(sub, x))
		}
	}
	if file.Kept(f, v) {
		n.Content = append(n.Content, text(reserved.Unchecked), bare("!!bool", "true"))
	}
	if len(f.Fields) == 0 {
		for _, name := range slices.Sorted(maps.Keys(v)) {
			n.Content = append(n.Content, text(name), written((&schema.Field{}), v[name]))
		}
	}
	return short(n, 120)
}

// oldWords are taken for something else than text by some reader of YAML.
var oldWords = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}

var plainSafe = regexp.MustCompile(`^\pL[\pL\pN ._/+@:?=&%~;()-]*$`)

// text writes words plain and quotes whatever else: numbers, patterns, signs.
func text(s string) *yaml.Node {
	n := bare("!!str", s)
	switch {
	case isPlain(s):
	case strings.ContainsAny(s, `\"`) && !strings.ContainsFunc(s, needsDouble) && strings.TrimSpace(s) == s:
		n.Style = yaml.SingleQuotedStyle
	default:
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

func isPlain(s string) bool {
	return plainSafe.MatchString(s) && !strings.ContainsFunc(s, needsDouble) && !slices.Contains(oldWords, strings.ToLower(s)) &&
		strings.TrimSpace(s) == s && !strings.Contains(s, ": ") && !strings.HasSuffix(s, ":") && !strings.Contains(s, "  ")
}

// needsDouble tells characters that only double quotes can carry or show.
func needsDouble(r rune) bool { return r < 0x20 || r == '\'' || edit.Masked(r) || unicode.IsMark(r) }
