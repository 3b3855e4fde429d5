package diff

import (
	"fmt"
	"strings"

	"pbxsync/schema"
)

// Spare is what files say of an object with a name that another one has too, so that the
// next apply deletes it; empty where the API cannot delete it.
func Spare(o *schema.Object, id int64) string {
	if !o.Kind.Has(schema.Delete) || o.Kind.Singleton() || !NeedsID(o.Kind) {
		return ""
	}
	var own []string
	for _, p := range o.Kind.Key {
		if v, stated := o.Values[p.Field.Name]; stated && !o.Kind.Keyed() {
			own = append(own, fmt.Sprintf("%s: %q", p.Field.Name, fmt.Sprint(v)))
		} else if o.Kind.Keyed() {
			own = append(own, fmt.Sprintf("%s: %q", p.Field.Name, o.NaturalKey()))
		}
	}
	text := fmt.Sprintf("{%s, id: %d, absent: true}", strings.Join(own, ", "), id)
	if o.Kind.Keyed() {
		return fmt.Sprintf("%q: %s", schema.Handle(o.NaturalKey(), id), text)
	}
	return "- " + text
}

// spareHint is how the second of two objects goes that should be one.
func spareHint(o *schema.Object, found []*schema.Object) string {
	line := Spare(o, found[len(found)-1].ID)
	if line == "" {
		return ""
	}
	return fmt.Sprintf("; to delete what two runs made twice, write beside it %s, and run pbxsync apply", line)
}
