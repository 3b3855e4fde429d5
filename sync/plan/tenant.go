package plan

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file is about the tenant itself, which an administrator makes and deletes, and some
// fields of which only an administrator may set.

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

// updateAdmin is the call that sets what only an administrator may. It serves the change of first,
// the call at the kind's own item, if there is one.
func (b *builder) updateAdmin(ch *diff.Change, fields []diff.Field, first *node) *node {
	n := b.add(&node{Step: Step{Method: http.MethodPut, Path: ch.Desired.Kind.AdminPath(), Body: b.body(ch, fields)}})
	if first == nil {
		return n
	}
	n.changes, n.Changes, n.Why = []*diff.Change{ch}, []string{ch.Address()}, "what only an administrator may set"
	return first
}

// deletePath is that of the call that deletes a live object: for the tenant the administrator's,
// with what the files decide of it.
func deletePath(ch *diff.Change) string {
	k := ch.Live.Kind
	if !k.Admin.Has(schema.Delete) {
		return ch.Live.ItemPath()
	}
	query := url.Values{}
	for name, v := range ch.Desired.Once {
		query.Set(name, fmt.Sprint(v))
	}
	return strings.TrimSuffix(k.AdminPath()+"?"+query.Encode(), "?")
}

// setsLimits reports whether a change may change the tenant's limits.
func setsLimits(ch *diff.Change) bool { return ch.Object().Kind.Admin.Item != "" }

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
