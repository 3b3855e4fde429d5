package observe

import (
	"context"
	"fmt"
	"net/http"

	"pbxsync/schema"
	"pbxsync/sync/call"
)

// administrator reads what only an administrator sees of the tenant, where the
// files state some of it. That a tenant's credentials may not is known by the
// answer, and each field is named before anything is written.
func (r *reading) administrator(ctx context.Context, own *schema.Object) error {
	wanted := r.desired.Object((&schema.Object{Kind: r.root}).Address())
	stated := adminFields(wanted)
	leaves := wanted != nil && wanted.Absent
	if len(stated) == 0 && !leaves {
		return nil
	}
	path, err := r.path(r.root.AdminPath(), nil)
	if err != nil {
		return err
	}
	v, err := r.api.Get(ctx, path)
	r.count(func(c *Calls) { c.Items++ })
	if status := call.Status(err); status == http.StatusForbidden || status == http.StatusNotFound {
		own := fmt.Sprintf("and these credentials are the tenant's own (GET %s: %d)", path, status)
		const hint = "use an administrator's credentials, or delete the line"
		for _, name := range stated {
			r.problem(wanted.PlaceOf(name), hint, "only an administrator may set %s, %s", name, own)
		}
		if leaves {
			r.problem(wanted.Place, hint, "only an administrator may delete the tenant, %s", own)
		}
		return nil
	}
	if err != nil {
		return err
	}
	row, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("GET %s: the server sent no object; is this the PBX's API?", path)
	}
	r.live.See(own, row)
	return nil
}

// adminFields returns the fields of an object that only an administrator may set.
func adminFields(o *schema.Object) []string {
	var names []string
	if o == nil {
		return nil
	}
	for _, f := range o.Kind.Fields {
		if _, ok := o.Values[f.Name]; ok && f.NeedsAdmin() {
			names = append(names, f.Name)
		}
	}
	return names
}

// asAdministrator reads what only an administrator sees of the tenant, where the tenant
// was named: credentials that have to name one may be those of an administrator.
func (w *importing) asAdministrator(ctx context.Context, own *schema.Object) error {
	if sel := w.options.Tenant; sel == Me || sel == "" || !w.root.Admin.Has(schema.Read) {
		return nil
	}
	path, err := w.path(w.root.AdminPath(), nil)
	if err != nil {
		return err
	}
	v, err := w.api.Get(ctx, path)
	w.count(func(c *Calls) { c.Items++ })
	if err != nil && call.Unreadable(err) {
		w.record.refuse(path, err)
		return nil
	} else if err != nil {
		return err
	}
	row, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("GET %s: the server sent no object; is this the PBX's API?", path)
	}
	w.record.keepItem(w.root, path, row)
	w.live.See(own, row)
	return nil
}
