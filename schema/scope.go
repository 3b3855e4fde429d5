package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// This file knows references to what stands below a parent: below the same one as the
// object that refers, so that people write a key and no more. In normal form such a
// reference is the whole address.

// ReferredTo returns what references in normal form call an object: its key at the top,
// its address below a parent.
func (o *Object) ReferredTo() string {
	if o.Parent == nil {
		return o.Key
	}
	return o.Address()
}

// Under returns the object of a kind that an object is, or stands under, nil if there
// is none.
func (o *Object) Under(k *Kind) *Object {
	for o != nil && o.Kind != k {
		o = o.Parent
	}
	return o
}

// ReferenceTo returns the normal form of a key that stands in a field of the object.
func (o *Object) ReferenceTo(f *Field, key string) string {
	if f.In == nil {
		return key
	}
	return AddressOf(o.Under(f.In), f.Ref, key)
}

// AddressOfRef returns the address of what a reference in normal form names.
func (f *Field) AddressOfRef(ref string) string {
	if f.In != nil {
		return ref
	}
	return AddressOf(nil, f.Ref, ref)
}

// EachRef visits the references in a value, with the fields that hold them: in lists, and in
// objects, too.
func (f *Field) EachRef(v any, visit func(*Field, any)) {
	if !f.Refers || v == nil {
		return
	}
	if f.Ref != nil {
		visit(f, v)
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			f.Items.EachRef(x, visit)
		}
	case map[string]any:
		for _, sub := range f.Fields {
			sub.EachRef(v[sub.Name], visit)
		}
	}
}

// MapRefs returns a value with others for the references in it.
func (f *Field) MapRefs(v any, with func(*Field, any) any) any {
	if !f.Refers || v == nil {
		return v
	}
	if f.Ref != nil {
		return with(f, v)
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = f.Items.MapRefs(x, with)
		}
		if f.Set {
			return normalList(f, out, func(_ *Field, x any) any { return x })
		}
		return out
	case map[string]any:
		out := maps.Clone(v)
		for _, sub := range f.Fields {
			if x := v[sub.Name]; x != nil {
				out[sub.Name] = sub.MapRefs(x, with)
			}
		}
		return out
	}
	return v
}

// RefersTo reports whether objects of the kind may refer to one of some kinds.
func (k *Kind) RefersTo(to func(*Kind) bool) bool {
	return slices.ContainsFunc(k.Fields, func(f *Field) bool { return fieldRefersTo(f, to) })
}

func fieldRefersTo(f *Field, to func(*Kind) bool) bool {
	return f.Ref != nil && to(f.Ref) || f.Items != nil && fieldRefersTo(f.Items, to) || slices.ContainsFunc(f.Fields, func(sub *Field) bool { return fieldRefersTo(sub, to) })
}

// checkScopes makes sure that each reference says which of the objects of one name it
// means.
func checkScopes(k *Kind) error {
	for _, f := range k.Fields {
		if err := checkScope(k, f); err != nil {
			return fmt.Errorf("%s: %w", f.API, err)
		}
	}
	return nil
}

func checkScope(k *Kind, f *Field) error {
	for _, sub := range append(slices.Clone(f.Fields), f.Items) {
		if sub == nil {
			continue
		}
		if err := checkScope(k, sub); err != nil {
			return err
		}
	}
	switch {
	case f.Ref == nil && f.In != nil:
		return fmt.Errorf("x-ref-in: the field refers to nothing")
	case f.Ref == nil:
		return nil
	case len(f.Ref.Parents) > 0 && f.In == nil:
		return fmt.Errorf("x-ref: each %s stands under something; say with x-ref-in under which", f.Ref.Word)
	case len(f.Ref.ID) > 0 && f.RefBy == "":
		return fmt.Errorf("x-ref: a %s has no id; say with x-ref-by what is sent", f.Ref.Word)
	case f.OrText && (f.Type != "string" || f.In != nil || len(f.Ref.Key) != 1 || f.RefBy != f.Ref.Key[0].Field.API):
		return fmt.Errorf("x-or-text: text is the key of a %s at the top of the tenant, or none", f.Ref.Word)
	case f.In == nil:
		return nil
	case !slices.Contains(f.Ref.Parents, f.In):
		return fmt.Errorf("x-ref-in: no %s stands under a %s", f.Ref.Word, f.In.Word)
	case k == f.In && k.Form == FormList:
		return fmt.Errorf("x-ref-in: what stands in a list has no key yet when its fields are read")
	}
	for _, r := range k.Routes {
		if !r.passes(f.In) {
			return fmt.Errorf("x-ref-in: a %s need not stand under a %s", k.Word, f.In.Word)
		}
	}
	return nil
}

func (r *Route) passes(k *Kind) bool {
	for ; r != nil; r = r.Parent {
		if r.Kind == k {
			return true
		}
	}
	return false
}

// Ref is a reference in normal form: what it names is said in one of three ways. As a value
// it is a key alone, {id: N} where the files do not call the object anything, or
// {dealer: KEY} for one that is not the tenant's own.
type Ref struct {
	Key    string // of an object of the tenant; its address below a parent
	ID     int64
	Dealer string // key of an object that the dealer shares
}

// RefOf reads a value of a reference. Anything else, and nothing, is the zero Ref.
func RefOf(v any) Ref {
	switch v := v.(type) {
	case string:
		return Ref{Key: v}
	case map[string]any:
		key, _ := v["dealer"].(string)
		return Ref{ID: wholeNumber(v["id"]), Dealer: key}
	}
	return Ref{}
}

// Value returns the value that RefOf reads, nil for the zero Ref.
func (r Ref) Value() any {
	switch {
	case r.ID != 0:
		return map[string]any{"id": r.ID}
	case r.Dealer != "":
		return map[string]any{"dealer": r.Dealer}
	case r.Key != "":
		return r.Key
	}
	return nil
}

// wholeNumber reads a number of a file, an answer, or a saved plan.
func wholeNumber(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case json.Number:
		i, _ := v.Int64()
		return i
	}
	return 0
}
