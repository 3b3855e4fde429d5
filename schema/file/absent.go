package file

import (
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// deleteParam reads what has to be decided when the object is deleted. It acts
// once, so it is kept with what does.
func (d *objectReader) deleteParam(o *schema.Object, k, v *yaml.Node) {
	x, ok := d.boolean(v, k.Value)
	if o.Once == nil {
		o.Once = map[string]any{}
	}
	if o.Once[k.Value] = x; ok {
		o.Places[k.Value] = d.place(k)
	}
}

func isParam(params []schema.Param, name string) bool {
	return slices.ContainsFunc(params, func(p schema.Param) bool { return p.Name == name })
}

// checkDeleteParams makes sure that they stand beside absent: true, and only there.
func (d *objectReader) checkDeleteParams(o *schema.Object) {
	for _, p := range o.Kind.OnDelete {
		_, stated := o.Once[p.Name]
		switch {
		case o.Absent && !stated:
			d.failAt(o.Place, "write "+p.Name+": true or "+p.Name+": false beside absent: true", "%s is not decided", p.Name)
		case stated && !o.Absent:
			d.failAt(o.PlaceOf(p.Name), "delete the line", "%s stands beside absent: true only", p.Name)
		}
	}
}

func (d *objectReader) absent(o *schema.Object, v *yaml.Node) {
	if v.Value != "true" || v.Tag != "!!bool" {
		d.fail(v, "to delete the object write absent: true, to keep it delete the line", "absent is %s", sourceText(v))
		return
	}
	o.Absent = true
	if !o.Kind.Deletable() {
		d.fail(v, wayOut(o.Kind), "%s cannot be deleted, the API has no delete for it", o.Kind.Word)
	}
}

func (d *objectReader) checkAbsent(o *schema.Object) {
	for _, name := range slices.Sorted(maps.Keys(o.Values)) {
		if !o.Kind.IsKey(o.Kind.Field(name)) {
			d.failAt(o.PlaceOf(name), "delete this line, or absent: true", "%s is stated, and the object is absent", name)
		}
	}
}
