package sync

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// keepBase keeps what is wanted and was proved to be there, for later runs to tell what
// drifted. Of a part it is the part that is replaced; there has to be a whole one before.
func (w *writing) keepBase(s *observe.State) error {
	if w.Store == nil || s == nil || s.Live.New {
		return nil
	}
	t := tenantOf(s)
	records, err := w.records(t)
	if err != nil {
		return err
	}
	old := records.Base
	if w.saved != nil && w.saved.Base != nil {
		old = w.saved.Base // the plan was made of whole files, and these are what is applied
	}
	if old != nil && old.Client != t.ID {
		old = nil
	}
	if old == nil && s.Desired.Partial {
		return nil
	}
	a := acceptingOf(t)
	if s.Desired.Partial {
		a.takeOver(old)
	}
	a.take(s)
	if b := w.now.Base; b != nil {
		a.left(slices.Concat(w.now.State.Left, w.now.State.Waived), b)
	} else {
		a.waived(s.Desired, w.now.State.Diff.Accepted)
	}
	a.strays(s, w.now.State.Sides)
	if a.base.Rules = w.rules(); a.base.Rules == nil && old != nil {
		a.base.Rules = old.Rules // nobody reviewed, as in an undo
	}
	if err := w.Store.KeepBase(t, a.done()); err != nil {
		return fmt.Errorf("everything was carried out, but what is there now could not be kept for the next drift (%w); once it can, run apply again", err)
	}
	return nil
}

// Accepted is the base that the plan leaves once it is carried out, nil where the plan is of a
// part. A saved plan carries it.
func (p *Planned) Accepted() *record.Base {
	s := p.State
	if s.Desired.Partial || s.Live.New {
		return nil
	}
	a := acceptingOf(tenantOf(s))
	a.take(s)
	if p.Base != nil {
		a.left(slices.Concat(s.Left, s.Waived), p.Base)
	}
	a.strays(s, s.Sides)
	a.base.Rules = p.rules
	b := a.done()
	return &b
}

// rules are those by which the plan that is carried out was reviewed.
func (w *writing) rules() *review.Rules {
	if w.saved == nil {
		return w.options.Rules
	}
	if w.saved.Base == nil {
		return nil
	}
	return w.saved.Base.Rules
}

func acceptingOf(t plan.TenantID) *accepting {
	return &accepting{base: record.Base{Client: t.ID, Name: t.Name, Prefix: t.Prefix}, objects: map[string]record.Stated{}}
}

// accepting is a base on its way.
type accepting struct {
	base    record.Base
	objects map[string]record.Stated
}

// takeOver begins with an earlier base.
func (a *accepting) takeOver(old *record.Base) {
	for _, o := range old.Objects {
		o.Since = cmp.Or(o.Since, old.Taken)
		a.objects[o.Address] = o
	}
	a.base.Strays, a.base.Looked = old.Strays, old.Looked
}

// take takes in what is wanted.
func (a *accepting) take(s *observe.State) {
	waits := map[string][]string{}
	for _, x := range s.Diff.Awaiting {
		waits[x.Address] = append(waits[x.Address], x.Field)
	}
	for _, o := range s.Desired.Objects {
		if o.Bare || o.Awaited && s.Live.Object(o.Address()) == nil {
			continue
		}
		old := a.objects[o.Address()]
		now := stated(o)
		if live := s.Live.Object(o.Address()); live != nil {
			now.LiveID = live.ID
		}
		for _, name := range waits[o.Address()] {
			delete(now.Values, name) // it is not so yet
		}
		if s.Desired.Partial && !o.Absent && o.Previously == nil {
			now.Values = merged(old.Values, now.Values)
		}
		a.objects[o.Address()] = now
	}
}

func merged(old, now map[string]any) map[string]any {
	out := maps.Clone(old)
	if out == nil {
		return now
	}
	maps.Copy(out, now)
	return out
}

// stated returns what files state of an object, as it may be written down.
func stated(o *schema.Object) record.Stated {
	s := record.Stated{Object: record.Of(o), Absent: o.Absent}
	s.Values = map[string]any{}
	for name, v := range o.Values {
		if f := o.Kind.Field(name); f != nil && (f.Comparable() || f.Apart) {
			s.Values[name] = f.Recorded(v)
		}
	}
	return s
}

// left keeps of what is left alone what the base had before.
func (a *accepting) left(left []*diff.Sided, b *Base) {
	for _, x := range left {
		since := cmp.Or(b.Since[x.Address()], b.Taken)
		if x.Fate != diff.Changed {
			if x.Was != nil && b.Tenant.Object(x.Was.Address()) != nil {
				s := stated(x.Was)
				s.Since, s.LiveID = since, b.IDs[s.Address]
				a.objects[s.Address] = s
			}
			continue
		}
		s, known := a.objects[x.Address()]
		if !known {
			continue
		}
		for _, f := range x.Fields {
			if field := x.Object.Kind.Field(f.Name); f.Known && !x.Object.Kind.IsKey(field) {
				s.Values[f.Name] = field.Recorded(f.Base)
			}
		}
		s.Since = since
		a.objects[x.Address()] = s
	}
}

// waived keeps of a first base what the files say, and not what they let be for some days: once
// these are over, that is drift.
func (a *accepting) waived(desired *schema.Tenant, list []diff.Accepted) {
	for _, x := range list {
		if x.Field == "" {
			continue // an object that may be there, or be missing
		}
		if f := desired.Object(x.Address).Kind.Field(x.Field); f.Comparable() {
			a.objects[x.Address].Values[x.Field] = f.Recorded(x.New)
		}
	}
}

// strays notes what no file declares, without what appeared and is no more accepted than before.
func (a *accepting) strays(s *observe.State, sides []*diff.Sided) {
	not := map[string]bool{}
	for _, x := range sides {
		not[x.Address()] = x.Fate == diff.Appeared && x.Side == diff.Drift
	}
	a.base.Strays = append(slices.Clone(a.base.Strays), s.Diff.StrayAddresses(not)...)
	if !s.Desired.Partial {
		a.base.Looked = looked(s.Desired)
	}
}

// looked are the lists in which strays were looked for.
func looked(t *schema.Tenant) []string {
	var out []string
	add := func(parent *schema.Object, kinds map[*schema.Kind]schema.Place) {
		for k := range kinds {
			if !k.Singleton() && t.PolicyOf(k) != schema.Ignore {
				out = append(out, diff.ListOf(parent, k))
			}
		}
	}
	add(nil, t.Managed)
	for _, o := range t.Objects {
		if !o.Absent {
			add(o, o.Manages)
		}
	}
	return slices.Sorted(slices.Values(out))
}

// done returns the base.
func (a *accepting) done() record.Base {
	for _, address := range slices.Sorted(maps.Keys(a.objects)) {
		a.base.Objects = append(a.base.Objects, a.objects[address])
	}
	slices.Sort(a.base.Strays)
	a.base.Strays = slices.Compact(a.base.Strays)
	return a.base
}
