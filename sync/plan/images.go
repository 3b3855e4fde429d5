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
func images(s *Basis) []record.Before {
	touched, leaving := map[*schema.Object]bool{}, diff.Leaving(s.Diff.Changes)
	for _, ch := range s.Diff.Changes {
		if ch.Live != nil {
			touched[ch.Live] = true
		}
	}
	var out []record.Before
	for _, o := range s.Live.Objects {
		if touched[o] || diff.Gone(leaving, o) {
			out = append(out, ImageOf(o))
		}
	}
	slices.SortStableFunc(out, func(a, b record.Before) int { return cmp.Compare(a.Address, b.Address) })
	return out
}

// ImageOf returns what an object is like, so that an undo can bring it back.
func ImageOf(o *schema.Object) record.Before {
	b := record.Before{Address: o.Address(), Kind: o.Kind.Word, Key: o.Key, Name: o.Name, ID: o.ID, Values: map[string]any{}}
	if o.Parent != nil {
		b.Parent = o.Parent.Address()
	}
	for _, f := range o.Kind.Fields {
		if v, ok := o.Values[f.Name]; ok && f.Comparable() && !f.Content {
			b.Values[f.Name] = f.Recorded(v)
		}
	}
	return b
}
