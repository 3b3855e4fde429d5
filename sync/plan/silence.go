package plan

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

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
func (b *ordering) silence(p *Plan) {
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
				p.Changes[i].Silent = append(p.Changes[i].Silent, Silence{o.KnownAs(), o.NaturalKey(), calls})
			}
		}
	}
	for i := range p.Changes {
		slices.SortFunc(p.Changes[i].Silent, func(a, b Silence) int { return cmp.Compare(a.Address, b.Address) })
	}
}

// dead returns the number of calls between the one that takes a reference away and
// the one that gives another.
func (b *ordering) dead(o *schema.Object, f *schema.Field) int {
	to := b.by[o.Address()]
	if o.Heir != nil {
		to = b.by[o.Heir.Address()]
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
