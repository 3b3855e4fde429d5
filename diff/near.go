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
func (l *Live) called(k *schema.Kind, w whom) *wording.Names {
	if l.near.objects != len(l.Objects) || l.near.names == nil {
		l.near = near{len(l.Objects), map[nearBy]*wording.Names{}}
	}
	by := nearBy{k, w}
	if l.near.names[by] == nil {
		l.near.names[by] = wording.NamesOf(l.keys(k, w))
	}
	return l.near.names[by]
}

func (l *Live) keys(k *schema.Kind, w whom) []string {
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
func (l *Live) Nearest(o *schema.Object) string { return l.called(o.Kind, declarable).Nearest(o.Key) }
