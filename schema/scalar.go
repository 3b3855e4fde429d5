package schema

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	clearHint  = "write null to clear it, or delete the line to leave it alone"
	objectHint = "write {} for an object of which nothing is stated, or delete the line"
	plainText  = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
)

// isNull reports whether the node is the word null.
func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&plainText == 0 && n.Value == "null"
}

// isEmpty reports whether the node has no value, or a null that is not the word.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value != "null"
}

var (
	dialable  = regexp.MustCompile(`^[0-9+*#]+$`)
	lookAlike = map[string]string{"!!int": "a number", "!!float": "a number", "!!bool": "true or false", "!!timestamp": "a date"}
)

// text returns what a node says where text is due, as it was written. Digits
// with + * # need no quotes; whatever else could be read as something other
// than text does.
func (d *decoder) text(n *yaml.Node, f *Field) (string, bool) {
	if n.Style&plainText != 0 || n.Tag == "!!str" {
		return n.Value, true
	}
	if dialable.MatchString(n.Value) {
		if other, err := plainRead(n); err == nil && other != n.Value {
			d.warn(n, fmt.Sprintf("write %q", n.Value), "%s should be quoted: other YAML readers take it for %s", n.Value, other)
		}
		return n.Value, true
	}
	if n.Tag == "!!timestamp" && f != nil && strings.HasPrefix(f.Format, "date") {
		return n.Value, true
	}
	d.fail(n, fmt.Sprintf("if text is meant, write %q", n.Value), "%s looks like %s", n.Value, lookAlike[n.Tag])
	return "", false
}

// plainRead returns how a YAML reader without a schema would print the scalar.
func plainRead(n *yaml.Node) (string, error) {
	var v any
	if err := n.Decode(&v); err != nil {
		return "", err
	}
	return fmt.Sprint(v), nil
}

func (d *decoder) integer(n *yaml.Node) (any, bool) {
	if n.Style&plainText != 0 {
		hint := "a whole number is due"
		if plainInteger.MatchString(n.Value) {
			hint = "delete the quotes: " + n.Value
		}
		d.fail(n, hint, "%q is text", n.Value)
		return nil, false
	}
	if plainInteger.MatchString(n.Value) {
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i, true
		}
	}
	hint := ""
	if n.Tag == "!!int" || n.Tag == "!!float" {
		var whole int64
		if n.Decode(&whole) == nil {
			hint = fmt.Sprintf("write %d", whole)
		}
	}
	d.fail(n, hint, "%s is not a whole number", n.Value)
	return nil, false
}

func (d *decoder) boolean(n *yaml.Node) (any, bool) {
	if n.Style&plainText == 0 && (n.Value == "true" || n.Value == "false") {
		return n.Value == "true", true
	}
	d.fail(n, "", "use true or false, not %s", strings.TrimSpace(sourceText(n)))
	return nil, false
}

// sourceText shows a scalar as it was written, or names what stands there.
func sourceText(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys and values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Style&plainText != 0:
		return strconv.Quote(n.Value)
	}
	return n.Value
}
