package diff

import (
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

// This file says what to do with ids that come from another tenant, so that one round of
// mending is enough, also where several objects there have one name.

// stranger is a declared object whose id this tenant does not have.
type stranger struct {
	object *schema.Object
	none   string
}

// elsewhere reports ids of another tenant.
func (m *matching) elsewhere(strangers []stranger) schema.Problems {
	if len(strangers) == 0 {
		return nil
	}
	alike := map[string][]*schema.Object{} // what a tenant would know under one name
	for _, o := range m.desired.Objects {
		if !o.Absent {
			alike[nameInTenant(o)] = append(alike[nameInTenant(o)], o)
		}
	}
	var problems schema.Problems
	for _, s := range strangers {
		o := s.object
		problems = append(problems, schema.Problem{Place: o.PlaceOf(reserved.ID), Address: o.Address(), Message: s.none, Asked: true,
			Hint: "ids hold only in the tenant that they came from; " + m.wayIn(o, alike[nameInTenant(o)])})
	}
	return problems
}

// wayIn says what to write for an object that this tenant knows by another id, or not yet.
func (m *matching) wayIn(o *schema.Object, alike []*schema.Object) string {
	here := m.IDsNamed(o)
	made := fmt.Sprintf("delete id: and %s: to have the object made as %q", o.Kind.Key[0].Field.Name, o.Key)
	twice := o.Kind.Form == schema.FormList && alike[0] != o
	handle := o.Kind.Keyed() && o.Name != ""
	switch {
	case len(here) == 1 && len(alike) == 1:
		return fmt.Sprintf("delete id:, or write %d, which it has here", here[0])
	case len(here) > 0:
		way := fmt.Sprintf("write the one that it has here (%s)", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(here)), ", "), "[]"))
		if handle {
			way += ", or " + made
		}
		return way
	case twice:
		return fmt.Sprintf("delete the whole item, since %s says the same", alike[0].Place)
	case handle && len(alike) > 1:
		return made
	}
	return "delete id: to have the object made"
}
