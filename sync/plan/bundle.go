package plan

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file is the one place of the behaviour Bundled in this package. Linking makes the
// others like the main object, and later an update of one changes all: so first comes
// who belongs together, then what each of them is.

// IDKeyed is an object in a body whose keys are symbols for ids where they have braces.
type IDKeyed map[string]any

// bundle is what a body has for a bundle.
func (b *bodies) bundle(main *schema.Object, f *schema.Field, v any) (any, bool) {
	if rule := main.Kind.Bundle; rule == nil || rule.Field != f {
		return nil, false
	}
	return b.members(main, v), true
}

// members returns the value of a bundle as a body carries it.
func (b *bodies) members(main *schema.Object, v any) any {
	rule := main.Kind.Bundle
	list, _ := v.(map[string]any)
	if len(list) == 0 {
		return map[string]any{rule.List.API: nil, rule.Main.API: nil}
	}
	ids := IDKeyed{}
	for key, member := range list {
		if o := b.target(rule.Field.Members.Ref, key); o != nil {
			b.name(o)
			ids["{"+o.Symbol()+"}"] = rule.List.Wire(member)
		}
	}
	return IDKeyed{rule.List.API: ids, rule.Main.API: IDOf{main.Parent.Symbol()}}
}

// unlink makes a step of its own where members leave a bundle: together with other
// fields, these could reach the ones that leave.
func (b *builder) unlink(ch *diff.Change) (*node, *schema.Field) {
	o := ch.Desired
	rule := o.Kind.Bundle
	if rule == nil || !ch.Sets(rule.Field) {
		return nil, nil
	}
	was, is := parents(b.desired, b.live, rule, ch)
	for p := range was {
		if !is[p] {
			n := b.add(&node{Step: Step{Method: http.MethodPut, Path: o.ItemPath(), Changes: others(ch),
				Body: map[string]any{rule.Field.API: b.members(o, o.Values[rule.Field.Name])}}})
			if len(ch.Fields) > 1 {
				n.Why = "first who belongs to the bundle, then what its objects are"
				n.changes = append(n.changes, ch)
			}
			b.links[o] = n
			return n, rule.Field
		}
	}
	return nil, nil
}

// parents returns the addresses of those whose objects are in a bundle before and
// after a change, the main one included while there are others.
func parents(desired *schema.Tenant, live *diff.Live, rule *schema.Bundle, ch *diff.Change) (was, is map[string]bool) {
	was, is = map[string]bool{}, map[string]bool{}
	if ch.Live != nil {
		for _, o := range live.Targets(rule.Field, ch.Live.Values[rule.Field.Name]) {
			was[o.Address()], was[ch.Live.Parent.Address()] = true, true
		}
	}
	for _, o := range desired.Targets(rule.Field, ch.Desired.Values[rule.Field.Name]) {
		is[o.Address()], is[ch.Desired.Parent.Address()] = true, true
	}
	return was, is
}

// bundlesFirst makes who belongs together come before what changes at any of them, and
// a bundle let go of an object before another one takes it.
func (b *ordering) bundlesFirst() {
	released := map[string]*node{}
	type claim struct {
		node    *node
		was, is map[string]bool
	}
	var claims []claim
	for _, n := range b.nodes {
		for _, ch := range n.changes {
			rule := ch.Object().Kind.Bundle
			if rule == nil || !ch.Sets(rule.Field) {
				continue
			}
			link := b.links[ch.Desired]
			if link == nil {
				link = n
			}
			if n != b.by[ch.Address()] {
				continue // the step of its own, met before
			}
			was, is := parents(b.desired, b.live, rule, ch)
			for p := range was {
				if !is[p] {
					released[p] = link
				}
			}
			link.Why = takeOver(link.Why, ch.Desired.Parent, was, is)
			claims = append(claims, claim{link, was, is})
		}
	}
	for _, o := range b.live.Objects { // a bundle goes with its main object
		if n := b.deletion(o.Parent); n != nil && o.Kind.Bundle != nil {
			for _, member := range b.live.Targets(o.Kind.Bundle.Field, o.Values[o.Kind.Bundle.Field.Name]) {
				released[member.Address()] = n
			}
		}
	}
	links := map[*node]bool{}
	for _, c := range claims {
		links[c.node] = true
	}
	for _, c := range claims {
		for p := range c.is {
			if !c.was[p] {
				c.node.wait(released[p], edge{})
			}
		}
		b.objectsAfter(c.node, c.was, c.is, links)
	}
}

// takeOver says what linking does to objects that no step names.
func takeOver(why string, main *schema.Object, was, is map[string]bool) string {
	var joining []string
	for _, p := range slices.Sorted(maps.Keys(is)) {
		if !was[p] && p != main.Address() {
			joining = append(joining, p)
		}
	}
	switch {
	case len(joining) == 0:
		return why
	case why != "":
		why += "; "
	}
	return why + "what a bundle shares goes from " + main.Address() + " to " + strings.Join(joining, ", ")
}

// objectsAfter makes the updates of the bundle's objects wait for the link, and the
// deletes of what leaves it.
func (b *ordering) objectsAfter(link *node, was, is map[string]bool, links map[*node]bool) {
	for _, n := range b.nodes {
		if links[n] {
			continue
		}
		for _, ch := range n.changes {
			o := ch.Object()
			if o.Kind.Bundle != nil {
				o = o.Parent
			} else if ch.Action == diff.Create {
				continue // comes before
			}
			if a := o.Address(); was[a] || is[a] {
				n.wait(link, edge{})
			}
		}
	}
}
