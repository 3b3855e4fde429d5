package observe

import (
	"fmt"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file looks for numbers that lead nowhere after the plan. They are no references: the
// API keeps them as text, whatever becomes of the object that has the number.

// numbers warns of each object that calls another by a number which the plan takes away.
func (r *confirming) numbers(s *State) {
	gone := numbersGone(s)
	if len(gone) == 0 {
		return
	}
	leaving := diff.Leaving(s.Diff.Changes)
	for _, o := range s.Desired.Objects {
		if !o.Absent && !o.Bare {
			s.leadNowhere(o, o.Values, gone)
		}
	}
	for _, o := range r.live.Objects {
		if o.Shared || diff.Gone(leaving, o) {
			continue
		}
		s.leadNowhere(o, unstated(s.Desired.Object(o.Address()), o), gone)
	}
}

// unstated returns what the files say nothing of, so that it stays.
func unstated(d, live *schema.Object) map[string]any {
	if d == nil {
		return live.Values
	}
	out := map[string]any{}
	for name, v := range live.Values {
		if _, stated := d.Values[name]; !stated {
			out[name] = v
		}
	}
	return out
}

// numberOf is a number of an object of some kind.
type numberOf struct {
	kind   *schema.Kind
	number string
}

// numbersGone returns the changes that take a number away which other objects may call,
// unless something has it afterwards.
func numbersGone(s *State) map[numberOf]*diff.Change {
	out := map[numberOf]*diff.Change{}
	for _, ch := range s.Diff.Changes {
		if ch.Live != nil && (ch.Ends() || ch.Action == diff.Rename) {
			out[numberOf{ch.Live.Kind, ch.Live.NaturalKey()}] = ch
		}
	}
	for _, ch := range s.Diff.Changes {
		if ch.Makes() || ch.Action == diff.Rename {
			delete(out, numberOf{ch.Desired.Kind, ch.Desired.NaturalKey()})
		}
	}
	return out
}

// leadNowhere warns of the numbers in values of an object that are gone.
func (s *State) leadNowhere(o *schema.Object, values map[string]any, gone map[numberOf]*diff.Change) {
	for n, ch := range gone {
		for name, v := range values {
			f := o.Kind.Field(name)
			if f.OrText && ch.Ends() || !slices.Contains(schema.Numbers(f, n.kind, v, s.Live.Prefix), n.number) {
				continue
			}
			s.Problems = append(s.Problems, leadsNowhere(o, f, ch))
		}
	}
}

func leadsNowhere(o *schema.Object, f *schema.Field, ch *diff.Change) schema.Problem {
	hint := "state another " + f.Name
	if f.Nullable {
		hint += ", or null"
	}
	did := "deletes"
	switch {
	case ch.Action == diff.Replace:
		did = "replaces by " + ch.Address()
	case ch.Action == diff.Rename:
		did = "renames to " + ch.Address()
	}
	return schema.Problem{Place: o.PlaceOf(f.Name), Address: o.Address(), Warning: schema.WarnNumber, Hint: hint,
		Message: fmt.Sprintf("%s is the number of %s, which this plan %s", f.Name, ch.Live.NaturalAddress(), did)}
}
