package plan

import (
	"net/http"

	"pbxsync/diff"
	"pbxsync/schema"
)

// createTenant is the call that makes the tenant itself. What the tenant's own
// item alone takes follows with a call of its own. Nil for any other change.
func (b *builder) createTenant(ch *diff.Change) *node {
	if ch.Action != diff.Create || !ch.Desired.Kind.Admin.Has(schema.Create) {
		return nil
	}
	o, body := ch.Desired, map[string]any{}
	var own []diff.Field
	for _, f := range o.Kind.Fields {
		if f.AtAdmin() {
			b.putCreate(body, o, f)
		}
	}
	for _, fc := range ch.Fields {
		if f := o.Kind.Field(fc.Name); !f.AtAdmin() && fc.New != nil {
			own = append(own, fc)
		}
	}
	b.tenant = b.add(&node{Step: Step{Method: http.MethodPost, Path: o.Kind.Admin.Collection, Body: body, Makes: o}})
	if len(own) > 0 {
		second := b.updateItem(ch, own)
		second.changes, second.Changes, second.Why = []*diff.Change{ch}, []string{ch.Address()}, "what only the tenant's own settings take"
	}
	return b.tenant
}

// tenantFirst lets everything wait for the tenant that it belongs to.
func (b *ordering) tenantFirst() {
	for _, n := range b.nodes {
		n.wait(b.tenant, edge{})
	}
}
