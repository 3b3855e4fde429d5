package sync

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
)

// newTenant begins with an empty tenant in place of one that is still to be
// created. Its name is that of the files; its prefix is the server's choice.
func (r *reading) newTenant() error {
	want := r.desired
	if want.Name != r.options.Create {
		return &Guard{Message: placed(want.Place, "the files are for tenant %q, and --create-tenant names %q", want.Name, r.options.Create),
			Hint: "nothing was written; repeat the name of the tenant: line"}
	}
	r.live = schema.NewLive(0, want.Name, "")
	r.live.New = true
	if want.Prefix != "" {
		r.problem(want.Place, fmt.Sprintf("write tenant: %s; once the tenant is there, put in the prefix that apply prints", want.Name),
			"no tenant has prefix %q, and that of a new one is the server's choice", want.Prefix)
	}
	own := want.Object((&schema.Object{Kind: r.root}).Address())
	if own == nil || own.Absent {
		r.problem(want.Place, "state "+strings.Join(requiredAtAdmin(r.root), ", "), "to create the tenant, %s: has to be declared", r.root.YAML())
		return nil
	}
	name := r.root.Field(r.root.Tenant.Name)
	if v, stated := own.Values[name.Name]; stated && v != want.Name {
		r.problem(own.PlaceOf(name.Name), "make them equal, or delete the line", "%s is %v, and the tenant: line says %q", name.Name, v, want.Name)
	}
	own.Values[name.Name] = want.Name
	return nil
}

// placed is a message that begins with the place it is about, where that is known:
// a saved plan has none for the tenant itself.
func placed(at schema.Place, message string, args ...any) string {
	message = fmt.Sprintf(message, args...)
	if at.File == "" {
		return message
	}
	return at.String() + ": " + message
}

func (r *reading) problem(at schema.Place, hint, message string, args ...any) {
	r.problems = append(r.problems, schema.Problem{Place: at, Message: fmt.Sprintf(message, args...), Hint: hint})
}

// requiredAtAdmin returns what files have to state so that a tenant can be created.
func requiredAtAdmin(root *schema.Kind) []string {
	var names []string
	for _, f := range root.Fields {
		if f.Required && f.API != root.Tenant.Name {
			names = append(names, f.Name)
		}
	}
	return names
}

// howToCreate says how the tenant of the files can be made where that is what was
// looked for.
func (r *reading) howToCreate(value string) string {
	name := cmp.Or(r.desired.Name, "NAME")
	switch {
	case value == r.desired.Prefix:
		return fmt.Sprintf("; to create it, write tenant: %s and use --create-tenant %s", name, name)
	case value == r.desired.Name:
		return fmt.Sprintf("; to create it, use --create-tenant %s", name)
	}
	return ""
}

// createTenant is the call that makes the tenant itself. What the tenant's own
// item alone takes follows with a call of its own.
func (b *builder) createTenant(ch *diff.Change) *node {
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
	b.tenant = b.add(&node{Step: Step{Method: http.MethodPost, Path: o.Kind.Admin.Collection, Body: body, makes: o}})
	if len(own) > 0 {
		second := b.updateItem(ch, own)
		second.changes, second.Changes, second.Why = []*diff.Change{ch}, []string{ch.Address()}, "what only the tenant's own settings take"
	}
	return b.tenant
}

// tenantFirst lets everything wait for the tenant that it belongs to.
func (b *builder) tenantFirst() {
	for _, n := range b.nodes {
		n.wait(b.tenant, edge{})
	}
}

// learnTenant takes the id and the prefix of a new tenant from the answer.
func (r *run) learnTenant(id int64, path string, row map[string]any, o *schema.Object) error {
	t := o.Kind.Tenant
	name, prefix := textOf(row[t.Name]), textOf(row[t.Prefix])
	if name != r.tenant.Name || prefix == "" {
		return &lost{fmt.Sprintf("POST %s: tenant %q was sent and the server made %q with prefix %q", path, r.tenant.Name, name, prefix), true}
	}
	r.tenant = TenantID{id, name, prefix}
	r.summary.Created = &r.tenant
	return nil
}
