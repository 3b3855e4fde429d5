package diff

import (
	"slices"

	"pbxsync/schema"
)

// Leave takes out of what is wanted whatever drifted, so that it stays as it is, and returns
// that. What a change of the files cannot do without is put back all the same, and is in
// needed. What is wanted has to be compared again.
func Leave(sides []*Sided, r *Result, desired *schema.Tenant, live *Live) (left, needed []*Sided) {
	l := &leaving{desired: desired, live: live, left: map[part]bool{}}
	for _, x := range sides {
		l.add(x)
	}
	for again := len(l.left) > 0; again; {
		again = false
		for _, ch := range r.Changes {
			again = l.needs(ch) || again
		}
	}
	for _, x := range sides {
		stays, goes := l.split(x)
		left, needed = append(left, stays...), append(needed, goes...)
	}
	l.strip(left)
	return left, needed
}

// part is an object, or one field of it.
type part struct{ address, field string }

// leaving is what drifted on its way out of what is wanted.
type leaving struct {
	desired *schema.Tenant
	live    *Live
	left    map[part]bool
}

// add takes in what may be left alone.
func (l *leaving) add(x *Sided) {
	if x.Fate != Changed {
		if x.Side == Drift {
			l.left[part{x.Address(), ""}] = true
		}
		return
	}
	for _, f := range x.Fields {
		if f.Side == Drift {
			l.left[part{x.Address(), f.Name}] = true
		}
	}
}

// keep puts a part back, and reports whether it was left alone before.
func (l *leaving) keep(address, field string) bool {
	p := part{address, field}
	was := l.left[p]
	delete(l.left, p)
	return was
}

// needs puts back what a change cannot do without, and reports whether there was something.
func (l *leaving) needs(ch *Change) bool {
	if l.left[part{ch.Address(), ""}] {
		return false
	}
	found := false
	if ch.Ends() {
		found = l.letGo(ch.Live)
	}
	if o := ch.Desired; o != nil && !o.Absent {
		found = l.reaches(o, ch) || found
	}
	return found
}

// reaches puts back what a declared object lies under or refers to, and what comes with it.
func (l *leaving) reaches(o *schema.Object, ch *Change) bool {
	found := false
	if o.Parent != nil {
		found = l.keep(o.Parent.Address(), "")
	}
	for _, k := range o.Kind.Children {
		if k.Implicit() && ch.Live == nil {
			found = l.keep(schema.AddressOf(o, k, ""), "") || found
		}
	}
	for _, fc := range ch.Fields {
		if l.left[part{o.Address(), fc.Name}] {
			continue
		}
		for _, target := range l.desired.Targets(o.Kind.Field(fc.Name), fc.New) {
			found = l.keep(target.Address(), "") || found
		}
	}
	return found
}

// letGo puts back the fields that refer to an object which goes, since they would keep it.
func (l *leaving) letGo(gone *schema.Object) bool {
	found := false
	for _, o := range l.live.Objects {
		for _, f := range o.Kind.Fields {
			if f.Refers && l.left[part{o.Address(), f.Name}] && l.refers(f, o.Values[f.Name], gone) {
				found = l.keep(o.Address(), f.Name) || found
			}
		}
	}
	return found
}

func (l *leaving) refers(f *schema.Field, v any, gone *schema.Object) bool {
	found := false
	f.EachRef(v, func(f *schema.Field, v any) { found = found || l.live.Target(f, v) == gone })
	return found
}

// split tells what of an object that drifted is left alone from what is put back.
func (l *leaving) split(x *Sided) (stays, goes []*Sided) {
	if x.Fate != Changed {
		switch {
		case l.left[part{x.Address(), ""}]:
			return []*Sided{x}, nil
		case x.Side == Drift:
			return nil, []*Sided{x}
		}
		return nil, nil
	}
	rest, back := *x, *x
	rest.Fields, back.Fields = nil, nil
	for _, f := range x.Fields {
		switch {
		case l.left[part{x.Address(), f.Name}]:
			rest.Fields = append(rest.Fields, f)
		case f.Side == Drift:
			back.Fields = append(back.Fields, f)
		}
	}
	if len(rest.Fields) > 0 {
		rest.Side, stays = Drift, []*Sided{&rest}
	}
	if len(back.Fields) > 0 {
		back.Side, goes = Drift, []*Sided{&back}
	}
	return stays, goes
}

// strip takes what is left alone out of what is wanted.
func (l *leaving) strip(left []*Sided) {
	gone := map[*schema.Object]bool{}
	for _, x := range left {
		o := l.desired.Object(x.Address())
		switch {
		case x.Fate == Changed:
			l.unstate(o, x.Fields)
		case o != nil:
			gone[o] = true
		}
		if x.Fate == Appeared {
			l.spare(x.Address())
		}
	}
	l.unname(gone)
	l.desired.Remove(gone)
}

// spare keeps a stray from being pruned.
func (l *leaving) spare(address string) {
	if l.desired.Spared == nil {
		l.desired.Spared = map[string]bool{}
	}
	l.desired.Spared[address] = true
}

// unstate takes fields out of a declared object.
func (l *leaving) unstate(o *schema.Object, fields []SidedField) {
	for _, f := range fields {
		if o.Kind.IsKey(o.Kind.Field(f.Name)) {
			o.Name = l.live.Object(o.Address()).NaturalKey() // it keeps the name that it has
			continue
		}
		delete(o.Values, f.Name)
		delete(o.Places, f.Name)
	}
}

// unname takes out what stood there only for fields that are left alone: it is not in the
// tenant, and nothing needs it.
func (l *leaving) unname(gone map[*schema.Object]bool) {
	named := map[*schema.Object]bool{}
	for _, o := range l.desired.Objects {
		for p := o.Parent; p != nil && !gone[o]; p = p.Parent {
			named[p] = true
		}
		for _, f := range o.Kind.Fields {
			if v := o.Values[f.Name]; f.Refers && v != nil && !gone[o] {
				for _, target := range l.desired.Targets(f, v) {
					named[target] = true
				}
			}
		}
	}
	for _, o := range l.desired.Objects {
		gone[o] = gone[o] || o.Bare && !named[o] && l.live.Object(o.Address()) == nil
	}
}

// StrayAddresses returns the addresses of the live objects of a result that no file declares, without
// those that are not accepted.
func (r *Result) StrayAddresses(not map[string]bool) []string {
	var out []string
	for _, s := range r.Strays {
		if a := s.Object.Address(); !not[a] {
			out = append(out, a)
		}
	}
	slices.Sort(out)
	return out
}
