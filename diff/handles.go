package diff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pbxsync/schema"
)

// Handles gives live objects that share a key one of their own, as files have it:
// the oldest keeps the name, the others are called name-2, name-3 and so on. What
// files cannot declare keeps its id in its address.
func (l *Live) Handles() {
	l.Match(&schema.Tenant{})
	for _, group := range l.doubles() {
		if k := group[0].Kind; k.Form != schema.FormMap || k.Value != "" || !k.Managed() {
			continue
		}
		for i, o := range group {
			l.Rekey(o, l.freeKey(o, i+1))
		}
	}
}

// freeKey returns the first key that no other object than this one has.
func (l *Live) freeKey(o *schema.Object, from int) string {
	for n := from; ; n++ {
		key := o.NaturalKey()
		if n > 1 {
			key = fmt.Sprintf("%s-%d", o.NaturalKey(), n)
		}
		a := schema.AddressOf(o.Parent, o.Kind, key)
		other := l.Object(a)
		taken := other != nil && other != o || n > 1 && len(l.byKey[a]) > 0
		if !taken {
			return key
		}
	}
}

// doubles returns the own objects that share a key, oldest first.
func (l *Live) doubles() [][]*schema.Object {
	var out [][]*schema.Object
	for _, a := range slices.Sorted(maps.Keys(l.byKey)) {
		if group := l.byKey[a]; len(group) > 1 {
			group = slices.Clone(group)
			slices.SortFunc(group, func(a, b *schema.Object) int { return cmp.Compare(a.ID, b.ID) })
			out = append(out, group)
		}
	}
	return out
}
