package plan

import (
	"net/http"
	"slices"
	"strings"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/topo"

	"pbxsync/diff"
	"pbxsync/schema"
)

// Order makes the plan of a state: every step, in an order that references,
// parents and unique values allow. It is pure, and the same state gives the
// same plan. A cycle that cannot be broken is a Guard.
func Order(s *Basis) (*Plan, error) {
	b := &ordering{builder: builder{bodies: bodies{desired: s.Desired, live: s.Live, ids: map[string]int64{}}, by: map[string]*node{}, ends: map[*schema.Object]*node{},
		clears: map[*diff.Change][]*node{}, leaving: diff.Leaving(s.Diff.Changes), items: map[*node]*itemUse{}, batches: map[*schema.Kind]*node{}, links: map[*schema.Object]*node{}}}
	b.steps(s.Diff.Changes)
	b.edges()
	if err := b.putOffSelf(); err != nil {
		return nil, err
	}
	crowds := b.crowds(s)
	nodes, err := b.sort()
	if err != nil {
		return nil, err
	}
	var refused []*quota
	if tight := b.quotas(s); len(tight) > 0 {
		refused = b.makeRoom(s, tight, nodes)
		if nodes, err = b.sort(); err != nil {
			return nil, err
		}
	}
	p := &Plan{Value: Value{Version: Version, Tenant: TenantID{s.Live.ID, s.Live.Name, s.Live.Prefix}, IDs: b.ids, Steps: number(b.endLate(nodes))},
		Live: s.Live, Before: images(s)}
	for _, ch := range s.Diff.Changes {
		p.Changes = append(p.Changes, saved(ch))
	}
	b.outages(p)
	for i, ch := range s.Diff.Changes {
		weigh(&p.Changes[i], ch, s.Live)
	}
	b.checks(s, p.Steps)
	p.Protected, p.Review = s.Protected, s.Desired.Review
	p.Wanted = wanted(s)
	for _, q := range refused {
		if s.fitsOtherwise(q) {
			continue // a warning
		}
		p.Guards = append(p.Guards, q.guard(s))
	}
	for _, c := range crowds {
		p.Guards = append(p.Guards, c.guard())
	}
	for k := range s.Live.Lists {
		p.Read = append(p.Read, k.Word)
	}
	slices.Sort(p.Read)
	return p, nil
}

// sort orders the nodes, breaking cycles until there are none.
func (b *ordering) sort() ([]*node, error) {
	for {
		sorted, err := topo.SortStabilized(b.graph(), byID)
		if err == nil {
			out := make([]*node, len(sorted))
			for i, n := range sorted {
				out[i] = b.nodes[n.ID()]
			}
			return out, nil
		}
		for _, component := range err.(topo.Unorderable) {
			if err := b.breakCycle(component); err != nil {
				return nil, err
			}
		}
	}
}

// waiting tells the sorting which nodes wait for a node, and no more: that is all it asks. The
// library has whole graphs too, but they bring its linear algebra into the program.
type waiting struct {
	graph.Directed
	nodes []graph.Node
	on    [][]graph.Node // by the id of what they wait for
}

func (w *waiting) Nodes() graph.Nodes        { return iterator.NewOrderedNodes(slices.Clone(w.nodes)) }
func (w *waiting) From(id int64) graph.Nodes { return iterator.NewOrderedNodes(w.on[id]) }

// ID is the place of a node among all.
func (n *node) ID() int64 { return n.id }

func byID(nodes []graph.Node) {
	slices.SortFunc(nodes, func(a, b graph.Node) int { return int(a.ID() - b.ID()) })
}

func (b *ordering) graph() graph.Directed {
	w := &waiting{nodes: make([]graph.Node, len(b.nodes)), on: make([][]graph.Node, len(b.nodes))}
	for i, n := range b.nodes {
		w.nodes[i] = n
		for m := range n.before {
			w.on[m.id] = append(w.on[m.id], n)
		}
	}
	return w
}

// breakCycle takes one edge out of a cycle: a reference is left out at create
// and set later, or it is cleared now and set later. What is only preferred goes last,
// since numbers are dead for longer without it.
func (b *ordering) breakCycle(component []graph.Node) error {
	var cycle []*node
	for _, g := range component {
		cycle = append(cycle, b.nodes[g.ID()])
	}
	for _, n := range cycle {
		for _, m := range cycle {
			if e := n.before[m]; len(e.soft) > 0 {
				b.putOff(n, m, e.soft)
				return nil
			}
		}
	}
	for _, n := range cycle {
		if b.clearAll(n, cycle) {
			return nil
		}
	}
	for _, n := range cycle {
		for _, m := range cycle {
			if n.before[m].preferred {
				delete(n.before, m)
				return nil
			}
		}
	}
	return &Guard{ID: "no-order", Message: "these changes wait for each other and cannot be put in an order: " + describe(append(cycle, cycle[0])),
		Hint: "do it in two applies: first let one of them go, then the rest"}
}

// clearAll clears every reference in a cycle that keeps n from being deleted.
// Each of them is on a way around through n.
func (b *ordering) clearAll(n *node, cycle []*node) bool {
	found := false
	for _, m := range cycle {
		if e := n.before[m]; len(e.letGo) > 0 {
			b.clearFirst(n, m, e.letGo)
			found = true
		}
	}
	return found
}

// putOffSelf puts off what a new object says of itself.
func (b *ordering) putOffSelf() error {
	for _, self := range b.selfish {
		if len(self.edge.soft) == 0 {
			return &Guard{ID: "no-order", Message: self.node.Changes[0] + " refers to itself and cannot be created so", Hint: "create it with another reference first"}
		}
		b.putOff(self.node, self.node, self.edge.soft)
	}
	return nil
}

// putOff leaves references out of a create and sets them with a call of their own.
func (b *ordering) putOff(n, m *node, fields []*schema.Field) {
	o := n.changes[0].Desired
	later := b.add(&node{Step: Step{Method: http.MethodPut, Path: o.ItemPath(), Body: map[string]any{},
		Changes: n.Changes, Why: join(fields, "was", "were") + " left out at create, since the two refer to each other"}})
	for _, f := range fields {
		later.Body[f.API] = n.Body[f.API]
		delete(n.Body, f.API)
	}
	delete(n.before, m)
	b.carryAlways(later, n.changes[0], nil)
	later.wait(n, edge{})
	later.wait(m, edge{})
}

// clearFirst clears references so that n can be carried out, and lets m set them
// to what is wanted later.
func (b *ordering) clearFirst(n, m *node, fields []*schema.Field) {
	delete(n.before, m)
	ch := m.changes[0] // what only goes with it is let go with it
	first := b.add(&node{Step: Step{Method: http.MethodPut, Path: ch.Live.ItemPath(), Body: map[string]any{},
		Changes: []string{ch.Address()}, Why: join(fields, "is", "are") + " cleared first, so that " + n.ended() + " can be deleted"}})
	if m.Method != http.MethodDelete {
		first.Why += "; set again later"
	}
	for _, f := range fields {
		if first.Body[f.API] = nil; f.Type == "array" {
			first.Body[f.API] = []any{}
		}
	}
	b.carryAlways(first, ch, ch.Live)
	b.clears[ch] = append(b.clears[ch], first)
	n.wait(first, edge{})
	m.wait(first, edge{})
}

// join names fields with the verb that fits their number.
func join(fields []*schema.Field, one, many string) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	if len(names) == 1 {
		many = one
	}
	return strings.Join(names, ", ") + " " + many
}

// carryAlways adds the fields that every update of the kind has to carry: as they
// are wanted, or as they are in a live object.
func (b *builder) carryAlways(n *node, ch *diff.Change, live *schema.Object) {
	for _, f := range ch.Object().Kind.Fields {
		if _, ok := n.Body[f.API]; ok || !f.Always {
			continue
		}
		v := b.carried(ch, f)
		if live != nil {
			v = live.ValueOf(f)
		}
		if v == nil && !f.Clearable() || ch.Live != nil && ch.Live.Unnamed && ch.Object().Kind.IsKey(f) && ch.Object().NaturalKey() == ch.Live.NaturalKey() {
			continue // the server does not show it, or has nothing there that a request could say
		}
		n.Body[f.API] = b.wire(f, v)
	}
}

// number turns sorted nodes into the steps of a plan.
func number(nodes []*node) []Step {
	at := make(map[*node]int, len(nodes))
	steps := make([]Step, len(nodes))
	for i, n := range nodes {
		at[n] = i + 1
		n.Number = i + 1
		for m := range n.before {
			n.After = append(n.After, at[m])
		}
		slices.Sort(n.After)
		steps[i] = n.Step
	}
	return steps
}
