package sync

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// replace makes the two nodes of a replace, and returns the one that makes the
// new object.
func (b *builder) replace(ch *diff.Change) *node {
	if n := b.delete(ch); n != nil {
		n.Deletes, n.Why = named(ch.Live), "replaced by "+ch.Address()
		if ch.Live.InPlace() {
			n.Why = "made anew"
		}
		b.serve(n, ch)
	}
	return b.create(ch)
}

// endLate puts sorted nodes in another order that their edges allow, where there
// is a replace: what takes something away comes as late as it can, and what gives
// it back at once, so that numbers are dead for as few calls as possible.
func (b *builder) endLate(sorted []*node) []*node {
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
func (b *builder) replacedInTurn(n *node, ch *diff.Change) {
	if ch.Action != diff.Replace {
		return
	}
	if old := b.ends[ch.Live]; ch.Desired.Collides(ch.Live) {
		n.wait(old, edge{})
	} else {
		old.wait(n, edge{wish: true})
	}
}

// named returns the address by which people know a live object, also where
// another takes its place under the same name.
func named(o *schema.Object) string {
	if o.InPlace() {
		return o.Heir.Address()
	}
	return o.Address()
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
func (b *builder) missing(f *schema.Field, v any) bool {
	key, ok := v.(string)
	if !ok || f.Ref == nil {
		return false
	}
	o := b.desired.Find(f.Ref, key)
	return o != nil && o.Awaited && b.live.Find(f.Ref, key) == nil
}

// protected refuses to delete or replace what a line of the files protects.
func (r *reading) protected(s *State, leaving map[*schema.Object]bool) {
	used := map[schema.Protection]bool{}
	refuse := func(o *schema.Object) {
		p := s.Desired.ProtectionOf(o)
		if p == nil {
			return
		}
		s.Guards = append(s.Guards, &Guard{Message: fmt.Sprintf("%s is protected (%s), and this plan %s", named(o), p.Place, fate(leaving, o)),
			Hint: "leave it as it is, or take the protection away in a change of its own"})
		if !used[*p] {
			used[*p] = true
			s.Protected = append(s.Protected, *p)
		}
	}
	for _, o := range r.live.Objects {
		if o.Shared || !goes(leaving, o) {
			continue
		}
		if o.Parent != nil && goes(leaving, o.Parent) && s.Desired.ProtectionOf(o.Parent) != nil {
			continue // said of the parent
		}
		refuse(o)
		for _, k := range o.Kind.Children { // those that no call has looked at
			if k.Born() && o.Misfit(k) == "" && !r.has(k, o) && s.Desired.ProtectionOf(o) == nil {
				refuse(&schema.Object{Kind: k, Parent: o})
			}
		}
	}
	slices.SortFunc(s.Protected, func(a, b schema.Protection) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column), cmp.Compare(a.Pattern, b.Pattern))
	})
}

// fate says what happens to an object that goes.
func fate(leaving map[*schema.Object]bool, o *schema.Object) string {
	for top := o; top != nil; top = top.Parent {
		switch {
		case !leaving[top]:
		case top != o && top.Heir != nil:
			return fmt.Sprintf("replaces %s, with which it goes", named(top))
		case top != o:
			return fmt.Sprintf("deletes %s, with which it goes", named(top))
		case top.Heir != nil:
			return "replaces it"
		}
	}
	return "deletes it"
}

// Silence is a number, or what else rings, that rings nowhere for some calls.
type Silence struct {
	Address string `json:"address"`
	Key     string `json:"key"`
	Calls   int    `json:"calls"`
}

// String says it in words.
func (s Silence) String() string {
	if s.Calls == 1 {
		return s.Key + " rings nowhere during 1 call"
	}
	return fmt.Sprintf("%s rings nowhere during %d calls", s.Key, s.Calls)
}

// silence counts, for each object that is replaced, how long what rings it rings
// nowhere.
func (b *builder) silence(p *Plan) {
	at := map[string]int{} // address -> its change in the plan
	for i, c := range p.Changes {
		if c.Action == diff.Replace {
			at[c.Address] = i
		}
	}
	if len(at) == 0 {
		return
	}
	for _, o := range b.live.Objects {
		for _, f := range o.Kind.Fields {
			if !f.Rings {
				continue
			}
			target := b.live.Target(f, o.Values[f.Name])
			if target == nil || target.Heir == nil {
				continue
			}
			i, ok := at[target.Heir.Address()]
			if calls := b.dead(o, f); ok && calls > 0 {
				p.Changes[i].Silent = append(p.Changes[i].Silent, Silence{named(o), o.NaturalKey(), calls})
			}
		}
	}
	for i := range p.Changes {
		slices.SortFunc(p.Changes[i].Silent, func(a, b Silence) int { return cmp.Compare(a.Address, b.Address) })
	}
}

// dead returns the number of calls between the one that takes a reference away and
// the one that gives another.
func (b *builder) dead(o *schema.Object, f *schema.Field) int {
	to := b.by[o.Address()]
	if o.Heir != nil {
		to = b.by[o.Heir.Address()]
	}
	if to == nil || to.Method == http.MethodDelete {
		return 0
	}
	from := b.ends[o]
	for _, n := range b.clears[b.changeOf(to, f)] {
		if _, ok := n.Body[f.API]; ok {
			from = n
		}
	}
	if from == nil {
		return 0
	}
	return to.Number - from.Number
}
