package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema/natural"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

// From how many changes that are alike one stands for all, from how many new objects of a kind,
// and from how many that touch the same fields, each in its own way.
const (
	foldAlike   = 3
	foldNew     = 4
	foldSimilar = 12
	// Of a plan with more changes than fill a screen two new objects of a kind are told in one go.
	screen        = 30
	foldNewOfMany = 2
)

// Group is changes that can be told in one go: one, or some that are alike.
type Group struct {
	Action  diff.Action
	Kind    string
	Class   risk.Class // the worst risk, "" for none
	Changes []*Change
	Parts   map[string][]*Change // what is new with its parent, by the address of that
	Alike   bool                 // all change the same fields from and to the same values
}

// Groups returns the changes, the worst first. Those that are alike are folded together, unless
// all are wanted one by one.
func (r *Report) Groups(all bool) []*Group {
	f := folding{parts: map[string][]*Change{}}
	var list []*Change
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Within != "" {
			f.parts[c.Within] = append(f.parts[c.Within], c)
		} else {
			list = append(list, c)
		}
	}
	var alike, similar []*Group
	if many := len(list) > screen; !all {
		alike, list = f.by(list, f.alike, func(c *Change) int {
			switch {
			case c.Action != diff.Create:
				return foldAlike
			case many:
				return foldNewOfMany
			}
			return foldNew
		})
		similar, list = f.by(list, (*Change).similar, func(*Change) int { return foldSimilar })
	}
	for _, g := range alike {
		g.Alike = g.Action != diff.Create
	}
	single, _ := f.by(list, func(c *Change) string { return c.Address + "\x00" + string(c.Action) }, func(*Change) int { return 1 })
	groups := slices.Concat(alike, similar, single)
	slices.SortStableFunc(groups, worse)
	return groups
}

// folding puts changes together.
type folding struct {
	parts map[string][]*Change // what is new with its parent, by the address of that
}

// by groups changes by a key. Those of which there are too few are loose.
func (f *folding) by(list []*Change, key func(*Change) string, least func(*Change) int) (groups []*Group, loose []*Change) {
	found := map[string][]*Change{}
	for _, c := range list {
		k := key(c)
		found[k] = append(found[k], c)
	}
	for _, c := range list {
		switch same := found[key(c)]; {
		case len(same) < least(c):
			loose = append(loose, c)
		case same[0] == c:
			groups = append(groups, &Group{Action: c.Action, Kind: c.Kind, Class: f.worst(c), Changes: same, Parts: f.parts})
		}
	}
	return groups, loose
}

// worst is the worst risk of a change and of what is new with it.
func (f *folding) worst(c *Change) risk.Class {
	for _, class := range risk.Classes() {
		if slices.Contains(c.Risks, class) || slices.ContainsFunc(f.parts[c.Address], func(p *Change) bool { return slices.Contains(p.Risks, class) }) {
			return class
		}
	}
	return ""
}

// alike is the same for changes that say the same of their objects.
func (f *folding) alike(c *Change) string {
	if c.Action == diff.Create {
		return strings.Join([]string{string(c.Action), c.Kind, string(f.worst(c))}, "\x00")
	}
	parts := []string{string(c.Action), c.Kind, Classes(c.Risks)}
	parts = append(parts, c.Reason, c.Loses, c.Follows, wording.Value(plainTexts(c.Secrets)), wording.Value(c.Once))
	for _, f := range c.Fields {
		parts = append(parts, f.Name, wording.Value(f.Before), f.BeforeName, wording.Value(f.After))
	}
	if c.Replaces != "" || len(c.Silent) > 0 || c.Action == diff.Rename {
		parts = append(parts, c.Address) // it is like no other
	}
	return strings.Join(parts, "\x00")
}

func plainTexts(m map[string]string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// similar is the same for changes of the same fields.
func (c *Change) similar() string {
	parts := []string{string(c.Action), c.Kind, Classes(c.Risks)}
	for _, f := range c.Fields {
		parts = append(parts, f.Name)
	}
	if c.Action != diff.Update && c.Action != WasChanged || len(c.Secrets) > 0 || len(c.Silent) > 0 || len(c.Fields) == 0 {
		parts = append(parts, c.Address)
	}
	return strings.Join(parts, "\x00")
}

var urgency = map[diff.Action]int{diff.Delete: 0, diff.Replace: 1, diff.Update: 2, diff.Rename: 3, diff.Create: 4,
	wasDeleted: 0, appeared: 1, WasChanged: 2, wasRenamed: 3, pending: 5}

// worse orders groups: by risk, then what is taken away before what is added.
func worse(a, b *Group) int {
	return cmp.Or(cmp.Compare(rank(a.Class), rank(b.Class)), cmp.Compare(urgency[a.Action], urgency[b.Action]), natural.Compare(a.Changes[0].Address, b.Changes[0].Address))
}

func rank(class risk.Class) int {
	if i := slices.Index(risk.Classes(), class); i >= 0 {
		return i
	}
	return len(risk.Classes())
}

// Classes lists classes of risk.
func Classes(list []risk.Class) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = string(c)
	}
	return strings.Join(parts, ", ")
}

// Counted says how many objects of how many are meant, as 216 of 300 extensions.
func (r *Report) Counted(g *Group) string {
	n := len(g.Changes)
	if all := objectsOf(r, g.Kind); g.Action == diff.Update && all > n {
		return fmt.Sprintf("%s of %s", wording.Thousands(n), Plural(g.Kind, all))
	}
	return Plural(g.Kind, n)
}

// objectsOf counts the objects of a kind that the files declare: of all kinds at once, since
// each group asks.
func objectsOf(r *Report, kind string) int {
	if r.perKind == nil {
		r.perKind = map[string]int{}
		for _, a := range r.Objects {
			r.perKind[kindOf(a)]++
		}
	}
	return r.perKind[kind]
}
