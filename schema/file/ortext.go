package file

import (
	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
)

// This file reads what names an object of the tenant or is text, such as a number from
// outside. Which of the two it is is known when all files are read.

func (d *fieldReader) orText(o *schema.Object, f *schema.Field, v *yaml.Node) (any, bool) {
	if v.Kind != yaml.ScalarNode {
		d.fail(v, "write the key of "+f.Ref.Word+", or text", "%s is %s where text is due", f.Name, sourceText(v))
		return nil, false
	}
	s, ok := d.text(v, f)
	if ok && s != "" {
		d.refs = append(d.refs, reference{from: o, field: f, key: s, at: d.place(v)})
	}
	return s, ok
}

// target returns the declared object that a reference names, or nil.
func (d *folder) target(r reference) *schema.Object {
	key := r.key
	if r.field.OrText {
		key = r.field.Short(key, d.tenant.Prefix).(string)
	}
	return d.tenant.Find(r.field.Ref, key)
}

// refuseText refuses text of another form than the field has, and the name of an object which
// the files know by another key: it would be read as that key once it is in the tenant.
func refuseText(d *folder, r reference, from string, named map[nameOf]*schema.Object) {
	if o := named[nameOf{r.field.Ref, r.key}]; o != nil {
		d.failAt(r.at, "write "+o.Key, "%s%s: %q is the name of %s", from, r.field.Name, r.key, o.Address())
		return
	}
	if err := format.Check(r.field.Format, r.key); err != nil {
		d.failAt(r.at, err.Error(), "%s%s: %q is no %s, and no %s in these files", from, r.field.Name, r.key, formatName(r.field.Format), r.field.Ref.Word)
	}
}

// nameOf is a name in the tenant, of objects of a kind.
type nameOf struct {
	kind *schema.Kind
	name string
}
