package diff

import (
	"slices"

	"pbxsync/schema"
)

// Unnamed returns the kinds of which an object has to be read before the old value of a
// reference can be told by its name, in the order of the changes.
func (r *Result) Unnamed(live *Live) []*schema.Kind {
	var kinds []*schema.Kind
	r.oldIDs(func(f *schema.Field, x *Field) {
		if !live.Lists[f.Ref] && len(f.Ref.Parents) == 0 && !slices.Contains(kinds, f.Ref) {
			kinds = append(kinds, f.Ref)
		}
	})
	return kinds
}

// Name tells the old values of references by name where these objects have been read. One
// that shares its name with another, or whose heir has it, keeps its id beside the name.
func (r *Result) Name(live *Live) {
	type name struct {
		kind *schema.Kind
		key  string
	}
	have := map[name]int{}
	for _, o := range live.Objects {
		have[name{o.Kind, o.NaturalKey()}]++
	}
	r.oldIDs(func(f *schema.Field, x *Field) {
		target := live.Target(f, x.Old)
		if target == nil {
			return
		}
		if now := live.Reference(nil, f, x.Old); schema.RefOf(now).ID == 0 && have[name{f.Ref, target.NaturalKey()}] == 1 {
			x.Old = now
		} else {
			x.OldName = target.NaturalKey()
		}
	})
}

// oldIDs calls do for each old value of a reference that is an id alone.
func (r *Result) oldIDs(do func(*schema.Field, *Field)) {
	for _, ch := range r.Changes {
		for i := range ch.Fields {
			x := &ch.Fields[i]
			f := ch.Object().Kind.Field(x.Name)
			if f != nil && f.Ref != nil && schema.RefOf(x.Old).ID != 0 {
				do(f, x)
			}
		}
	}
}
