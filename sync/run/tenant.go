package run

import (
	"fmt"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// learnTenant takes the id and the prefix of a new tenant from the answer to a call.
func (r *knowledge) learnTenant(id int64, asked string, row map[string]any, o *schema.Object) error {
	_, name, prefix, err := diff.TenantOf(o.Kind, row)
	if err != nil {
		return &lost{message: fmt.Sprintf("%s: %v", asked, err)}
	}
	if name != r.tenant.Name || prefix == "" {
		return &lost{fmt.Sprintf("%s: tenant %q was sent and the server made %q with prefix %q", asked, r.tenant.Name, name, prefix), true}
	}
	r.tenant = plan.TenantID{ID: id, Name: name, Prefix: prefix}
	r.summary.Created = &r.tenant
	return nil
}
