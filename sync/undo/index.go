package undo

import (
	"cmp"
	"maps"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// index finds what a record tells of an object without going through all of it for each.
type index struct {
	steps   map[string][]*plan.Step // address of a change -> the steps for it that were begun
	creates map[string]bool         // addresses of what the run created
	below   map[word]*record.Object // by the address of the parent and the kind: the first image
	named   map[word]*record.Object // by what the server called it, and the kind
	remade  map[*schema.Object]bool // objects that are made again
	targets map[pointed]int         // what a reference says -> place in the list of what is made again
}

type word struct{ text, kind string }

// pointed is what a reference says of an object of a kind: its id, its key or its address.
type pointed struct {
	kind    *schema.Kind
	id      int64
	key     string
	address string
}

func indexOf(p *Past, images map[string]*record.Object) *index {
	x := &index{steps: map[string][]*plan.Step{}, creates: map[string]bool{}, below: map[word]*record.Object{}, named: map[word]*record.Object{}}
	for i := range p.Plan.Steps {
		s := &p.Plan.Steps[i]
		for _, a := range s.Changes {
			if p.Begun[s.Number] {
				x.steps[a] = append(x.steps[a], s)
			}
		}
	}
	for i := range p.Plan.Changes {
		if c := &p.Plan.Changes[i]; c.Action == diff.Create {
			x.creates[c.Address] = true
		}
	}
	for _, a := range slices.Sorted(maps.Keys(images)) {
		b := images[a]
		first(x.below, word{b.Parent, b.Kind}, b)
		first(x.named, word{cmp.Or(b.Name, b.Key), b.Kind}, b)
	}
	return x
}

func first[K comparable, V any](m map[K]V, at K, v V) {
	if _, there := m[at]; !there {
		m[at] = v
	}
}

// again indexes what is made again, once all of it is known.
func (x *index) again(list []*remade) {
	x.remade, x.targets = map[*schema.Object]bool{}, map[pointed]int{}
	for i, r := range list {
		k := r.object.Kind
		x.remade[r.object] = true
		first(x.targets, pointed{kind: k, id: r.image.ID}, i)
		first(x.targets, pointed{kind: k, key: r.image.Key}, i)
		first(x.targets, pointed{kind: k, address: r.image.Address}, i)
	}
}

// target returns the place in the list of the first object that a value refers to.
func (x *index) target(f *schema.Field, v any) (int, bool) {
	says := []pointed{{kind: f.Ref, id: schema.RefOf(v).ID}}
	if text, ok := v.(string); ok {
		says = append(says, pointed{kind: f.Ref, address: text})
		if f.In == nil {
			says = append(says, pointed{kind: f.Ref, key: text})
		}
	}
	at, found := 0, false
	for _, s := range says {
		if i, ok := x.targets[s]; ok && s != (pointed{kind: f.Ref}) && (!found || i < at) {
			at, found = i, true
		}
	}
	return at, found
}
