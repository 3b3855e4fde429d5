package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
)

// quota is a group of objects that share a limit, and what the plan does to it.
type quota struct {
	kind    *schema.Kind
	group   string
	limit   int64 // the lower one where the plan changes it
	more    int64 // by how much the plan raises it
	raiser  *node // the call that does
	have    int64 // live ones
	creates []*diff.Change
	deletes int64
	room    int64 // while the plan is walked: what is left; below 0, what has to go first
	free    []*node
	first   []*node // deletes that have to come before every create
	refused *node   // the first create that finds no room
	address string  // what that one would make
}

// quotas returns the groups that would exceed their limit if the creates came
// before the deletes, in the order of their first create.
func (b *ordering) quotas(s *Basis) []*quota {
	byGroup := map[string]*quota{}
	var all []*quota
	own := b.limiting()
	for _, ch := range s.Diff.Changes {
		o := ch.Object()
		if !ch.Makes() || o.Kind.Limit.Name == "" || o.Kind.Limit.Unsure {
			continue
		}
		q := byGroup[o.LimitGroup()]
		if q == nil {
			q = &quota{kind: o.Kind, group: o.LimitGroup()}
			if !q.bound(s, own) {
				continue
			}
			byGroup[q.group] = q
			all = append(all, q)
		}
		q.creates = append(q.creates, ch)
	}
	if len(all) == 0 {
		return nil
	}
	for _, o := range s.Live.Objects {
		if q := byGroup[o.LimitGroup()]; q != nil && !o.Shared {
			q.have++
			if b.deletion(o) != nil {
				q.deletes++
			}
		}
	}
	return slices.DeleteFunc(all, func(q *quota) bool { return q.have+int64(len(q.creates)) <= q.limit })
}

// limiting returns the calls that change limits.
func (b *ordering) limiting() []*node {
	return slices.DeleteFunc(slices.Clone(b.nodes), func(n *node) bool { return len(n.changes) == 0 || !setsLimits(n.changes[0]) })
}

// bound finds the limit of a group: the live one, or the lower one of two where
// one of the tenant's own calls changes it. It reports whether any is known.
func (q *quota) bound(s *Basis, own []*node) (known bool) {
	q.limit, known = s.Limits[q.kind.Limit.Name]
	for _, n := range own {
		v, changed := n.Body[q.kind.Limit.Name]
		next, set := v.(int64)
		switch {
		case !changed:
		case known && next > q.limit:
			q.more, q.raiser = next-q.limit, n
		case set:
			q.limit, known = next, true
		case known: // null: the operator's own, which is not known
			q.more, q.raiser = math.MaxInt32, n
		}
	}
	return known
}

// makeRoom lets creates that would hit a limit wait for deletes that free room:
// each for one of its own, so that no order that the plan allows exceeds the
// limit. It returns the groups for which there is no such order.
func (b *ordering) makeRoom(s *Basis, tight []*quota, sorted []*node) []*quota {
	byGroup, creates, frees := map[string]*quota{}, map[*node]*quota{}, map[*node][]*quota{}
	for _, q := range tight {
		byGroup[q.group], q.room = q, q.limit-q.have
		for _, ch := range q.creates {
			creates[b.by[ch.Address()]] = q
		}
	}
	for _, o := range s.Live.Objects {
		if n := b.deletion(o); n != nil {
			if q := byGroup[o.LimitGroup()]; q != nil {
				frees[n] = append(frees[n], q)
			}
		}
	}
	for _, q := range tight {
		for range min(q.more, int64(len(q.creates))+max(0, -q.room)) {
			frees[q.raiser] = append(frees[q.raiser], q)
		}
	}
	for _, n := range lateLast(sorted, func(n *node) bool { return creates[n] != nil }) {
		for _, q := range frees[n] {
			q.freed(n)
		}
		if q := creates[n]; q != nil {
			q.take(n)
		}
	}
	return slices.DeleteFunc(tight, func(q *quota) bool { return q.refused == nil })
}

// freed notes that a call makes room for one object.
func (q *quota) freed(n *node) {
	if q.room < 0 {
		q.room++
		q.first = append(q.first, n)
		return
	}
	q.free = append(q.free, n)
}

// take gives a create its room, and lets it wait for what frees it.
func (q *quota) take(n *node) {
	for _, m := range q.first {
		n.wait(m, edge{})
	}
	switch {
	case q.room > 0:
		q.room--
	case len(q.free) > 0: // only once there is no room left over
		n.wait(q.free[0], edge{})
		q.free = q.free[1:]
	case q.refused == nil:
		q.refused, q.address = n, n.Changes[0]
	}
}

// lateLast returns an order of sorted nodes in which late ones come as late as
// what waits for them allows.
func lateLast(sorted []*node, late func(*node) bool) []*node {
	waits, blocks := map[*node]int{}, map[*node][]*node{}
	var early, held, out []*node
	put := func(n *node) {
		if late(n) {
			held = append(held, n)
		} else {
			early = append(early, n)
		}
	}
	for _, n := range sorted {
		for m := range n.before {
			blocks[m] = append(blocks[m], n)
		}
	}
	for _, n := range sorted {
		if waits[n] = len(n.before); waits[n] == 0 {
			put(n)
		}
	}
	for len(early)+len(held) > 0 {
		from := &early
		if len(early) == 0 {
			from = &held
		}
		n := (*from)[0]
		*from = (*from)[1:]
		out = append(out, n)
		for _, m := range blocks[n] {
			if waits[m]--; waits[m] == 0 {
				put(m)
			}
		}
	}
	return out
}

// guard says which step hits the limit, and what would free room.
func (q *quota) guard(s *Basis) *Guard {
	ch := q.creates[slices.IndexFunc(q.creates, func(ch *diff.Change) bool { return ch.Address() == q.address })]
	name := q.kind.Limit.Name
	most := q.have + int64(len(q.creates)) - q.deletes
	g := &Guard{ID: "quota", Message: Placed(ch.Desired.Place, "step %d (%s) hits %s: %d allowed, %d there now, %d to be created and %d to be deleted",
		q.refused.Number, q.address, name, q.limit+q.more, q.have, len(q.creates), q.deletes)}
	var ways []string
	if strays := q.strays(s); len(strays) > 0 {
		ways = append(ways, "delete what no file declares with absent: true ("+strings.Join(strays, ", ")+")")
	}
	if most > q.limit+q.more {
		ways = append(ways, fmt.Sprintf("have the operator raise %s to %d", name, most))
	} else {
		ways = append(ways, fmt.Sprintf("have the operator raise %s", name), "delete in one apply and create in the next")
	}
	g.Hint = strings.Join(ways, ", or ")
	return g
}

const strayNames = 3 // how many a message lists

// strays names live objects that share the limit and that no file declares.
func (q *quota) strays(s *Basis) []string {
	var names []string
	more := 0
	for _, x := range s.Diff.Strays {
		if x.Object.Kind != q.kind || x.Stays || x.Object.LimitGroup() != q.group {
			continue
		}
		if len(names) == strayNames {
			more++
			continue
		}
		names = append(names, x.Object.Address())
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return names
}
