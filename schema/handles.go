package schema

import (
	"cmp"
	"fmt"
	"slices"
)

// Handles gives live objects that share a key one of their own, as files have it:
// the oldest keeps the name, the others are called name-2, name-3 and so on. What
// files cannot declare keeps its id in its address.
func (l *Live) Handles() {
	l.Match(&Tenant{})
	for _, group := range l.doubles() {
		if k := group[0].Kind; k.Form != FormMap || k.Value != "" || !k.Managed() {
			continue
		}
		for i, o := range group {
			delete(l.byAddress, o.Address())
			o.Rename(l.freeKey(o, i+1))
			l.byAddress[o.Address()] = o
		}
	}
}

// freeKey returns the first key that no other object has.
func (l *Live) freeKey(o *Object, from int) string {
	for n := from; ; n++ {
		key := o.NaturalKey()
		if n > 1 {
			key = fmt.Sprintf("%s-%d", o.NaturalKey(), n)
		}
		a := AddressOf(o.Parent, o.Kind, key)
		taken := l.byAddress[a] != nil || n > 1 && len(l.byKey[a]) > 0
		if !taken {
			return key
		}
	}
}

// doubles returns the own objects that share a key, oldest first.
func (l *Live) doubles() [][]*Object {
	var out [][]*Object
	for _, a := range sortedKeys(l.byKey) {
		if group := l.byKey[a]; len(group) > 1 {
			group = slices.Clone(group)
			slices.SortFunc(group, func(a, b *Object) int { return cmp.Compare(a.ID, b.ID) })
			out = append(out, group)
		}
	}
	return out
}
