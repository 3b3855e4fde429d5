package plan

import (
	"cmp"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/record"
)

// images returns the live objects that the changes of a state touch, as they are now:
// what goes with a deleted object too, as far as it was read.
func images(s *Basis) []record.Object {
	touched, leaving := map[*schema.Object]bool{}, diff.Leaving(s.Diff.Changes)
	for _, ch := range s.Diff.Changes {
		if ch.Live != nil {
			touched[ch.Live] = true
		}
	}
	var out []record.Object
	for _, o := range s.Live.Objects {
		if touched[o] || diff.Gone(leaving, o) {
			out = append(out, ImageOf(o))
		}
	}
	slices.SortStableFunc(out, func(a, b record.Object) int { return cmp.Compare(a.Address, b.Address) })
	return out
}

// ImageOf returns what an object is like, so that an undo can bring it back.
func ImageOf(o *schema.Object) record.Object {
	b := record.Of(o)
	b.Values = map[string]any{}
	for _, f := range o.Kind.Fields {
		if v, ok := o.Values[f.Name]; ok && f.Comparable() && !f.Apart {
			b.Values[f.Name] = f.Recorded(v)
		}
	}
	return b
}
