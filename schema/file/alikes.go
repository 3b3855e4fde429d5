package file

import (
	"fmt"

	"pbxsync/schema"
	"pbxsync/schema/alike"
)

// checkAlike warns of objects of one kind whose names look the same, at the later one.
func (d *folder) checkAlike() {
	type place struct {
		kind   *schema.Kind
		parent *schema.Object
		looks  string
	}
	seen := map[place]*schema.Object{}
	for _, o := range d.tenant.Objects {
		if o.Kind.Form != schema.FormMap {
			continue
		}
		at := place{o.Kind, o.Parent, alike.Skeleton(o.NaturalKey())}
		first := seen[at]
		if first == nil {
			seen[at] = o
			continue
		}
		if why := alike.Why(o.NaturalKey(), first.NaturalKey()); why != "" {
			d.problems = append(d.problems, schema.Problem{Place: o.Place, Address: o.Address(), Warning: schema.WarnNames,
				Message: fmt.Sprintf("looks like %q at %s: %s", first.NaturalKey(), first.Place, why), Hint: "write one name, or names that people can tell apart"})
		}
	}
}
