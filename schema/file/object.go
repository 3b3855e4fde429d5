package file

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// key reads the key of an object in a map.
func (d *fieldReader) key(kind *schema.Kind, k *yaml.Node) (string, bool) {
	text, ok := d.text(k, kind.Key[0].Field)
	if ok && text == "" {
		d.fail(k, "", "a key may not be empty")
		return "", false
	}
	return text, ok
}

// checkKey makes sure that the key, or the name beside a handle, is in the form
// in which the tenant has it.
func (d *objectReader) checkKey(o *schema.Object) {
	f := o.Kind.Key[0].Field
	if hint := KeyHint(o.Kind, o.NaturalKey()); hint != "" {
		d.losses = append(d.losses, loss{at: o.PlaceOf(f.Name), kinds: []*schema.Kind{o.Kind}, key: o.NaturalKey(), written: true})
		d.failAt(o.PlaceOf(f.Name), hint, "%q is no %s of %s %s", o.NaturalKey(), f.Name, wording.Article(o.Kind.Word), o.Kind.Word)
	}
}

// KeyHint says what is wrong with the form of a key, and what it should be, or "".
func KeyHint(k *schema.Kind, key string) string {
	if len(k.Key) == 0 {
		return ""
	}
	f := k.Key[0].Field
	err := format.Check(f.Format, key)
	if err == nil {
		return ""
	}
	if f.Format == "digits" {
		return format.DigitsHint(key)
	}
	return err.Error()
}

// object reads one object.
func (d *objectReader) object(kind *schema.Kind, parent *schema.Object, key string, k, v *yaml.Node) *schema.Object {
	o := &schema.Object{Kind: kind, Parent: parent, Key: key, Place: d.place(k),
		Values: map[string]any{}, Places: map[string]schema.Place{}}
	defer d.about(o)()
	if kind.Value != "" && (v.Kind != yaml.MappingNode || isReferenceForm(v) || isList(kind)) {
		o.Values = d.values(o, kind.Field(kind.Value), k, v)
		return o
	}
	plain := map[string]any{}
	if v.Kind == yaml.MappingNode && len(kind.Children) > 0 {
		v = d.withoutEmptyBlocks(kind, v)
	}
	d.pairs(v, "fields", func(k, v *yaml.Node) { d.member(o, plain, k, v) })
	d.checkDeleteParams(o)
	if o.Absent {
		d.checkAbsent(o)
		return o
	}
	d.validate(o, plain, v)
	return o
}

// about puts an object's address before problems until the returned function is called.
func (d *notes) about(o *schema.Object) func() {
	before := d.subject
	if d.subject = o.Kind.Word; o.Kind.Form != schema.FormList {
		d.subject = schema.AddressOf(o.Parent, o.Kind, o.Key)
	}
	return func() { d.subject = before }
}

// withoutEmptyBlocks reports blocks of children that have no value, whose way out
// is not that of a field, and returns the rest.
func (d *objectReader) withoutEmptyBlocks(kind *schema.Kind, v *yaml.Node) *yaml.Node {
	rest := *v
	rest.Content = nil
	for i := 0; i+1 < len(v.Content); i += 2 {
		k, x := v.Content[i], v.Content[i+1]
		child := kind.Child(k.Value)
		if child == nil || !isEmpty(x) {
			rest.Content = append(rest.Content, k, x)
			continue
		}
		empty := "{}"
		if child.Form == schema.FormList || isList(child) {
			empty = "[]"
		}
		d.empty(k, x, fmt.Sprintf("write %s: %s, or delete the line", k.Value, empty))
	}
	return &rest
}

// isList reports whether objects of a kind are written as the list that is their value.
func isList(k *schema.Kind) bool { return k.Value != "" && k.Field(k.Value).Items != nil }

// isReferenceForm tells {dealer: X} and its like from the fields of an object.
func isReferenceForm(v *yaml.Node) bool {
	return len(v.Content) == 2 && slices.Contains(referenceForms, v.Content[0].Value)
}

// values reads the bare value that stands for a whole object.
func (d *objectReader) values(o *schema.Object, f *schema.Field, k, v *yaml.Node) map[string]any {
	plain := map[string]any{}
	d.field(o, plain, f, k, v)
	d.validate(o, plain, v)
	return o.Values
}

// member reads one entry of an object.
func (d *objectReader) member(o *schema.Object, plain map[string]any, k, v *yaml.Node) {
	switch {
	case k.Value == reserved.Absent:
		d.absent(o, v)
	case k.Value == reserved.OnCreate:
		d.onCreate(o, v)
	case d.rule(o, k, v):
	case isParam(o.Kind.OnDelete, k.Value):
		d.deleteParam(o, k, v)
	case d.handle(o, k, v):
	case d.child(o, k, v):
	default:
		f := o.Kind.Field(k.Value)
		if f == nil || !d.writable(o, f, k) {
			if f == nil {
				d.unknownField(o.Kind, k)
			}
			return
		}
		d.field(o, plain, f, k, v)
	}
}

// handle reads name: and id: beside a key that is a handle.
func (d *objectReader) handle(o *schema.Object, k, v *yaml.Node) bool {
	if o.Kind.Form == schema.FormSingle || o.Kind.Value != "" {
		return false
	}
	keyed := o.Kind.Form == schema.FormMap
	switch k.Value {
	case "id":
		if len(o.Kind.ID) > 0 {
			return false // it is found by its key, and has none
		}
		id, ok := d.integer(v, k.Value)
		if ok && !schema.IsID(id.(int64)) {
			d.fail(v, "", "an id is a whole number from 1 to 2^53-1, not %s", v.Value)
		} else if ok {
			o.ID = id.(int64)
			o.Places["id"] = d.place(v)
		}
	case o.Kind.Key[0].Field.Name:
		if !keyed {
			return false
		}
		if name, ok := d.text(v, o.Kind.Key[0].Field); ok {
			o.Name = name
			o.Places[k.Value] = d.place(v)
		}
	default:
		return false
	}
	return true
}

// child reads the children of an object.
func (d *objectReader) child(o *schema.Object, k, v *yaml.Node) bool {
	kind := o.Kind.Child(k.Value)
	if kind == nil {
		return false
	}
	if o.Manages == nil {
		o.Manages = map[*schema.Kind]schema.Place{}
	}
	o.Manages[kind] = d.place(k)
	d.children[o] = append(d.children[o], childNodes{kind, k, v, d.file})
	return true
}

// childNodes are read when the parent's own key is known.
type childNodes struct {
	kind *schema.Kind
	k, v *yaml.Node
	file string
}

// writable reports whether files may state the field here.
func (d *objectReader) writable(o *schema.Object, f *schema.Field, k *yaml.Node) bool {
	switch {
	case f.ReadOnly:
		d.fail(k, "delete the line", "%s of %s is read-only, the server sets it", f.Name, o.Kind.Word)
	case f.Once:
		d.fail(k, fmt.Sprintf("write on_create: {%s: …}", f.Name), "%s acts once and is no state", f.Name)
	default:
		return true
	}
	return false
}

func (d *objectReader) unknownField(kind *schema.Kind, k *yaml.Node) {
	for _, f := range kind.Fields {
		if f.API == k.Value && f.Name != f.API {
			d.fail(k, fmt.Sprintf("write %s: with the key of the %s", f.Name, f.Ref.Word), "%s is an id; ids are not written in files", k.Value)
			return
		}
	}
	d.unknownWord(kind, k)
}

// onCreate reads what acts once.
func (d *objectReader) onCreate(o *schema.Object, v *yaml.Node) {
	o.Once = map[string]any{}
	d.pairs(v, "fields", func(k, v *yaml.Node) {
		f := o.Kind.Field(k.Value)
		if f == nil || !f.Once {
			d.unknown(k, "field", reserved.OnCreate+" of "+o.Kind.Word, onceNames(o.Kind))
			return
		}
		if x, ok := d.value(o, f, v); ok {
			o.Once[f.Name] = x
			o.Places[f.Name] = d.place(k)
			d.validateOnce(o, f, x, v)
		}
	})
}

func onceNames(k *schema.Kind) []string {
	var names []string
	for _, f := range k.Fields {
		if f.Once {
			names = append(names, f.Name)
		}
	}
	return names
}

// name settles the key of an object and reads its children.
func (d *objectReader) name(o *schema.Object) {
	switch {
	case o.Kind.Form == schema.FormList:
		o.Key = o.Kind.KeyOf(o.Values)
		d.twin(o)
	case o.Kind.Form == schema.FormMap:
		if o.Name == o.Key {
			o.Name = ""
		}
		d.checkKey(o)
	}
	file := d.file
	for _, c := range d.children[o] {
		d.file = c.file
		d.objects(c.kind, o, c.k, c.v)
	}
	d.file = file
	delete(d.children, o)
}

// twin gives an item that is told from its like by its id a key of its own.
func (d *objectReader) twin(o *schema.Object) {
	if o.ID != 0 && d.tenant.Object(o.Address()) != nil {
		o.GoByID()
	}
}
