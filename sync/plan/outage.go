package plan

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// Outage is a number, or what else rings, that rings nowhere for some calls.
type Outage struct {
	Address string `json:"address"`
	Key     string `json:"key"`
	Calls   int    `json:"calls"`
}

// String says it in words.
func (s Outage) String() string {
	if s.Calls == 1 {
		return s.Key + " rings nowhere during 1 call"
	}
	return fmt.Sprintf("%s rings nowhere during %d calls", s.Key, s.Calls)
}

// outages counts, for each object that is replaced, how long what rings it rings
// nowhere.
func (b *ordering) outages(p *Plan) {
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
			if !f.RoutesTo {
				continue
			}
			target := b.live.Target(f, o.Values[f.Name])
			if target == nil || target.ReplacedBy == nil {
				continue
			}
			i, ok := at[target.ReplacedBy.Address()]
			if calls := b.dead(o, f); ok && calls > 0 {
				p.Changes[i].Silent = append(p.Changes[i].Silent, Outage{o.KnownAs(), o.NaturalKey(), calls})
			}
		}
	}
	for i := range p.Changes {
		slices.SortFunc(p.Changes[i].Silent, func(a, b Outage) int { return cmp.Compare(a.Address, b.Address) })
	}
}

// dead returns the number of calls between the one that takes a reference away and
// the one that gives another.
func (b *ordering) dead(o *schema.Object, f *schema.Field) int {
	to := b.by[o.Address()]
	if o.ReplacedBy != nil {
		to = b.by[o.ReplacedBy.Address()]
	}
	if to == nil || to.Method == http.MethodDelete {
		return 0
	}
	from := b.ends[o]
	for _, n := range b.clears[to.changes[0]] {
		if _, ok := n.Body[f.API]; ok {
			from = n
		}
	}
	if from == nil {
		return 0
	}
	return to.Number - from.Number
}
