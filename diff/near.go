package diff

import (
	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// near keeps what live objects are called, indexed when somebody has to be told what was meant.
type near struct {
	objects int // that there were then
	names   map[nearBy]*wording.Names
}

// nearBy is the objects of a kind: the tenant's own, those that the dealer shares, or the ones that
// files may declare.
type nearBy struct {
	kind *schema.Kind
	whom whom
}

type whom int

const (
	own whom = iota
	dealt
	declarable
)

// called returns what the objects of a kind are called.
func (n *near) called(l *Live, k *schema.Kind, w whom) *wording.Names {
	if n.objects != len(l.Objects) || n.names == nil {
		*n = near{len(l.Objects), map[nearBy]*wording.Names{}}
	}
	by := nearBy{k, w}
	if n.names[by] == nil {
		n.names[by] = wording.NamesOf(keys(l, k, w))
	}
	return n.names[by]
}

func keys(l *Live, k *schema.Kind, w whom) []string {
	var keys []string
	for _, o := range l.Objects {
		switch {
		case o.Kind != k:
		case w == declarable && !o.Shared:
			keys = append(keys, o.Key)
		case w == own && len(l.byKey[nameInTenant(o)]) > 0, w == dealt && len(l.dealt[nameInTenant(o)]) > 0:
			keys = append(keys, o.NaturalKey())
		}
	}
	return keys
}

// Nearest returns the key of the live object that the files probably mean and do
// not declare, or "".
func (l *Live) Nearest(o *schema.Object) string {
	return l.near.called(l, o.Kind, declarable).Nearest(o.Key)
}
