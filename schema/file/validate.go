package file

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
	"pbxsync/schema/published"
	"pbxsync/schema/wording"
)

// validator checks objects against the published schema of their kind. That of a kind is
// compiled when an object is met that cannot be judged without it.
type validator struct {
	kinds sync.Map // *Kind -> func() *jsonschema.Schema
}

var validators sync.Map // *Catalogue -> *validator

func validatorOf(c *schema.Catalogue) *validator {
	v, _ := validators.LoadOrStore(c, &validator{})
	return v.(*validator)
}

// of returns the published schema of a kind, or nil.
func (v *validator) of(k *schema.Kind) *jsonschema.Schema {
	if !k.Managed() {
		return nil
	}
	compiled, _ := v.kinds.LoadOrStore(k, sync.OnceValue(func() *jsonschema.Schema { return compile(k) }))
	return compiled.(func() *jsonschema.Schema)()
}

func compile(k *schema.Kind) *jsonschema.Schema {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	for _, name := range format.Names() {
		compiler.Formats[name] = func(v any) bool {
			s, ok := v.(string)
			return !ok || format.Check(name, s) == nil
		}
	}
	if err := compiler.AddResource(published.URL, bytes.NewReader(published.Strict(k))); err != nil {
		panic(err) // the schema is ours; a test compiles it
	}
	return compiler.MustCompile(published.URL + "#/definitions/" + k.Word)
}

// fits reports that the published schema lets an object pass, where that can be
// seen without it, as with most objects. No says nothing: the schema decides.
func fitsKind(k *schema.Kind, plain map[string]any) bool {
	if k.Form == schema.FormList {
		return false
	}
	for name, x := range plain {
		if f := k.Field(name); f == nil || !f.InCreate() || f.Once || k.IsKey(f) || !fits(f, x) {
			return false
		}
	}
	return true
}

// fits judges a scalar.
func fits(f *schema.Field, x any) bool {
	switch x := x.(type) {
	case nil:
		return !f.Secret()
	case bool:
		return f.Type == "boolean" && unbound(f)
	case int64:
		return f.Type == "integer" && unbound(f) && (f.Minimum == nil || x >= *f.Minimum) && (f.Maximum == nil || x <= *f.Maximum)
	case string:
		return fitsText(f, x)
	}
	return false
}

// unbound reports that the type says what values there are.
func unbound(f *schema.Field) bool {
	return f.Ref == nil && len(f.Enum) == 0 && (len(f.Words) == 0 || f.Type == "boolean") && !f.Secret()
}

func fitsText(f *schema.Field, s string) bool {
	switch {
	case f.Secret():
		return false
	case f.Ref != nil && !f.OrText:
		return true
	case len(f.Words) > 0 && f.Type != "boolean":
		return slices.ContainsFunc(f.Words, func(w schema.Word) bool { return w.File == s })
	case f.Type != "string", len(f.Enum) > 0 && !slices.Contains(f.Enum, s):
		return false
	case f.Format == "":
		return true
	}
	return format.Has(f.Format, s)
}

// validate checks the fields of one object. n is where they stand.
func (d *fieldReader) validate(o *schema.Object, plain map[string]any, n *yaml.Node) {
	if fitsKind(o.Kind, plain) {
		return
	}
	s := d.validator.of(o.Kind)
	if s == nil {
		return
	}
	if o.Kind.Form == schema.FormList {
		d.checkIdentity(o, n)
	}
	var ve *jsonschema.ValidationError
	if err := s.Validate(plain); errors.As(err, &ve) {
		d.causes(o, plain, n, ve)
	}
}

// checkIdentity makes sure that the fields that make the key are there.
func (d *fieldReader) checkIdentity(o *schema.Object, n *yaml.Node) {
	for _, f := range o.Kind.KeyFields() {
		if _, ok := o.Values[f.Name]; !ok && len(o.Kind.Key) > 1 && keyNode(n, f.Name) == n {
			d.fail(n, "", "%s is missing; %s %s is told from others by %s", f.Name, wording.Article(o.Kind.Word), o.Kind.Word, wording.Enumerate(keyNames(o.Kind), "and"))
		}
	}
}

func (d *fieldReader) causes(o *schema.Object, plain map[string]any, n *yaml.Node, ve *jsonschema.ValidationError) {
	if len(ve.Causes) > 0 {
		for _, cause := range ve.Causes {
			d.causes(o, plain, n, cause)
		}
		return
	}
	f, at, value := d.locate(o, plain, n, ve.InstanceLocation)
	d.explain(o, f, at, value, path.Base(ve.KeywordLocation), ve.Message)
}

// locate follows a JSON pointer down to the field, the node of its value, and the value.
func (d *fieldReader) locate(o *schema.Object, plain map[string]any, n *yaml.Node, pointer string) (*schema.Field, *yaml.Node, any) {
	var f *schema.Field
	var value any = plain
	for _, token := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
			if f == nil {
				f = o.Kind.Field(token)
			} else if sub := f.Sub(token); sub != nil {
				f = sub
			}
			n = valueNode(n, token)
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(v) {
				return f, n, value
			}
			value = v[i]
			if n.Kind == yaml.SequenceNode && i < len(n.Content) {
				n = n.Content[i]
			}
			if f != nil && f.Items != nil {
				f = f.Items
			}
		}
	}
	return f, n, value
}

func valueNode(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return n
}

// explain says in words what a keyword of the schema found.
func (d *fieldReader) explain(o *schema.Object, f *schema.Field, at *yaml.Node, value any, keyword, message string) {
	name, shown := o.Kind.Word, sourceText(at)
	if f != nil {
		name = f.Name
	}
	switch keyword {
	case "required": // told before, with the place of each
	case "enum":
		d.fail(at, wording.DidYouMean(fmt.Sprint(value), f.Enum), "%s: %s is not %s", name, shown, wording.OneOf(f.Enum))
	case "minimum", "maximum":
		d.fail(at, "", "%s: %s is out of bounds, %s", name, shown, f.Bounds())
	case "format":
		if d.unchecked[at] || f.OrText { // a key may have any form; see refuseText
			return
		}
		d.fail(at, d.formHint(f, at, value), "%s: %s is no %s", name, shown, formatName(f.Format))
	case "type":
		d.fail(at, "", "%s is %s where %s is due", name, shown, typeName(f))
	default:
		d.fail(at, "", "%s: %s", name, message)
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
		d.explain(o, f, n, x, "format", "")
	}
	if len(f.Enum) > 0 && !slices.Contains(f.Enum, s) {
		d.explain(o, f, n, x, "enum", "")
	}
}

func keyNames(k *schema.Kind) []string {
	var out []string
	for _, f := range k.KeyFields() {
		out = append(out, f.Name)
	}
	return out
}
