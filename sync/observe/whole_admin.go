package observe

import (
	"context"
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync/call"
)

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
