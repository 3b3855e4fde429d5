package diff

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Match gives each live object the key by which the files know it. What it
// cannot tell apart is a problem that lists the ids.
func (l *Live) Match(desired *schema.Tenant) schema.Problems {
	l.vague = map[*schema.Object]bool{}
	m := &matching{Live: l, desired: desired, taken: map[*schema.Object]bool{}}
	problems, strangers := m.matchIDs()
	problems = append(problems, m.matchRenamed()...)
	for _, o := range desired.Objects {
		if o.ID == 0 {
			problems = append(problems, m.matchKey(o)...)
		}
	}
	for _, o := range desired.Objects {
		m.matchMade(o)
	}
	m.index()
	return append(problems, m.elsewhere(append(strangers, m.orphans()...))...)
}

// matching is the objects of the files on their way to the live ones that they mean.
type matching struct {
	*Live
	desired *schema.Tenant
	taken   map[*schema.Object]bool // live objects that are matched
}

// matchIDs matches what says which live object it means by its id.
func (m *matching) matchIDs() (problems schema.Problems, strangers []stranger) {
	for _, o := range m.desired.Objects {
		if o.ID == 0 {
			continue
		}
		live, none := m.pointed(o)
		if none != "" {
			strangers = append(strangers, stranger{o, none})
		}
		if live == nil {
			continue
		}
		if live.NaturalKey() != o.NaturalKey() && !slices.Contains(o.Previously, live.NaturalKey()) && m.Made[o.Address()] != (Made{live.ID, live.NaturalKey()}) {
			problems = append(problems, m.doubt(o, []*schema.Object{live}, schema.Problem{Place: o.PlaceOf("id"), Message: fmt.Sprintf("id %d is called %q in the tenant, %q in the files", o.ID, live.NaturalKey(), o.NaturalKey()),
				Hint: renameHint(o, live)}))
			continue
		}
		m.taken[live] = true
		live.Rename(o.Key)
	}
	return problems, strangers
}

// pointed returns the live object that a declared one means by its id. Where there is none
// and the list is here, it says so.
func (m *matching) pointed(o *schema.Object) (*schema.Object, string) {
	at, known, where := collection{kind: o.Kind}, m.Lists[o.Kind], "in this tenant"
	if o.Parent != nil {
		at.parent = m.Object(o.Parent.Address())
		if known, where = m.read[at], "at "+o.Parent.Address(); at.parent == nil {
			return nil, "" // see orphans
		}
	}
	if live := m.byID[idKey{at, o.ID}]; live != nil && !live.Shared {
		return live, ""
	}
	if !known || o.Absent {
		return nil, ""
	}
	return nil, fmt.Sprintf("no %s with id %d %s", o.Kind.Word, o.ID, where)
}

// orphans finds objects with an id whose parent is known to be missing, so that they
// can be in no list.
func (m *matching) orphans() []stranger {
	var found []stranger
	for _, o := range m.desired.Objects {
		if o.ID != 0 && !o.Absent && o.Parent != nil && m.lacks(o.Parent) {
			found = append(found, stranger{o, fmt.Sprintf("%s is still to be made, so no %s has the id %d there", o.Parent.Address(), o.Kind.Word, o.ID)})
		}
	}
	return found
}

// lacks reports whether a declared object is known to be missing.
func (m *matching) lacks(o *schema.Object) bool {
	if m.Object(o.Address()) != nil || m.Vague(o) {
		return false
	}
	if o.Parent == nil {
		return m.Lists[o.Kind]
	}
	parent := m.Object(o.Parent.Address())
	return parent == nil && m.lacks(o.Parent) || parent != nil && m.read[collection{o.Kind, parent}]
}

func (m *matching) matchKey(o *schema.Object) schema.Problems {
	var free []*schema.Object
	for _, c := range m.byKey[nameInTenant(o)] {
		if !m.taken[c] && c.ReplacedBy == nil {
			free = append(free, c)
		}
	}
	switch len(free) {
	case 0:
		return nil
	case 1:
		m.taken[free[0]] = true
		free[0].Rename(o.Key)
		return nil
	}
	return schema.Problems{m.doubt(o, free, schema.Problem{Place: o.Place, Message: fmt.Sprintf("%d objects in the tenant have this key (ids %s)", len(free), ids(free)),
		Hint: fmt.Sprintf("say which with id: %d, or rename the others there%s", free[0].ID, spareHint(o, free))})}
}

func ids(objects []*schema.Object) string {
	var list []string
	for _, o := range objects {
		list = append(list, fmt.Sprint(o.ID))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// index makes the addresses of all objects differ: what has no key of its own
// in the files and shares its name goes by its id too.
func (m *matching) index() {
	for _, o := range m.Objects {
		if !o.Shared && !m.taken[o] && o.ID != 0 && len(m.byKey[o.Address()]) > 1 {
			o.GoByID()
		}
	}
	m.Index()
}

// matchMade matches a declared object that no live one is named after with the one that
// was made for it.
func (m *matching) matchMade(o *schema.Object) {
	made, known := m.Made[o.Address()]
	if !known || o.ID != 0 || len(m.byKey[nameInTenant(o)]) > 0 {
		return
	}
	at := collection{kind: o.Kind}
	if o.Parent != nil {
		at.parent = m.Object(o.Parent.Address())
	}
	if live := m.byID[idKey{at, made.ID}]; live != nil && live.NaturalKey() == made.Key && !m.taken[live] && !live.Shared {
		m.taken[live] = true
		live.Rename(o.Key)
	}
}

// doubt is the problem of a declared object that may be any of some live ones. None of them
// is compared: what would come of that is a guess. Only what writes needs the answer.
func (l *Live) doubt(o *schema.Object, candidates []*schema.Object, p schema.Problem) schema.Problem {
	l.vague[o] = true
	for _, live := range candidates {
		l.vague[live] = true
	}
	p.Address, p.Asked = o.Address(), true
	return p
}

// Vague reports whether it has to be said first which object, declared or live, this one or
// what it is below is.
func (l *Live) Vague(o *schema.Object) bool {
	return o != nil && (l.vague[o] || l.Vague(o.Parent))
}
