package diff

import (
	"fmt"
	"slices"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
	"pbxsync/schema/wording"
)

// matchRenamed gives live objects that go by an old name the key of the object
// that names it. Where names move on in a chain, the last one decides first.
func (m *matching) matchRenamed() schema.Problems {
	var open []*schema.Object
	for _, o := range m.desired.Objects {
		if len(o.Previously) > 0 && o.ID == 0 {
			open = append(open, o)
		}
	}
	if len(open) == 0 {
		return nil
	}
	for again := true; again; {
		again = false
		open = slices.DeleteFunc(open, func(o *schema.Object) bool {
			if len(m.free(o, o.NaturalKey(), m.taken)) > 0 {
				return false // there already, unless its name moves on
			}
			old := m.olds(o)
			if len(old) != 1 {
				return false
			}
			m.taken[old[0]], again = true, true
			old[0].Rename(o.Key)
			return true
		})
	}
	return m.doubted(open)
}

// doubted finds objects of which it cannot be said what they were called.
func (m *matching) doubted(open []*schema.Object) schema.Problems {
	declared := map[string]bool{}
	for _, o := range m.desired.Objects {
		declared[nameInTenant(o)] = true
	}
	var problems schema.Problems
	for _, o := range open {
		own := len(m.free(o, o.NaturalKey(), m.taken)) > 0
		old := slices.DeleteFunc(m.olds(o), func(x *schema.Object) bool { return own && declared[nameInTenant(x)] })
		p := schema.Problem{Place: o.PlaceOf(reserved.Previously), Address: o.Address(), Asked: true, Hint: "rename or delete one of them in the tenant, or delete the line"}
		switch {
		case len(old) == 0:
			continue
		case own:
			p.Message = fmt.Sprintf("was called %q before, and both are in the tenant (id %s)", old[0].NaturalKey(), ids(old))
			p.Hint = "delete the line, and declare the other one (absent: true where it is to go)"
		default:
			p.Message = fmt.Sprintf("%d objects in the tenant have a name that it had before (ids %s)", len(old), ids(old))
			p = m.doubt(o, old, p)
		}
		problems = append(problems, p)
	}
	return problems
}

// olds returns the live objects that have one of the names that o had before.
func (m *matching) olds(o *schema.Object) []*schema.Object {
	var out []*schema.Object
	for _, key := range o.Previously {
		out = append(out, m.free(o, key, m.taken)...)
	}
	return out
}

// free returns the live objects of o's kind with a name that no other object has
// taken.
func (l *Live) free(o *schema.Object, name string, taken map[*schema.Object]bool) []*schema.Object {
	var out []*schema.Object
	for _, c := range l.byKey[schema.AddressOf(o.Parent, o.Kind, name)] {
		if !taken[c] && c.ReplacedBy == nil {
			out = append(out, c)
		}
	}
	return out
}

// renameHint is the way out where an id leads to an object of another name.
func renameHint(o, live *schema.Object) string {
	const elsewhere = "; where the id comes from another tenant, delete id:"
	if o.Kind.Renamable() {
		return fmt.Sprintf("to rename it write %s: [%q]", reserved.Previously, live.NaturalKey()) + elsewhere
	}
	return "write the name that it has; the API cannot rename " + wording.Article(o.Kind.Word) + " " + o.Kind.Word + elsewhere
}
