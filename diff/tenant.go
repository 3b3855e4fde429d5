package diff

import (
	"errors"
	"fmt"

	"pbxsync/schema"
)

// This file is about the object that is the tenant itself: an administrator makes it, and sees
// more of it.

// TenantOf reads what tells a tenant from others. A name or prefix of another form is no other
// tenant, and none that is not there.
func TenantOf(root *schema.Kind, row map[string]any) (id int64, name, prefix string, err error) {
	t := root.Tenant
	id, ok := WholeID(row[t.ID])
	switch {
	case row[t.ID] == nil:
		return 0, "", "", errors.New("the tenant has no id")
	case !ok:
		return 0, "", "", wrong(row, t.ID, row[t.ID], "a whole number above zero was expected")
	}
	for _, f := range []string{t.Name, t.Prefix} {
		if !keyable(row[f]) {
			return 0, "", "", wrong(row, f, row[f], "a text was expected")
		}
	}
	return id, textOf(row[t.Name]), textOf(row[t.Prefix]), nil
}

// textOf is a keyable value as a text, null as none.
func textOf(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// See takes the administrator's answer about the tenant into its live object.
func (l *Live) See(o *schema.Object, row map[string]any) {
	o.Seen = true
	for _, f := range o.Kind.Fields {
		if v, shown := row[f.Answer]; shown && f.AtAdmin() && !f.ReadOnly {
			o.Values[f.Name] = f.Live(v, l.Prefix)
		}
	}
}

// makesTenant reports whether a declared object is made with the tenant.
func makesTenant(o *schema.Object) bool { return o.Kind.Admin.Has(schema.Create) }

// missing says why an object is created.
func missing(o *schema.Object) string {
	if makesTenant(o) {
		return "the tenant is not there"
	}
	return "not in the tenant"
}
