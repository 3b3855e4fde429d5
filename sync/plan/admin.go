package plan

import (
	"fmt"
	"net/url"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
)

// parts shares the fields of a change out: what goes to the kind's own item, and
// what to the administrator's. What both take goes where the plan goes anyway.
func parts(ch *diff.Change) (own, admin []diff.Field) {
	var both []diff.Field
	for _, fc := range ch.Fields {
		switch f := ch.Desired.Kind.Field(fc.Name); {
		case f.NeedsAdmin():
			admin = append(admin, fc)
		case f.AtAdmin():
			both = append(both, fc)
		default:
			own = append(own, fc)
		}
	}
	if len(own) == 0 && len(admin) > 0 {
		return nil, append(admin, both...)
	}
	return append(own, both...), admin
}

// carries reports whether the call of the node sends the field: a change may
// need two.
func (n *node) carries(f *schema.Field) bool {
	_, ok := n.Body[f.API]
	return ok
}

// tenantPath is the call that deletes the tenant, with what the files decide of it.
func tenantPath(o *schema.Object) string {
	query := url.Values{}
	for name, v := range o.Once {
		query.Set(name, fmt.Sprint(v))
	}
	return strings.TrimSuffix(o.Kind.AdminPath()+"?"+query.Encode(), "?")
}
