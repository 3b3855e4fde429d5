package contrary

import (
	"math/rand/v2"
	"slices"
)

// doubling are the collections whose rows may share a name: nothing says that they may not.
var doubling = []string{"extension_group", "dial_rule", "interval", "network_permission", "sound", "agent/local", "agent/remote"}

// lent are the collections of which a dealer may share rows, by the fields of the answers.
var lent = []string{"dial_rule", "interval", "extension/call_status", "sound"}

// Disturb gives a tenant what is seldom and allowed, some of it by chance: two rows of one
// name, a dial rule list without any, a bundle with a member that is gone, a condition of
// an interval with one half of a pair, rows of the dealer.
func (s *keeper) Disturb(t *Tenant, seed uint64) {
	g := &grower{s, t, rand.New(rand.NewPCG(seed, 3))}
	for _, odd := range []func(){g.double, g.nameless, g.broken, g.half, g.dealt} {
		if g.r.IntN(2) == 0 {
			odd()
		}
	}
}

func (g *grower) double() {
	c := doubling[g.r.IntN(len(doubling))]
	own := slices.DeleteFunc(slices.Clone(g.t.rows[c]), func(r *Row) bool { return r.Dealer })
	first := own[g.r.IntN(len(own))]
	values := clone(first.Values).(map[string]any)
	g.s.add(g.t, &Row{Collection: c, Values: values, file: first.file})
}

func (g *grower) nameless() {
	g.row("dial_rule", 5)
	delete(g.last("dial_rule").Values, "name")
}

// broken leaves a member in a bundle that is not there any more.
func (g *grower) broken() {
	for _, r := range g.t.rows["phone"] {
		if list, ok := r.Values["bundle"].(map[string]any); ok {
			list["99999"] = map[string]any{"active": true}
		}
	}
}

func (g *grower) half() {
	g.row("interval", 5)
	g.last("interval").Values["conditions"] = []any{map[string]any{"start_dow": int64(3), "start_time": "08:00:00", "end_time": "17:00:00"}}
}

func (g *grower) dealt() {
	c := lent[g.r.IntN(len(lent))]
	g.row(c, 6)
	g.last(c).Dealer = true
}

func (g *grower) last(collection string) *Row {
	rows := g.t.rows[collection]
	return rows[len(rows)-1]
}
