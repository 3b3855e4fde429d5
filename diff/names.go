package diff

import (
	"slices"

	"pbxsync/schema"
)

// namesMove adds the references by name to what gets another name: the server keeps them as
// text, so that each has to be said again.
func (c *comparison) namesMove(o, live *schema.Object, fs []Field) []Field {
	for _, f := range o.Kind.Fields {
		v := o.Values[f.Name]
		if !f.Refers || v == nil || slices.ContainsFunc(fs, func(x Field) bool { return x.Name == f.Name }) {
			continue
		}
		if old := c.live.Renamed(c.desired, f, v); old != "" {
			x := Field{Name: f.Name, Old: live.Values[f.Name], New: v, Place: o.PlaceOf(f.Name)}
			if f.Ref != nil {
				x.OldName = old
			}
			fs = append(fs, x)
		}
	}
	slices.SortFunc(fs, byName)
	return fs
}

// Renamed returns the old name of an object that a value refers to by name and that gets
// another one, "" if there is none.
func (l *Live) Renamed(desired *schema.Tenant, f *schema.Field, v any) string {
	old := ""
	f.EachRef(v, func(f *schema.Field, v any) {
		target := desired.Find(f.Ref, schema.RefOf(v).Key)
		if f.RefBy == "" || target == nil || target.Bare {
			return
		}
		if now := l.Object(target.Address()); now != nil && now.NaturalKey() != target.NaturalKey() {
			old = now.NaturalKey()
		}
	})
	return old
}
