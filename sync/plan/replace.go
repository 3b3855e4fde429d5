package plan

import (
	"cmp"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// replace makes the two nodes of a replace, and returns the one that makes the
// new object.
func (b *builder) replace(ch *diff.Change) *node {
	if n := b.delete(ch); n != nil {
		n.Deletes, n.Why = ch.Live.KnownAs(), "replaced by "+ch.Address()
		if ch.Live.InPlace() {
			n.Why = "made again"
		}
		b.serve(n, ch)
	}
	return b.create(ch)
}

// endLate puts sorted nodes in another order that their edges allow, where there
// is a replace: what takes something away comes as late as it can, and what gives
// it back at once, so that numbers are dead for as few calls as possible.
func (b *ordering) endLate(sorted []*node) []*node {
	if !slices.ContainsFunc(sorted, func(n *node) bool { return n.Deletes != "" }) {
		return sorted
	}
	cleared := map[*node]bool{}
	for _, list := range b.clears {
		for _, n := range list {
			cleared[n] = true
		}
	}
	var ready [3][]*node // what takes nothing away, what deletes, what clears
	release := func(n *node) {
		switch {
		case n.Deletes != "":
			ready[1] = append(ready[1], n)
		case cleared[n]:
			ready[2] = append(ready[2], n)
		default:
			ready[0] = append(ready[0], n)
		}
	}
	waiting, after := map[*node]int{}, map[*node][]*node{}
	for _, n := range sorted {
		for m := range n.before {
			after[m] = append(after[m], n)
		}
		if waiting[n] = len(n.before); waiting[n] == 0 {
			release(n)
		}
	}
	out := make([]*node, 0, len(sorted))
	for len(out) < len(sorted) {
		level := slices.IndexFunc(ready[:], func(list []*node) bool { return len(list) > 0 })
		n := ready[level][0]
		ready[level] = ready[level][1:]
		out = append(out, n)
		for _, m := range after[n] {
			if waiting[m]--; waiting[m] == 0 {
				release(m)
			}
		}
	}
	return out
}

// replacedInTurn puts the two calls of a replace in their order: the old object
// goes first where the new one needs its name, else last if nothing forbids it.
func (b *ordering) replacedInTurn(n *node, ch *diff.Change) {
	if ch.Action != diff.Replace {
		return
	}
	if old := b.ends[ch.Live]; diff.Collides(ch.Desired, ch.Live) {
		n.wait(old, edge{})
	} else {
		old.wait(n, edge{preferred: true})
	}
}

// nameClaim stands for the name of an object among its kind.
func nameClaim(o *schema.Object) string { return "\x00" + o.NaturalAddress() }

// renames reports whether the node gives an object another name.
func (n *node) renames() bool {
	return slices.ContainsFunc(n.changes, func(ch *diff.Change) bool { return ch.Action == diff.Rename })
}

// ended returns the address of what a node deletes.
func (n *node) ended() string { return cmp.Or(n.Deletes, n.Changes[0]) }

// missing reports whether a value refers to something awaited that is not there yet.
func (b *bodies) missing(f *schema.Field, v any) bool {
	return slices.ContainsFunc(b.desired.Targets(f, v), func(o *schema.Object) bool { return o.Awaited && b.live.Object(o.Address()) == nil })
}
