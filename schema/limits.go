package schema

import (
	"fmt"
	"slices"
)

// Limits returns the kind that holds the tenant's limits, or nil.
func (c *Catalogue) Limits() *Kind {
	i := slices.IndexFunc(c.Kinds, func(k *Kind) bool { return k.HoldsLimits })
	if i < 0 {
		return nil
	}
	return c.Kinds[i]
}

// LimitPerParent is the word of x-limit for a limit that counts within the parent.
const LimitPerParent = "parent"

// LimitGroup names the objects with which o shares its limit: those of its kind,
// under one parent or with one value of a field where the limit counts so.
func (o *Object) LimitGroup() string {
	group := o.Kind.Word
	switch per := o.Kind.Limit.Per; per {
	case "":
	case LimitPerParent:
		group += " of " + o.Parent.Address()
	default:
		f := fieldByAPI(o.Kind, per)
		if key, ok := o.Values[f.Name].(string); ok && f.Ref != nil {
			group += " of " + AddressOf(nil, f.Ref, key)
		} else {
			group += " with " + f.Name + " " + fmt.Sprint(o.Values[f.Name])
		}
	}
	return group
}

func (c *Catalogue) fillLimit(k *Kind, r *rawKind) error {
	k.Limit = Limit{Name: r.Limit.Name, Per: r.Limit.Per, Unsure: r.Limit.Unsure}
	or := r.Limit.Or
	if or.Word == "" {
		return nil
	}
	k.Limit.Or = &OtherWay{Word: or.Word}
	if or.Items != "" {
		if k.Limit.Or.Items = fieldByAPI(k, or.Items); k.Limit.Or.Items == nil || k.Limit.Or.Items.Items == nil {
			return fmt.Errorf("x-limit: %q is no list", or.Items)
		}
	}
	for _, word := range or.With {
		other := c.byWord[word]
		if other == nil {
			return fmt.Errorf("x-limit: %q is no kind", word)
		}
		k.Limit.Or.With = append(k.Limit.Or.With, other)
	}
	return nil
}

// Counts reports whether objects of another kind count in this way too.
func (w *OtherWay) Counts(k, other *Kind) bool { return other == k || slices.Contains(w.With, other) }

// OtherLength says what length the value of a field of o should have by the values of the
// tenant itself, or 0 where it has that or it is not known.
func (o *Object) OtherLength(f *Field, tenant map[string]any) int64 {
	if f.Length == "" {
		return 0
	}
	want, stated := tenant[f.Length].(int64)
	s, ok := o.ValueOf(f).(string)
	if !stated || !ok || int64(len(s)) == want {
		return 0
	}
	return want
}

// WrongLength words that a value has another length than the tenant's field says.
func (o *Object) WrongLength(f *Field, want int64) Problem {
	s, _ := o.ValueOf(f).(string)
	return Problem{Place: o.PlaceOf(f.Name), Address: o.Address(),
		Message: fmt.Sprintf("%s %q has %d digits, and %s is %d in this tenant", f.Name, s, len(s), f.Length, want),
		Hint:    fmt.Sprintf("write a %s of %d digits", f.Name, want)}
}
