package file

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
	"pbxsync/schema/wording"
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
func (d *fieldReader) text(n *yaml.Node, f *schema.Field) (string, bool) {
	name := ""
	if f != nil && f.Name != "" {
		name = f.Name + ": "
	}
	if n.Kind != yaml.ScalarNode {
		d.fail(n, "", "%s%s where text is due", name, sourceText(n))
		return "", false
	}
	if n.Style&plainText != 0 || n.Tag == "!!str" {
		return n.Value, true
	}
	if dialable.MatchString(n.Value) {
		if other, err := plainRead(n); err == nil && other != n.Value {
			d.warn(schema.WarnAlike, n, fmt.Sprintf("write %q", n.Value), "%s%s should be quoted: other YAML readers take it for %s", name, n.Value, other)
		}
		return n.Value, true
	}
	if n.Tag == "!!timestamp" && f != nil && strings.HasPrefix(f.Format, "date") {
		return n.Value, true
	}
	if n.Tag == "!!null" {
		d.fail(n, smallNull(n.Value), "%s%s is no text", name, n.Value)
		return "", false
	}
	d.fail(n, quotedHint(f, n.Value), "%s%s looks like %s", name, n.Value, lookAlike[n.Tag])
	return "", false
}

// smallNull is the way out for what other YAML readers take for null. Where null itself is
// refused there is none to name.
func smallNull(s string) string {
	if s == "null" {
		return ""
	}
	return "write null in small letters to clear it"
}

// decimalZero is how spreadsheets write whole numbers.
var decimalZero = regexp.MustCompile(`^([0-9]+)\.0+$`)

// quotedHint is the way out for a bare scalar that is no text: itself in quotes where the
// field takes that, else what the field takes.
func quotedHint(f *schema.Field, s string) string {
	if f == nil || !format.Known(f.Format) {
		return fmt.Sprintf("if text is meant, write %q", s)
	}
	if m := decimalZero.FindStringSubmatch(s); m != nil && format.Has(f.Format, m[1]) {
		return fmt.Sprintf("write %q", m[1])
	}
	if err := format.Check(f.Format, s); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("if text is meant, write %q", s)
}

// label is text for a word that is no field of a kind.
func (d *fieldReader) label(n *yaml.Node, name string) (string, bool) {
	return d.text(n, &schema.Field{Name: name})
}

// plainRead returns how a YAML reader without a schema would print the scalar.
func plainRead(n *yaml.Node) (string, error) {
	var v any
	if err := n.Decode(&v); err != nil {
		return "", err
	}
	return fmt.Sprint(v), nil
}

func (d *fieldReader) integer(n *yaml.Node, name string) (any, bool) {
	if n.Kind == yaml.ScalarNode && n.Style&plainText == 0 && format.WholeNumber(n.Value) {
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i, true
		}
	}
	hint := ""
	if whole, ok := wholeNumber(n); ok {
		hint = "write " + whole
	}
	if n.Style&plainText != 0 && hint != "" {
		hint = "delete the quotes: " + n.Value
	}
	d.fail(n, hint, "%s: %s is not a whole number", name, sourceText(n))
	return nil, false
}

// wholeNumber returns the plain form of a scalar that means a whole number and
// is written otherwise.
func wholeNumber(n *yaml.Node) (string, bool) {
	if trimmed := strings.TrimLeft(n.Value, "0"); format.WholeNumber(trimmed) {
		return trimmed, true
	}
	if n.Tag == "!!int" && n.Style&plainText == 0 {
		var whole int64
		err := n.Decode(&whole)
		return strconv.FormatInt(whole, 10), err == nil
	}
	x, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || x != float64(int64(x)) {
		return "", false
	}
	return strconv.FormatInt(int64(x), 10), true
}

func (d *fieldReader) boolean(n *yaml.Node, name string) (any, bool) {
	if n.Style&plainText == 0 && (n.Value == "true" || n.Value == "false") {
		return n.Value == "true", true
	}
	d.fail(n, "", "%s: use true or false, not %s", name, strings.TrimSpace(sourceText(n)))
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
		return strconv.Quote(wording.Excerpt(n.Value))
	}
	return wording.Excerpt(n.Value)
}

// standing names what stands somewhere, and shows none of it: where the whole of a file is not
// understood, nothing tells what it is.
func standing(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return "a single value"
	}
	return sourceText(n)
}
