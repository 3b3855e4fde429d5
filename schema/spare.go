package schema

import (
	"fmt"
	"strings"
)

// Spare is what files say of an object with a name that another one has too, so that the
// next apply deletes it; empty where the API cannot delete it.
func (o *Object) Spare(id int64) string {
	if !o.Kind.Has(Delete) || o.Kind.Singleton() || !o.Kind.needsID() {
		return ""
	}
	var own []string
	for _, p := range o.Kind.Key {
		if v, stated := o.Values[p.Field.Name]; stated && !o.Kind.keyed() {
			own = append(own, fmt.Sprintf("%s: %q", p.Field.Name, fmt.Sprint(v)))
		} else if o.Kind.keyed() {
			own = append(own, fmt.Sprintf("%s: %q", p.Field.Name, o.NaturalKey()))
		}
	}
	text := fmt.Sprintf("{%s, id: %d, absent: true}", strings.Join(own, ", "), id)
	if o.Kind.keyed() {
		return fmt.Sprintf("%q: %s", fmt.Sprintf("%s (id %d)", o.NaturalKey(), id), text)
	}
	return "- " + text
}

// spareHint is how the second of two objects goes that should be one.
func (o *Object) spareHint(found []*Object) string {
	line := o.Spare(found[len(found)-1].ID)
	if line == "" {
		return ""
	}
	return fmt.Sprintf("; to delete what two runs made twice, write beside it %s, and run pbxsync apply", line)
}
