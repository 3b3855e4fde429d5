package plan

import (
	"pbxsync/diff"
	"pbxsync/schema"
)

// Tally is how much of something the tenant has.
type Tally struct{ Now, Then int64 }

// Growth is by how many objects, or items of a list in them, a change adds to what is counted.
func Growth(ch *diff.Change, way *schema.OtherWay) int64 {
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

// Objects visits each object of the tenant that is there now, or will be after the plan.
func (s *Basis) Objects(visit func(o *schema.Object, now, then bool)) {
	leaving := diff.Leaving(s.Diff.Changes)
	for _, o := range s.Live.Objects {
		if !o.Shared {
			visit(o, true, !diff.Gone(leaving, o))
		}
	}
	for _, ch := range s.Diff.Changes {
		if ch.Makes() {
			visit(ch.Desired, false, true)
		}
	}
}

// Add counts n where the object is there.
func (t *Tally) Add(now, then bool, before, after int64) {
	if now {
		t.Now += before
	}
	if then {
		t.Then += after
	}
}

// Otherwise counts in the other way of a kind.
func (s *Basis) Otherwise(k *schema.Kind) Tally {
	way := k.Limit.Or
	var t Tally
	s.Objects(func(o *schema.Object, now, then bool) {
		switch {
		case !way.Counts(k, o.Kind):
		case way.Items == nil:
			t.Add(now, then, 1, 1)
		default:
			before := length(o.Values[way.Items.Name])
			after := before
			if d := s.Desired.Object(o.Address()); d != nil && d.Values[way.Items.Name] != nil {
				after = length(d.Values[way.Items.Name])
			}
			t.Add(now, then, before, after)
		}
	})
	return t
}

// LimitThen is a limit after the plan, where it is known.
func (s *Basis) LimitThen(name string) (limit int64, known bool) {
	limit, known = s.Limits[name]
	for _, ch := range s.Diff.Changes {
		if !setsLimits(ch) {
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
func (s *Basis) fitsOtherwise(q *quota) bool {
	return q.kind.Limit.Or != nil && q.have+int64(len(q.creates))-q.deletes > q.limit+q.more && s.Otherwise(q.kind).Then <= q.limit+q.more
}
