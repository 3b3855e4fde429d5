package plan

import (
	"fmt"
	"net/http"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file is the one place of sequences in this package: a list whose items are objects of
// the API, one call for each. An item is changed in place where that leads to the wanted
// order; where it does not, the items from there on go and are created again, unless the API
// has a call that orders them.

// itemised reports whether a change is made item by item.
func itemised(ch *diff.Change) bool { return ch.Object().Kind.Each != nil }

// sequence makes the nodes of a change of a sequence, each of which waits for the one before,
// and returns the first.
func (b *builder) sequence(ch *diff.Change) *node {
	if !itemised(ch) {
		return nil
	}
	s := newSequencing(b, ch)
	was, reorder := s.align()
	s.delete(was)
	s.change(was)
	s.create(was)
	if reorder {
		s.order(was)
	}
	for i, n := range s.nodes[1:] {
		n.changes, n.Changes = []*diff.Change{ch}, []string{ch.Address()}
		n.wait(s.nodes[i], edge{})
	}
	return s.nodes[0]
}

// sequencing is a sequence on its way from one list to another.
type sequencing struct {
	*builder
	ch         *diff.Change
	kind       *schema.Kind // of the items
	item       *schema.Field
	live, want []any
	ids        []int64
	nodes      []*node
	made       map[int]*schema.Object // by their places
}

func newSequencing(b *builder, ch *diff.Change) *sequencing {
	k := ch.Object().Kind
	s := &sequencing{builder: b, ch: ch, kind: k.Each, item: k.List().Items, made: map[int]*schema.Object{}}
	s.want, _ = ch.Desired.Values[k.List().Name].([]any)
	if ch.Live != nil {
		s.live, _ = ch.Live.Values[k.List().Name].([]any)
		s.ids = ch.Live.Items
	}
	b.nameParents(ch.Desired)
	return s
}

// align chooses the way with the fewest calls, and says whether the items are ordered at
// its end.
func (s *sequencing) align() (was []int, reorder bool) {
	a := aligning{len(s.live), len(s.want),
		func(i, j int) bool { return s.stays(s.live[i], s.want[j]) },
		func(i, j int) bool { return s.changeable(s.live[i], s.want[j]) }}
	was = a.inOrder()
	if s.kind.Order.Path == "" || len(s.live)*len(s.want) > dearest {
		return was, false
	}
	other := a.anyOrder()
	least, _ := a.calls(was)
	n, ordered := a.calls(other)
	if !ordered {
		n++
	}
	if n < least {
		return other, !ordered
	}
	return was, false
}

// stays reports whether an item is as wanted, and says what it refers to by the name that
// this has afterwards.
func (s *sequencing) stays(live, want any) bool {
	return schema.Equal(live, want) && s.builder.live.Renamed(s.desired, s.item, want) == ""
}

// changeable reports whether an update makes one item of another.
func (s *sequencing) changeable(live, want any) bool {
	if !s.kind.Has(schema.Update) || s.holdsOn(live) {
		return false
	}
	for _, f := range s.item.Fields {
		if v := held(f, want); !schema.Equal(held(f, live), v) && (!f.InUpdate() || v == nil && !f.Nullable) {
			return false
		}
	}
	return true
}

// holdsOn reports whether an item keeps something from being deleted that is made again under
// its own name: the item has to go first.
func (s *sequencing) holdsOn(item any) bool {
	found := false
	s.item.EachRef(item, func(f *schema.Field, v any) {
		target := s.builder.live.Target(f, v)
		found = found || !f.OrText && s.leaving[target] && target.InPlace()
	})
	return found
}

// held returns the value of a field of an item, stated or not.
func held(f *schema.Field, item any) any {
	m, _ := item.(map[string]any)
	if v, ok := m[f.Name]; ok {
		return v
	}
	return f.Untold()
}

// at is a live item, known by its id.
func (s *sequencing) at(i int) *schema.Object {
	o := &schema.Object{Kind: s.kind, Parent: s.ch.Live.Parent, Key: fmt.Sprintf("id %d", s.ids[i]), ID: s.ids[i], Values: map[string]any{}}
	for _, f := range s.item.Fields {
		o.Values[f.Name] = held(f, s.live[i])
	}
	s.name(o)
	return o
}

// itemUse is what a node takes away of an item, and what it gives: see itemsInTurn.
type itemUse struct {
	item       *schema.Field
	gone, want any
}

func (s *sequencing) add(step Step, gone, want any) {
	n := s.builder.add(&node{Step: step})
	s.nodes = append(s.nodes, n)
	s.items[n] = &itemUse{s.item, gone, want}
}

// itemsInTurn makes what items refer to come before them, and its delete after they let it go.
func (b *ordering) itemsInTurn() {
	for _, n := range b.nodes {
		u := b.items[n]
		if u == nil {
			continue
		}
		u.item.EachRef(u.want, func(f *schema.Field, v any) { n.wait(b.due(f, v), edge{preferred: f.OrText}) })
		u.item.EachRef(u.gone, func(f *schema.Field, v any) { b.ends[b.live.Target(f, v)].wait(n, edge{preferred: f.OrText}) })
	}
}

// delete takes out what becomes nothing, from the end: cut off meanwhile, the rest stands
// where it stood.
func (s *sequencing) delete(was []int) {
	kept := map[int]bool{}
	for _, i := range was {
		kept[i] = true
	}
	for i := len(s.live) - 1; i >= 0; i-- {
		if kept[i] {
			continue
		}
		o := s.at(i)
		s.add(Step{Method: http.MethodDelete, Path: o.ItemPath(), Why: s.whyGone(i, was), Checks: []Check{{Live: o}}}, s.live[i], nil)
	}
}

// whyGone says what becomes of an item that is deleted.
func (s *sequencing) whyGone(i int, was []int) string {
	for j := range was {
		if was[j] == none && schema.Equal(s.live[i], s.want[j]) {
			return fmt.Sprintf("item %d goes, and comes again as item %d: no call moves it", i+1, j+1)
		}
	}
	return fmt.Sprintf("item %d goes", i+1)
}

// change updates items in their places.
func (s *sequencing) change(was []int) {
	for j, i := range was {
		if i == none || s.stays(s.live[i], s.want[j]) {
			continue
		}
		o := s.at(i)
		step := Step{Method: http.MethodPut, Path: o.ItemPath(), Body: map[string]any{}, Why: fmt.Sprintf("item %d changes", j+1)}
		c := Check{Live: o}
		for _, f := range s.item.Fields {
			v := held(f, s.want[j])
			if old := o.Values[f.Name]; !schema.Equal(old, v) || s.builder.live.Renamed(s.desired, f, v) != "" {
				c.Fields = append(c.Fields, diff.Field{Name: f.Name, Old: old, New: v})
			} else if !f.Always {
				continue
			}
			step.Body[f.API] = s.wire(f, v)
		}
		step.Checks = []Check{c}
		s.add(step, s.live[i], s.want[j])
	}
}

// create appends what is new, in its order.
func (s *sequencing) create(was []int) {
	for j, i := range was {
		if i != none {
			continue
		}
		o := &schema.Object{Kind: s.kind, Parent: s.ch.Desired.Parent, Key: fmt.Sprint(j + 1), Values: map[string]any{}}
		m, _ := s.want[j].(map[string]any)
		body := map[string]any{}
		for _, f := range s.item.Fields {
			if v, ok := m[f.Name]; ok {
				o.Values[f.Name], body[f.API] = v, s.wire(f, v)
			}
		}
		s.made[j] = o
		s.add(Step{Method: http.MethodPost, Path: s.kind.CollectionPath(o.Parent), Body: body, Makes: o, Baseline: s.ids, Why: fmt.Sprintf("item %d is new", j+1)}, nil, s.want[j])
	}
}

// crowd is a list that is to have more items than a limit allows, and the first call that finds no
// room for one.
type crowd struct {
	*quota
	ch      *diff.Change
	refused *node
}

// crowds lets items for which a limit has no room wait for the call that raises it, and returns the
// lists for which none does. One that had as many before is left as it is.
func (b *ordering) crowds(s *Basis) []*crowd {
	var out []*crowd
	for _, ch := range s.Diff.Changes {
		k := ch.Object().Kind
		if !itemised(ch) || k.Limit.Name == "" || k.Limit.Unsure || Added(ch) <= 0 {
			continue
		}
		q := &quota{kind: k}
		if !q.bound(s, b.limiting()) {
			continue
		}
		if ch.Live != nil {
			q.have = length(ch.Live.Values[k.List().Name])
		}
		c := &crowd{quota: q, ch: ch}
		c.wait(b.nodes)
		if c.refused != nil {
			out = append(out, c)
		}
	}
	return out
}

// wait goes through the calls that make items, which come behind those that delete some.
func (c *crowd) wait(nodes []*node) {
	kept := length(c.ch.Desired.Values[c.kind.List().Name])
	for _, n := range nodes {
		if n.Makes != nil && slices.Contains(n.changes, c.ch) {
			kept--
		}
	}
	for _, n := range nodes {
		if n.Makes == nil || !slices.Contains(n.changes, c.ch) {
			continue
		}
		switch kept++; {
		case kept <= c.limit:
		case kept <= c.limit+c.more:
			n.wait(c.raiser, edge{})
		case c.refused == nil:
			c.refused = n
		}
	}
}

// guard says which step hits the limit.
func (c *crowd) guard() *Guard {
	name, want := c.kind.Limit.Name, length(c.ch.Desired.Values[c.kind.List().Name])
	return &Guard{ID: "quota", Message: Placed(c.ch.Desired.Place, "step %d (%s) hits %s: %d allowed, %d there now, %d wanted",
		c.refused.Number, c.ch.Address(), name, c.limit+c.more, c.have, want),
		Hint: fmt.Sprintf("write fewer, or have the operator raise %s to %d", name, want)}
}

// Added is how many items more a list has after a change, 0 of what is none.
func Added(ch *diff.Change) int64 {
	for _, f := range ch.Fields {
		if itemised(ch) && f.Name == ch.Object().Kind.List().Name {
			return length(f.New) - length(f.Old)
		}
	}
	return 0
}

// order puts the items into their places.
func (s *sequencing) order(was []int) {
	ids := make([]any, len(was))
	for j, i := range was {
		if o := s.made[j]; o != nil {
			ids[j] = IDOf{o.Symbol()}
			continue
		}
		o := s.at(i)
		ids[j] = IDOf{o.Symbol()}
	}
	s.add(Step{Method: http.MethodPut, Path: s.kind.OrderPath(s.ch.Desired.Parent), Body: map[string]any{s.kind.Order.Body: ids}, Why: "the items get their order"}, nil, nil)
}
