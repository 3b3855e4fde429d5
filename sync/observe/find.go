package observe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// Selector says which tenant is meant: @me, an id, prefix:P or name:N.
type Selector string

// Me is the tenant of the credentials.
const Me Selector = "@me"

// fetch returns what reads by the options.
func fetch(api call.Reader, o Options) fetching {
	return fetching{api: api, options: o, catalogue: o.Catalogue, root: o.Catalogue.Root(), lists: map[listKey]listing{}}
}

// find reads the tenant itself and checks that it is the one in the files.
func (r *finding) find(ctx context.Context, sel Selector) error {
	path, err := r.tenantPath(ctx, sel)
	if err != nil {
		return err
	}
	var row map[string]any
	if path != "" {
		row, err = r.tenantRow(ctx, path)
	}
	switch own := sel == Me || sel == ""; {
	case own && err == nil:
		path, row, err = r.other(ctx, path, row)
	case own && r.desired.Name+r.desired.Prefix != "" && call.Status(err) != 0 && call.Status(err) != http.StatusUnauthorized:
		// An administrator is no tenant: look for that of the files.
		field, value := r.meant()
		if path, err = r.search(ctx, field, value, err); err != nil {
			return err
		}
		if path != "" {
			row, err = r.tenantRow(ctx, path)
		}
	}
	if r.tenantIsAbsent() && (path == "" || sel != Me && sel != "" && call.Status(err) == http.StatusNotFound) {
		r.gone, r.live = true, diff.NewLive(0, r.desired.Name, r.desired.Prefix)
		return nil
	}
	if err != nil {
		return err
	}
	if path == "" {
		return r.newTenant()
	}
	id, name, prefix, err := diff.TenantOf(r.root, row)
	if err != nil {
		return fmt.Errorf("GET %s: %w; is this the PBX's API?", path, err)
	}
	r.live = diff.NewLive(id, name, prefix)
	r.tenant = row
	return r.checkTenant()
}

// meant returns the field and the value by which the files name their tenant.
func (r *finding) meant() (field, value string) {
	if r.desired.Prefix != "" {
		return r.root.Tenant.Prefix, r.desired.Prefix
	}
	return r.root.Tenant.Name, r.desired.Name
}

// says returns the id of a tenant, and its name or prefix, whichever the field is.
func (r *finding) says(row map[string]any, field string) (id int64, text string, err error) {
	id, name, prefix, err := diff.TenantOf(r.root, row)
	if field == r.root.Tenant.Prefix {
		return id, prefix, err
	}
	return id, name, err
}

// other looks for the tenant of the files where the credentials have one of their own
// that is another: those of an administrator may list it. Where none is found, the own
// one stays, and is refused.
func (r *finding) other(ctx context.Context, path string, row map[string]any) (string, map[string]any, error) {
	field, value := r.meant()
	if _, said, err := r.says(row, field); err != nil || value == "" || said == value {
		return path, row, nil
	}
	found, err := r.search(ctx, field, value, nil)
	if err != nil {
		return path, row, nil
	}
	if found == "" {
		if r.tenantIsAbsent() {
			return path, row, nil
		}
		return "", nil, nil
	}
	theirs, err := r.tenantRow(ctx, found)
	return found, theirs, err
}

func (r *finding) tenantPath(ctx context.Context, sel Selector) (string, error) {
	kind, value, _ := strings.Cut(string(sel), ":")
	switch {
	case sel == "" || sel == Me:
		return r.rootPath(string(Me)), nil
	case kind == "prefix":
		return r.search(ctx, r.root.Tenant.Prefix, value, nil)
	case kind == "name":
		return r.search(ctx, r.root.Tenant.Name, value, nil)
	}
	if id, err := strconv.ParseInt(string(sel), 10, 64); err == nil && id > 0 {
		return r.rootPath(string(sel)), nil
	}
	return "", fmt.Errorf("--tenant %q is no tenant; write an id, @me, prefix:P or name:N", sel)
}

func (r *fetching) rootPath(id string) string {
	return strings.Replace((&schema.Object{Kind: r.root}).ItemPath(), "{"+schema.TenantSymbol+"}", id, 1)
}

// search finds a tenant in the administrator's list. before is the error that led
// here. The path is empty where there is none and one may be created.
func (r *finding) search(ctx context.Context, field, value string, before error) (string, error) {
	path := r.root.Tenant.Search + "?" + field + "=" + url.QueryEscape(value)
	rows, pages, extra, err := r.api.List(ctx, path, schema.Listing{Pages: true})
	if err != nil {
		if before != nil {
			return "", before
		}
		return "", err
	}
	r.count(func(c *Calls) { c.Tenant += pages; c.Extra += extra })
	var ids []string
	for _, row := range rows {
		id, said, err := r.says(row, field)
		if err != nil {
			return "", fmt.Errorf("GET %s: %w; is this the PBX's API?", path, err) // it may be the one that is looked for
		}
		if said == value {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
	}
	switch {
	case len(ids) == 0 && (r.options.Create != "" || r.tenantIsAbsent()):
		return "", nil
	case len(ids) == 0 && r.desired.Place.File != "":
		return "", &plan.Guard{ID: "no-tenant", Message: plan.Placed(r.desired.Place, "these credentials see no tenant with %s %q", field, value),
			Hint: "check the tenant: line, --tenant and the credentials" + r.howToCreate(value)}
	case len(ids) == 0:
		return "", &plan.Guard{ID: "no-tenant", Message: fmt.Sprintf("these credentials see no tenant with %s %q", field, value),
			Hint: "check --tenant and the credentials" + r.howToCreate(value)}
	case len(ids) > 1:
		return "", &plan.Guard{ID: "many-tenants", Flag: "--tenant", Values: ids, Message: fmt.Sprintf("%d tenants have %s %q (ids %s)", len(ids), field, value, strings.Join(ids, ", ")), Hint: "name one with --tenant ID"}
	}
	return r.rootPath(ids[0]), nil
}

func (r *fetching) tenantRow(ctx context.Context, path string) (map[string]any, error) {
	v, err := r.api.Get(ctx, path)
	r.count(func(c *Calls) { c.Tenant++ })
	if err != nil {
		return nil, err
	}
	row, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("GET %s: the server sent no object; is this the PBX's API?", path)
	}
	return row, nil
}

func (r *finding) checkTenant() error {
	want, have := r.desired, r.live
	who := "the files are"
	if want.Place.File == "" {
		who = "the saved plan is"
	}
	switch {
	case want.Prefix != "" && want.Prefix != have.Prefix:
		return &plan.Guard{ID: "other-tenant", Message: plan.Placed(want.Place, "%s for prefix %q, the server's tenant %q has prefix %q", who, want.Prefix, have.Name, have.Prefix),
			Hint: "nothing was written; check the credentials, --tenant and the tenant: line"}
	case want.Prefix == "" && want.Name != have.Name:
		return &plan.Guard{ID: "other-tenant", Message: plan.Placed(want.Place, "%s for tenant %q, the server's tenant is %q (prefix %s)", who, want.Name, have.Name, have.Prefix),
			Hint: "nothing was written; check the credentials, --tenant and the tenant: line"}
	case want.Name != "" && want.Name != have.Name:
		r.problems = append(r.problems, schema.Problem{Place: want.Place, Warning: schema.WarnTenantName,
			Message: fmt.Sprintf("the tenant is called %q on the server, %q in the files", have.Name, want.Name), Hint: "the prefix is right, so it is taken for the same"})
	}
	return nil
}

// Identify reads the tenant itself and nothing else. desired may be nil.
func Identify(ctx context.Context, api call.Reader, desired *schema.Tenant, o Options) (*plan.TenantID, error) {
	check := desired != nil
	if !check {
		desired = &schema.Tenant{}
	}
	r := &finding{fetching: fetch(api, o), desired: desired}
	err := r.find(ctx, o.Tenant)
	if r.live == nil || check && err != nil {
		return nil, err
	}
	return &plan.TenantID{ID: r.live.ID, Name: r.live.Name, Prefix: r.live.Prefix}, nil
}
