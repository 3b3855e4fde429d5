package plan

import (
	"fmt"
	"net/http"

	"pbxsync/diff"
	"pbxsync/schema"
)

// edges finds out what has to wait for what. Nobody keeps a list of kinds:
// parents, references and unique values decide.
func (b *ordering) edges() {
	releases := b.releases()
	for _, n := range b.nodes {
		for _, ch := range n.changes {
			if n.Method == http.MethodDelete {
				continue
			}
			b.parentFirst(n, ch)
			b.targetsFirst(n, ch)
			b.claimsAfter(n, ch, releases)
			b.replacedInTurn(n, ch)
		}
	}
	b.letGoFirst()
	b.itemsInTurn()
	b.tenantFirst()
	b.bundlesFirst()
}

func (b *ordering) parentFirst(n *node, ch *diff.Change) {
	for p := ch.Object().Parent; p != nil; p = p.Parent { // the nearest may come into being with its own
		if m := b.by[p.Address()]; m != nil && m.brings() {
			n.wait(m, edge{})
			return
		}
	}
}

// brings reports whether there is an object after the step that was not there before.
func (n *node) brings() bool { return n.Method == http.MethodPost && !n.content }

// targetsFirst makes what a change refers to come before it.
func (b *ordering) targetsFirst(n *node, ch *diff.Change) {
	for _, fc := range ch.Fields {
		f := ch.Desired.Kind.Field(fc.Name)
		if !n.carries(f) {
			continue
		}
		f.EachRef(fc.New, func(sub *schema.Field, v any) {
			m := b.due(sub, v)
			e := edge{preferred: sub.OrText}
			if !sub.OrText && ch.Makes() && !f.Required && f.InUpdate() {
				e.soft = []*schema.Field{f}
			}
			if m != nil && m == n && !sub.OrText {
				b.selfish = append(b.selfish, selfReference{n, e})
			}
			n.wait(m, e)
		})
		if f.Refers {
			continue
		}
		for _, target := range b.desired.Targets(f, fc.New) { // what belongs together
			if m := b.by[target.Address()]; m != nil && m.brings() {
				n.wait(m, edge{})
			}
		}
	}
}

// due returns the node that has to come before what refers to something: it makes that, or
// gives it the name by which it is referred to. Nil if there is none.
func (b *ordering) due(f *schema.Field, v any) *node {
	target := b.desired.Find(f.Ref, schema.RefOf(v).Key)
	if target == nil {
		return nil
	}
	m := b.by[target.Address()]
	if m == nil || !m.brings() && (f.RefBy == "" || !m.renames()) {
		return nil
	}
	return m
}

// letGoFirst makes each delete come after the changes that take a reference to
// the object away.
func (b *ordering) letGoFirst() {
	for _, n := range b.nodes {
		for _, ch := range n.changes {
			if ch.Live == nil || ch.Action == diff.Replace && n.Method != http.MethodDelete {
				continue
			}
			for _, f := range ch.Live.Kind.Fields {
				if !f.Refers || !ch.Ends() && !(ch.Sets(f) && n.carries(f)) {
					continue
				}
				f.EachRef(ch.Live.Values[f.Name], func(sub *schema.Field, v any) {
					e := edge{preferred: sub.OrText}
					if !sub.OrText && f.Clearable() && f.InUpdate() {
						e.letGo = []*schema.Field{f}
					}
					b.ends[b.live.Target(sub, v)].wait(n, e) // nothing waits where the target stays
				})
			}
		}
	}
	b.goneLetGo()
}

// goneLetGo makes a delete come after those that take a referrer away with its parent.
func (b *ordering) goneLetGo() {
	for _, o := range b.live.Objects {
		if n := b.deletion(o.Parent); n != nil {
			b.targetsAfter(n, o)
		}
	}
}

// targetsAfter makes the deletes of what an object refers to come after a node.
func (b *builder) targetsAfter(n *node, o *schema.Object) {
	for _, f := range o.Kind.Fields {
		f.EachRef(o.Values[f.Name], func(f *schema.Field, v any) {
			b.ends[b.live.Target(f, v)].wait(n, edge{preferred: f.OrText})
		})
	}
}

// deletion returns the node that deletes an object, or a parent of it.
func (b *builder) deletion(o *schema.Object) *node {
	if !diff.Gone(b.leaving, o) {
		return nil
	}
	for ; o != nil; o = o.Parent {
		if n := b.ends[o]; n != nil {
			return n
		}
	}
	return nil
}

// releases returns, by name space and value, the node that gives a value free.
func (b *ordering) releases() map[string]*node {
	out := map[string]*node{}
	for _, n := range b.nodes {
		for _, ch := range n.changes {
			if ch.Live == nil || ch.Action == diff.Replace && n.Method != http.MethodDelete {
				continue
			}
			if ch.Action == diff.Rename || ch.Ends() {
				out[nameClaim(ch.Live)] = n
			}
			for _, f := range ch.Live.Kind.Fields {
				if ch.Ends() || ch.Sets(f) {
					out[claim(f, ch.Live)] = n
				}
			}
		}
	}
	delete(out, "")
	return out
}

// claim stands for a value that only one object may have, "" for any other.
func claim(f *schema.Field, o *schema.Object) string {
	v := o.ValueOf(f)
	if f.Unique == "" || v == nil {
		return ""
	}
	return fmt.Sprintf("%s\x00%v", f.Unique, v)
}

// claimsAfter makes a claim of a unique value come after its release.
func (b *ordering) claimsAfter(n *node, ch *diff.Change, releases map[string]*node) {
	if m := releases[nameClaim(ch.Desired)]; m != nil && (ch.Action == diff.Rename || ch.Makes() && m.renames()) {
		n.wait(m, edge{})
	}
	for _, f := range ch.Desired.Kind.Fields {
		if ch.Makes() || ch.Sets(f) {
			n.wait(releases[claim(f, ch.Desired)], edge{})
		}
	}
}
