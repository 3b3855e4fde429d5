package file

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

// protect reads one pattern of the list at the top.
func (d *decoder) protect(v *yaml.Node) {
	if text, ok := d.label(v, reserved.Protected); ok {
		d.tenant.Protected = append(d.tenant.Protected, schema.Protection{Pattern: text, Place: d.place(v)})
	}
}

// checkProtected warns of patterns that protect nothing, and adds the lines that
// stand at objects.
func (d *folder) checkProtected() {
	for _, p := range d.tenant.Protected {
		if !slices.ContainsFunc(d.tenant.Objects, func(o *schema.Object) bool { return p.Concerns(o) }) && !d.strays(p) {
			d.problems = append(d.problems, schema.Problem{Place: p.Place, Warning: schema.WarnProtects, Message: fmt.Sprintf("%q protects nothing in these files", p.Pattern),
				Hint: "patterns are addresses, a kind and a key, such as extension/101 or did/*; * in a name is %2A"})
		}
	}
	for _, o := range d.tenant.Objects {
		at, protected := d.protected[o]
		if !protected {
			continue
		}
		if o.Absent {
			d.failAt(at, "delete one of the two lines, the protection in a change of its own", "%s is protected and absent", o.Address())
		}
		d.tenant.Protect(o, at)
	}
}

// strays reports whether a pattern may match what the files prune.
func (d *folder) strays(p schema.Protection) bool {
	word, _, _ := strings.Cut(p.Pattern, "/")
	for k := range d.tenant.Prune {
		if ok, err := path.Match(word, k.Word); err == nil && ok {
			return true
		}
	}
	return false
}
