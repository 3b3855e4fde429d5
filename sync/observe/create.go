package observe

import (
	"cmp"
	"fmt"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// newTenant begins with an empty tenant in place of one that is still to be
// created. Its name is that of the files; its prefix is the server's choice.
func (r *finding) newTenant() error {
	want := r.desired
	if want.Name != r.options.Create {
		return &plan.Guard{ID: "create-tenant", Flag: "--create-tenant", Values: []string{want.Name}, Message: plan.Placed(want.Place, "the files are for tenant %q, and --create-tenant names %q", want.Name, r.options.Create),
			Hint: "nothing was written; repeat the name of the tenant: line"}
	}
	r.live = diff.NewLive(0, want.Name, "")
	r.live.New = true
	if want.Prefix != "" {
		r.problem(want.Place, fmt.Sprintf("write tenant: %s; once the tenant is there, put in the prefix that apply prints", want.Name),
			"no tenant has prefix %q, and that of a new one is the server's choice", want.Prefix)
	}
	own := want.Object((&schema.Object{Kind: r.root}).Address())
	if own == nil {
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

func (r *finding) problem(at schema.Place, hint, message string, args ...any) {
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
func (r *finding) howToCreate(value string) string {
	name := cmp.Or(r.desired.Name, "NAME")
	switch {
	case value == r.desired.Prefix:
		return fmt.Sprintf("; to create it, write tenant: %s and use --create-tenant %s", name, name)
	case value == r.desired.Name:
		return fmt.Sprintf("; to create it, use --create-tenant %s", name)
	}
	return ""
}
