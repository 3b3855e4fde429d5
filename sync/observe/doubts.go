package observe

import (
	"fmt"
	"maps"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// This file counts what limits bound in the ways that the documents leave open. What is over
// in all of them is refused, see quota; what is over in some is a warning.

// doubts warns of limits that may be exceeded, at the first change that adds to what they
// count.
func (s *State) doubts(c *schema.Catalogue) {
	said := map[string]bool{}
	for _, k := range c.Kinds {
		limit, known := s.LimitThen(k.Limit.Name)
		if said[k.Limit.Name] || !known || !k.Limit.Unsure && k.Limit.Or == nil {
			continue
		}
		own := s.fullest(k)
		over := own.Then > limit && own.Then > own.Now
		if k.Limit.Unsure {
			if over {
				said[k.Limit.Name] = s.doubt(k, limit, own.Then, k.YAML(), &schema.OtherWay{})
			}
			continue
		}
		other := s.Otherwise(k)
		switch otherOver := other.Then > limit && other.Then > other.Now; {
		case otherOver && own.Then <= limit:
			said[k.Limit.Name] = s.doubt(k, limit, other.Then, k.Limit.Or.Word, k.Limit.Or)
		case over && other.Then <= limit:
			said[k.Limit.Name] = s.doubt(k, limit, own.Then, k.YAML(), &schema.OtherWay{})
		}
	}
}

// fullest counts the objects of a kind in the group that has most of them after the plan.
func (s *State) fullest(k *schema.Kind) plan.Tally {
	groups := map[string]*plan.Tally{}
	s.Objects(func(o *schema.Object, now, then bool) {
		if o.Kind != k {
			return
		}
		group := o.LimitGroup()
		if groups[group] == nil {
			groups[group] = &plan.Tally{}
		}
		groups[group].Add(now, then, 1, 1)
	})
	var most plan.Tally
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		if t := *groups[group]; t.Then > most.Then {
			most = t
		}
	}
	return most
}

func (s *State) doubt(k *schema.Kind, limit, then int64, what string, way *schema.OtherWay) (said bool) {
	for _, ch := range s.Diff.Changes {
		if !way.Counts(k, ch.Object().Kind) || plan.Growth(ch, way) <= 0 {
			continue
		}
		name := k.Limit.Name
		s.Problems = append(s.Problems, schema.Problem{Place: ch.Object().Place, Address: ch.Address(), Warning: schema.WarnLimit,
			Message: fmt.Sprintf("%s of the tenant is %d and may count %s, %d after this plan: the server may refuse what is too much", name, limit, what, then),
			Hint:    fmt.Sprintf("have the operator raise %s to %d, or say what it counts", name, then)})
		return true
	}
	return false
}
