package file

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

// checkForeign warns of full names of other tenants' extensions, once where they stand.
// The tenant's prefix is known only where the files say it.
func (d *folder) checkForeign() {
	if d.tenant.Prefix == "" {
		return
	}
	d.stated(d.warnForeign)
}

// stated visits what files and defaults say, with what messages call it.
func (d *folder) stated(visit func(o *schema.Object, subject string)) {
	for _, o := range d.tenant.Objects {
		visit(o, o.Address())
	}
	for kind, o := range d.defaults {
		visit(o, reserved.Defaults+"."+kind.Word)
	}
}

func (d *folder) warnForeign(o *schema.Object, subject string) {
	for _, name := range slices.Sorted(maps.Keys(o.Values)) {
		f := o.Kind.Field(name)
		if f == nil || o.Kind.IsKey(f) {
			continue
		}
		for _, full := range schema.Foreign(f, o.Values[name], d.tenant.Prefix) {
			_, short, _ := strings.Cut(full, "*")
			d.problems = append(d.problems, schema.Problem{Place: o.PlaceOf(name), Address: subject, Warning: schema.WarnPrefix,
				Message: fmt.Sprintf("%s names %s, an extension of another tenant: this one has prefix %s", name, full, d.tenant.Prefix),
				Hint:    fmt.Sprintf("write %s if its own is meant", ownName(f, short, d.tenant.Prefix))})
		}
	}
}

// ownName returns how the field names an extension of the tenant: only numbers are understood
// without the prefix.
func ownName(f *schema.Field, short, prefix string) string {
	if f.NumberOf != nil {
		return short
	}
	return prefix + "*" + short
}
