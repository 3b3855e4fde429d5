package diff

import (
	"slices"

	"pbxsync/schema"
)

// namesMove adds the references by name to what gets another name: the server keeps them as
// text, so that each has to be said again.
func (c *comparison) namesMove(o, live *schema.Object, fs []Field) []Field {
	for _, f := range o.Kind.Fields {
		key, ok := o.Values[f.Name].(string)
		if f.RefBy == "" || !ok || slices.ContainsFunc(fs, func(x Field) bool { return x.Name == f.Name }) {
			continue
		}
		target := c.desired.Find(f.Ref, key)
		if target == nil {
			continue
		}
		if now := c.live.Object(target.Address()); now != nil && now.NaturalKey() != target.NaturalKey() {
			fs = append(fs, Field{Name: f.Name, Old: live.Values[f.Name], OldName: now.NaturalKey(), New: key, Place: o.PlaceOf(f.Name)})
		}
	}
	slices.SortFunc(fs, byName)
	return fs
}
