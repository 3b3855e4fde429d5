package file

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
	"pbxsync/schema/wording"
)

// validate checks the fields of one object by what its kind says of each. plain has the values
// as they were written, n is where they stand. It finds what the schema finds by which kinds
// are published (published.Strict); a test has a library judge both.
func (d *fieldReader) validate(o *schema.Object, plain map[string]any, n *yaml.Node) {
	if o.Kind.Form == schema.FormList {
		d.checkIdentity(o, n)
	}
	for _, f := range o.Kind.Fields {
		if x := plain[f.Name]; x != nil && (o.Kind.Form != schema.FormMap || !o.Kind.IsKey(f)) {
			d.weigh(o, f, x, valueNode(n, f.Name))
		}
	}
}

// weigh checks a value, and those inside it. That their shapes are right, the reader has seen.
func (d *fieldReader) weigh(o *schema.Object, f *schema.Field, x any, at *yaml.Node) {
	list, _ := x.([]any)
	members, _ := x.(map[string]any)
	switch {
	case x == nil || f.Ref != nil && !f.OrText:
	case list != nil:
		for i, item := range list {
			d.weigh(o, f.Items, item, itemNode(at, i))
		}
	case members != nil && d.weighBundle(o, f, members, at):
	case members != nil:
		for _, sub := range f.Fields {
			d.weigh(o, sub, members[sub.Name], valueNode(at, sub.Name))
		}
	default:
		if keyword := broken(f, x); keyword != "" {
			d.explain(o, f, at, x, keyword)
		}
	}
}

// broken returns the keyword of JSON Schema that a scalar does not meet, "" if it meets all.
func broken(f *schema.Field, x any) string {
	switch x := x.(type) {
	case bool:
		if f.Type != "boolean" {
			return "type"
		}
	case int64:
		switch {
		case f.Type != "integer" || len(f.Words) > 0:
			return "type"
		case f.Minimum != nil && x < *f.Minimum:
			return "minimum"
		case f.Maximum != nil && x > *f.Maximum:
			return "maximum"
		}
	case string:
		return brokenText(f, x)
	default:
		return "type"
	}
	return ""
}

func brokenText(f *schema.Field, s string) string {
	inWords := func(w schema.Word) bool { return w.File == s }
	switch {
	case len(f.Words) > 0 && f.Type != "boolean":
		if !slices.ContainsFunc(f.Words, inWords) {
			return "enum"
		}
	case f.Type != "string":
		return "type"
	case len(f.Enum) > 0 && !slices.Contains(f.Enum, s):
		return "enum"
	case format.Check(f.Format, s) != nil:
		return "format"
	}
	return ""
}

// checkIdentity makes sure that the fields that make the key are there.
func (d *fieldReader) checkIdentity(o *schema.Object, n *yaml.Node) {
	for _, f := range o.Kind.KeyFields() {
		if _, ok := o.Values[f.Name]; !ok && len(o.Kind.Key) > 1 && keyNode(n, f.Name) == n {
			d.fail(n, "", "%s is missing; %s %s is told from others by %s", f.Name, wording.Article(o.Kind.Word), o.Kind.Word, wording.Enumerate(keyNames(o.Kind), "and"))
		}
	}
}

func valueNode(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return n
}

func itemNode(n *yaml.Node, i int) *yaml.Node {
	if n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i]
	}
	return n
}

// explain says in words which keyword a value does not meet.
func (d *fieldReader) explain(o *schema.Object, f *schema.Field, at *yaml.Node, value any, keyword string) {
	name, shown := f.Name, sourceText(at)
	switch keyword {
	case "enum":
		d.fail(at, wording.DidYouMean(fmt.Sprint(value), f.Enum), "%s: %s is not %s", name, shown, wording.OneOf(f.Enum))
	case "minimum", "maximum":
		d.fail(at, "", "%s: %s is out of bounds, %s", name, shown, schema.Bounds(f))
	case "format":
		if d.unchecked[at] || f.OrText { // a key may have any form; see refuseText
			return
		}
		d.fail(at, d.formHint(f, at, value), "%s: %s is no %s", name, shown, formatName(f.Format))
	case "type":
		d.fail(at, "", "%s is %s where %s is due", name, shown, typeName(f))
	}
}

// formHint says what the form of a text should be.
func (d *fieldReader) formHint(f *schema.Field, at *yaml.Node, value any) string {
	err := format.Check(f.Format, fmt.Sprint(value))
	if err == nil {
		return ""
	}
	if f.Format == "pcre" && at.Style&plainText == 0 {
		return err.Error() + "; patterns belong in single quotes"
	}
	return err.Error()
}

func formatName(name string) string {
	switch name {
	case "pcre":
		return "pattern"
	case "uri":
		return "URL"
	case "network":
		return "network"
	case "countries":
		return "list of countries"
	case "timezone":
		return "time zone"
	case "email", "emails":
		return "e-mail address"
	case "datetime":
		return "date and time"
	}
	return strings.ReplaceAll(name, "-", " ")
}

// validateOnce checks a value under on_create, which stands apart from the fields.
func (d *fieldReader) validateOnce(o *schema.Object, f *schema.Field, x any, n *yaml.Node) {
	s, _ := x.(string)
	if format.Check(f.Format, s) != nil {
		d.explain(o, f, n, x, "format")
	}
	if len(f.Enum) > 0 && !slices.Contains(f.Enum, s) {
		d.explain(o, f, n, x, "enum")
	}
}

func keyNames(k *schema.Kind) []string {
	var out []string
	for _, f := range k.KeyFields() {
		out = append(out, f.Name)
	}
	return out
}
