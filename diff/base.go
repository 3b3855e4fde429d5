package diff

import (
	"pbxsync/schema"
)

// This file asks the base what an object was, and whether tenant or files have moved from it.

// there reports whether the base had an object.
func there(was *schema.Object) bool { return was != nil && !was.Absent }

// was returns what the base has of an object, nil where it says nothing.
func (s *siding) was(o *schema.Object) *schema.Object {
	if found := s.base.Tenant.Object(s.address(o)); found != nil && !found.Bare {
		return found
	}
	if s.base.Whole[o.Kind] {
		return &schema.Object{Kind: o.Kind, Parent: o.Parent, Key: o.Key, Absent: true}
	}
	return nil
}

// address returns the one under which the base knows an object, which may have had another
// name.
func (s *siding) address(o *schema.Object) string {
	if s.base.Tenant.Object(o.Address()) != nil {
		return o.Address()
	}
	above := ""
	if o.Parent != nil {
		above = s.address(o.Parent) + "/"
	}
	for _, key := range append([]string{o.Key, o.NaturalKey()}, o.Previously...) {
		a := above + schema.AddressOf(nil, o.Kind, key)
		if s.base.Tenant.Object(a) != nil {
			return a
		}
		if handle, ok := s.handles[a]; ok {
			return handle
		}
	}
	return o.Address()
}

// handled are the addresses of the base under which it has what the tenant calls otherwise.
func handled(base *Base) map[string]string {
	out := map[string]string{}
	for _, o := range base.Tenant.Objects {
		if o.Name != "" {
			out[o.NaturalAddress()] = o.Address()
		}
	}
	return out
}

// value returns what a field was. References are those of today: what they lead to may have
// another name by now.
func (s *siding) value(o, was *schema.Object, name string) (any, bool) {
	f := o.Kind.Field(name)
	if o.Kind.IsKey(f) && len(o.Kind.Key) == 1 {
		return was.NaturalKey(), true
	}
	v, known := was.Values[name]
	if !known || !f.Refers {
		return v, known
	}
	return f.MapRefs(v, func(f *schema.Field, v any) any { return s.today(o, f, v) }), true
}

// today returns a reference of earlier files in the form that today's have.
func (s *siding) today(o *schema.Object, f *schema.Field, v any) any {
	r, l := schema.RefOf(v), s.live
	switch {
	case f.OrText && r.ID == 0:
		return f.Short(v, l.Prefix)
	case f.RefBy != "":
		return v
	case r.ID != 0:
		return l.Reference(o, f, r.ID)
	case r.Key == "":
		return v
	}
	if found := l.byKey[f.AddressOfRef(r.Key)]; len(found) == 1 {
		return found[0].ReferredTo()
	}
	return v
}

// named returns a live value with names for the ids that were read since it was.
func (s *siding) named(o *schema.Object, f *schema.Field, v any) any {
	return f.MapRefs(v, func(f *schema.Field, v any) any {
		if f.RefBy != "" || schema.RefOf(v).ID == 0 {
			return v
		}
		return s.live.Reference(o, f, v)
	})
}

// liveMoved reports whether a live value is not what the base has.
func (s *siding) liveMoved(o *schema.Object, f *schema.Field, was, now any) bool {
	if kept, ok := s.base.Kept[o.Address()][f.Name]; ok && schema.Equal(kept, now) {
		return false
	}
	if f.Apart {
		return !sameFile(was, now)
	}
	now = s.named(o, f, now)
	return !Same(f, f.Recorded(was), f.Recorded(now), s.live.Prefix)
}

// filesMoved reports whether the files say something else than the base.
func (s *siding) filesMoved(f *schema.Field, was, now any) bool {
	if f.Apart {
		return !sameFile(was, now)
	}
	was, now = f.Recorded(was), f.Recorded(now)
	return !schema.Equal(was, now) && !schema.Equal(f.Same(was, s.live.Prefix), f.Same(now, s.live.Prefix))
}

// restated reports whether the files say anything else of an object than the base.
func (s *siding) restated(o, was *schema.Object) bool {
	for name, v := range o.Values {
		f := o.Kind.Field(name)
		if b, known := s.value(o, was, name); !o.Kind.IsKey(f) && f.Comparable() && (!known || s.filesMoved(f, b, v)) {
			return true
		}
	}
	return false
}

// edited reports whether a live object is not as the base has it, as far as that says.
func (s *siding) edited(live *schema.Object) bool {
	was := s.was(live)
	if !there(was) {
		return false
	}
	for name := range was.Values {
		f := live.Kind.Field(name)
		now, read := live.Values[name]
		if b, known := s.value(live, was, name); known && read && !live.Kind.IsKey(f) && s.liveMoved(live, f, b, now) {
			return true
		}
	}
	return false
}
