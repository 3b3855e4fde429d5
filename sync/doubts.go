package sync

import (
	"fmt"
	"maps"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file counts what limits bound in the ways that the documents leave open. What is over
// in all of them is refused, see quota; what is over in some is a warning.

// tally is how much of something the tenant has.
type tally struct{ now, then int64 }

// growth is by how many objects, or items of a list in them, a change adds to what is counted.
func growth(ch *diff.Change, way *schema.OtherWay) int64 {
	switch {
	case way == nil:
		return 0
	case way.Items == nil && ch.Makes():
		return 1
	case way.Items == nil:
		return 0
	}
	for _, f := range ch.Fields {
		if f.Name == way.Items.Name {
			return length(f.New) - length(f.Old)
		}
	}
	return 0
}

func length(v any) int64 {
	list, _ := v.([]any)
	return int64(len(list))
}

// objects visits each object of the tenant that is there now, or will be after the plan.
func (s *State) objects(visit func(o *schema.Object, now, then bool)) {
	leaving := deleted(s.Diff.Changes)
	for _, o := range s.Live.Objects {
		if !o.Shared {
			visit(o, true, !goes(leaving, o))
		}
	}
	for _, ch := range s.Diff.Changes {
		if ch.Makes() {
			visit(ch.Desired, false, true)
		}
	}
}

// add counts n where the object is there.
func (t *tally) add(now, then bool, before, after int64) {
	if now {
		t.now += before
	}
	if then {
		t.then += after
	}
}

// otherwise counts in the other way of a kind.
func (s *State) otherwise(k *schema.Kind) tally {
	way := k.Limit.Or
	var t tally
	s.objects(func(o *schema.Object, now, then bool) {
		switch {
		case !way.Counts(k, o.Kind):
		case way.Items == nil:
			t.add(now, then, 1, 1)
		default:
			before := length(o.Values[way.Items.Name])
			after := before
			if d := s.Desired.Object(o.Address()); d != nil && d.Values[way.Items.Name] != nil {
				after = length(d.Values[way.Items.Name])
			}
			t.add(now, then, before, after)
		}
	})
	return t
}

// limitThen is a limit after the plan, where it is known.
func (s *State) limitThen(name string) (limit int64, known bool) {
	limit, known = s.Limits[name]
	for _, ch := range s.Diff.Changes {
		if ch.Object().Kind.Admin.Item == "" {
			continue
		}
		for _, f := range ch.Fields {
			if f.Name == name {
				limit, known = f.New.(int64)
			}
		}
	}
	return limit, known
}

// fitsOtherwise reports whether what is too much as a quota counts is not in the other way.
func (s *State) fitsOtherwise(q *quota) bool {
	return q.kind.Limit.Or != nil && q.have+int64(len(q.creates))-q.deletes > q.limit+q.more && s.otherwise(q.kind).then <= q.limit+q.more
}

// doubts warns of limits that may be exceeded, at the first change that adds to what they
// count.
func (s *State) doubts(c *schema.Catalogue) {
	said := map[string]bool{}
	for _, k := range c.Kinds {
		limit, known := s.limitThen(k.Limit.Name)
		if said[k.Limit.Name] || !known || !k.Limit.Unsure && k.Limit.Or == nil {
			continue
		}
		own := s.fullest(k)
		over := own.then > limit && own.then > own.now
		if k.Limit.Unsure {
			if over {
				said[k.Limit.Name] = s.doubt(k, limit, own.then, k.YAML(), &schema.OtherWay{})
			}
			continue
		}
		other := s.otherwise(k)
		switch otherOver := other.then > limit && other.then > other.now; {
		case otherOver && own.then <= limit:
			said[k.Limit.Name] = s.doubt(k, limit, other.then, k.Limit.Or.Word, k.Limit.Or)
		case over && other.then <= limit:
			said[k.Limit.Name] = s.doubt(k, limit, own.then, k.YAML(), &schema.OtherWay{})
		}
	}
}

// fullest counts the objects of a kind in the group that has most of them after the plan.
func (s *State) fullest(k *schema.Kind) tally {
	groups := map[string]*tally{}
	s.objects(func(o *schema.Object, now, then bool) {
		if o.Kind != k {
			return
		}
		group := o.LimitGroup()
		if groups[group] == nil {
			groups[group] = &tally{}
		}
		groups[group].add(now, then, 1, 1)
	})
	var most tally
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		if t := *groups[group]; t.then > most.then {
			most = t
		}
	}
	return most
}

func (s *State) doubt(k *schema.Kind, limit, then int64, what string, way *schema.OtherWay) (said bool) {
	for _, ch := range s.Diff.Changes {
		if !way.Counts(k, ch.Object().Kind) || growth(ch, way) <= 0 {
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
