package file

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// field reads one field of an object into its values, and into plain as the
// rules of the kind see it.
func (d *fieldReader) field(o *schema.Object, plain map[string]any, f *schema.Field, k, v *yaml.Node) {
	if f.Secret() {
		d.secret(o, f, k, v)
		return
	}
	x, ok := d.value(o, f, v)
	if !ok {
		return
	}
	if x == nil && (o.Kind.IsKey(f) || f.NeverNull()) {
		d.fail(k, "", "%s of %s cannot be null", f.Name, o.Kind.Word)
		return
	}
	if x == "" && f.Required && o.Kind.Value == "" {
		d.fail(v, "write a value", "%s is empty", f.Name)
		return
	}
	if plain[f.Name] = x; x == "" && f.Nullable {
		plain[f.Name] = nil // an empty text is one that is not set
	}
	o.Values[f.Name] = f.Normal(x)
	o.Places[f.Name] = d.place(k)
	if v.Kind == yaml.SequenceNode && !f.Set {
		for i, item := range v.Content {
			o.Places[schema.ItemOf(f.Name, i)] = d.place(item)
		}
	}
	if f.Apart { // what is wrong with it is found later, and is the value's fault
		o.Places[f.Name] = d.place(v)
	}
}

// value converts a node to what the field's type says, text as it was written.
func (d *fieldReader) value(o *schema.Object, f *schema.Field, v *yaml.Node) (any, bool) {
	switch {
	case isNull(v):
		return nil, true
	case f.OrText:
		return d.orText(o, f, v)
	case f.Ref != nil:
		return d.reference(o, f, v)
	case f.Type == "array":
		return d.list(o, f, v)
	case f.Type == "object":
		return d.object(o, f, v)
	case v.Kind != yaml.ScalarNode:
		d.wrongShape(f, v)
		return nil, false
	case len(f.Words) > 0 && f.Type != "boolean":
		return d.word(f, v)
	case f.Type == "integer":
		return d.integer(v, f.Name)
	case f.Type == "boolean":
		return d.boolean(v, f.Name)
	}
	s, ok := d.text(v, f)
	return s, ok
}

func (d *fieldReader) wrongShape(f *schema.Field, v *yaml.Node) {
	hint := ""
	if f.Format == "pcre" {
		hint = "patterns belong in single quotes, as '[0-9]+'"
	}
	d.fail(v, hint, "%s is %s where %s is due", f.Name, sourceText(v), typeName(f))
}

func typeName(f *schema.Field) string {
	switch f.Type {
	case "integer":
		return "a whole number"
	case "boolean":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "keys and values"
	}
	return "text"
}

// word reads a value that files call otherwise than the API.
func (d *fieldReader) word(f *schema.Field, v *yaml.Node) (any, bool) {
	var words []string
	for _, w := range f.Words {
		if w.File == v.Value {
			return v.Value, true
		}
		words = append(words, w.File)
	}
	hint := wording.DidYouMean(v.Value, words)
	for _, w := range f.Words {
		if fmt.Sprint(w.API) == v.Value {
			hint = fmt.Sprintf("the API's %s is %s here", v.Value, w.File)
		}
	}
	d.fail(v, hint, "%s: %s is not %s", f.Name, sourceText(v), wording.OneOf(words))
	return nil, false
}

func (d *fieldReader) list(o *schema.Object, f *schema.Field, v *yaml.Node) (any, bool) {
	if v.Kind != yaml.SequenceNode {
		d.wrongShape(f, v)
		return nil, false
	}
	out := make([]any, len(v.Content)) // what cannot be read stays nil, so that places fit and the rest is judged
	for i, item := range v.Content {
		if isEmpty(item) {
			d.fail(item, "delete the dash", "%s has an item without a value", f.Name)
			continue
		}
		if isNull(item) {
			d.fail(item, "delete it", "%s: an item cannot be null", f.Name)
			continue
		}
		out[i], _ = d.value(o, f.Items, item)
	}
	return out, true
}

func (d *fieldReader) mapping(o *schema.Object, f *schema.Field, v *yaml.Node) (any, bool) {
	if v.Kind != yaml.MappingNode {
		d.fail(v, "", "%s where keys and values are due", sourceText(v))
		return nil, false
	}
	out, before := map[string]any{}, len(d.problems)
	whole := v
	d.pairs(v, "fields", func(k, v *yaml.Node) {
		if k.Value == reserved.Unchecked && f.Pattern() != nil {
			d.uncheck(f, whole, v)
			return
		}
		sub := f.Sub(k.Value)
		if sub == nil || sub.ReadOnly {
			d.unknown(k, "field", o.Kind.Word, subNames(f))
			return
		}
		if isNull(v) && !sub.Nullable {
			d.fail(k, "write a value", "%s: %s cannot be null", f.Name, sub.Name)
			return
		}
		if x, ok := d.value(o, sub, v); ok {
			out[sub.Name] = x
		}
	})
	for _, sub := range f.Fields {
		if sub.Required && keyNode(v, sub.Name) == v {
			d.fail(v, "", "%s is missing here", sub.Name)
		}
	}
	if len(d.problems) == before {
		d.checkWith(f.Fields, out, v)
		d.checkPairs(f, out, v)
	}
	return out, true
}

func subNames(f *schema.Field) []string {
	var names []string
	for _, sub := range f.Fields {
		if !sub.ReadOnly {
			names = append(names, sub.Name)
		}
	}
	return names
}

// referenceForms are the ways to refer to what these files do not declare.
var referenceForms = []string{"dealer", "live", "id"}

// reference reads a key, {dealer: KEY}, {live: KEY} or {id: N}.
func (d *fieldReader) reference(o *schema.Object, f *schema.Field, v *yaml.Node) (any, bool) {
	if v.Kind == yaml.ScalarNode {
		key, ok := d.label(v, f.Name)
		if ok && key == "" {
			d.fail(v, clearHint, "%s is empty", f.Name)
			return nil, false
		}
		if ok && f.In != nil {
			return d.scoped(o, f, key, v)
		}
		if ok {
			d.refs = append(d.refs, reference{from: o, field: f, key: key, at: d.place(v)})
		}
		return key, ok
	}
	if v.Kind != yaml.MappingNode || !isReferenceForm(v) || isEmpty(v.Content[1]) {
		d.fail(v, fmt.Sprintf("write the key of a declared %s, {dealer: KEY}, {live: KEY} or {id: N}", f.Ref.Word), "%s is no reference", f.Name)
		return nil, false
	}
	form, value := v.Content[0].Value, v.Content[1]
	if form == "id" {
		id, ok := d.integer(value, f.Name)
		if ok && !schema.IsID(id.(int64)) {
			d.fail(value, "", "an id is a whole number from 1 to 2^53-1, not %s", value.Value)
			return nil, false
		}
		return map[string]any{form: id}, ok
	}
	if f.In != nil {
		d.fail(v, fmt.Sprintf("write the key of a %s that these files declare there", f.Ref.Word), "%s names what stands below the same %s", f.Name, f.In.Word)
		return nil, false
	}
	if form == "dealer" && f.Ref.Owner.Dealer == "" {
		d.fail(v, "write {live: KEY} or {id: N}", "%s: a dealer shares no %s", f.Name, f.Ref.Word)
		return nil, false
	}
	key, ok := d.label(value, f.Name)
	if ok && key == "" {
		d.fail(value, "write the key of "+wording.Article(f.Ref.Word)+" "+f.Ref.Word, "%s: the key of %s: is empty", f.Name, form)
		return nil, false
	}
	if form == "live" {
		return key, ok // nothing but the check of files tells it from a declared one
	}
	return map[string]any{form: key}, ok
}

// scoped reads a key of what stands below the same parent. Its normal form is the address.
func (d *fieldReader) scoped(o *schema.Object, f *schema.Field, key string, v *yaml.Node) (any, bool) {
	if o.Under(f.In) == nil || o.Parent == nil && len(o.Kind.Parents) > 0 {
		d.fail(v, "state it at each object", "%s names what stands below the same %s, and has no default", f.Name, f.In.Word)
		return nil, false
	}
	ref := o.ReferenceTo(f, key)
	d.refs = append(d.refs, reference{o, f, ref, d.place(v), key})
	return ref, true
}

// secret reads where a secret is found. The secret itself is an error.
func (d *fieldReader) secret(o *schema.Object, f *schema.Field, k, v *yaml.Node) {
	ref := schema.SecretRef{Version: 1, Place: d.place(k)}
	if v.Kind != yaml.MappingNode {
		d.fail(v, fmt.Sprintf("write %s: {env: NAME} or %s: {file: PATH, key: KEY}", f.Name, f.Name), "%s is written in the file", f.Name)
		return
	}
	d.pairs(v, "env, or file and key", func(k, v *yaml.Node) {
		if k.Value == reserved.Version {
			ref.Version = d.secretVersion(f, v)
			return
		}
		text, _ := d.label(v, k.Value)
		switch k.Value {
		case "env":
			ref.Env = text
		case "file":
			ref.File = text
		case "key":
			ref.Key = text
		default:
			d.unknown(k, "field", f.Name, []string{"env", "file", "key", reserved.Version})
		}
	})
	if (ref.Env == "") == (ref.File == "") || (ref.File == "") != (ref.Key == "") {
		d.fail(v, "write {env: NAME} or {file: PATH, key: KEY}", "%s has to name one place", f.Name)
		return
	}
	if o.Secrets == nil {
		o.Secrets = map[string]schema.SecretRef{}
	}
	o.Secrets[f.Name] = ref
	o.Places[f.Name] = ref.Place
}

// secretVersion reads the number that says when a secret is sent again.
func (d *fieldReader) secretVersion(f *schema.Field, v *yaml.Node) int64 {
	n, ok := d.integer(v, reserved.Version)
	version, _ := n.(int64)
	if ok && version < 1 {
		d.fail(v, "raise it by one to have the "+f.Name+" sent again", "%s of a %s is a whole number from 1, not %s", reserved.Version, f.Name, v.Value)
	}
	return max(1, version)
}

// keyNode returns the key in a mapping, or the mapping.
func keyNode(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i]
		}
	}
	return n
}
