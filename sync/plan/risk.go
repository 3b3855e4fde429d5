package plan

import (
	"maps"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
)

// This file says of each change what it can do to people, by the data of the kinds.

// weigh puts the classes of risk of a change on it, and on each of its fields.
func weigh(c *Change, ch *diff.Change, live *diff.Live) {
	w := weighing{c, ch, before(ch, live)}
	for i := range c.Fields {
		f := &c.Fields[i]
		f.Risks = w.field(ch.Object().Kind.Field(f.Name), f)
		w.add(f.Risks)
	}
	w.sent()
	if ch.Ends() {
		w.left()
		w.taken(ch.Live.Kind)
		for _, address := range ch.Gone {
			if o := live.Object(address); o != nil {
				w.taken(o.Kind)
			}
		}
	}
	if ch.Makes() {
		w.add(ch.Desired.Kind.Risks.Has(risk.Created))
	}
	if len(c.Silent) > 0 {
		w.add([]risk.Class{risk.Cuts})
	}
	c.Risks = risk.Sorted(c.Risks)
}

// before returns the live object whose place the object of a change takes, or which it
// changes; nil where nothing was there.
func before(ch *diff.Change, live *diff.Live) *schema.Object {
	if ch.Live != nil || ch.Desired == nil || ch.Desired.Parent == nil || !ch.Desired.Kind.Implicit() {
		return ch.Live
	}
	for _, old := range live.Predecessors(ch.Desired.Parent) {
		for _, o := range live.Objects {
			if o.Parent == old && o.Kind == ch.Desired.Kind {
				return o
			}
		}
	}
	return nil
}

type weighing struct {
	*Change
	ch  *diff.Change
	was *schema.Object
}

func (w weighing) add(classes []risk.Class) { w.Risks = append(w.Risks, classes...) }

// field weighs one field. Of an object that takes the place of another, what that had is what
// was.
func (w weighing) field(f *schema.Field, c *FieldChange) []risk.Class {
	if f == nil {
		return nil
	}
	t := risk.Turn{Was: c.Old, Is: c.New, New: w.was == nil}
	if w.was != nil && c.First {
		if t.Was = w.was.Values[f.Name]; schema.Equal(t.Was, t.Is) {
			return nil
		}
	}
	return schema.RisksOf(f, t)
}

// sent weighs what is sent and is no state: secrets, and what acts once.
func (w weighing) sent() {
	k := w.ch.Object().Kind
	for _, name := range slices.Sorted(maps.Keys(w.Secrets)) {
		w.add(schema.RisksOf(k.Field(name), risk.Turn{Is: w.Secrets[name], New: w.was == nil}))
	}
	if !w.ch.Makes() {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(w.Once)) {
		if f := k.Field(name); f != nil {
			w.add(schema.RisksOf(f, risk.Turn{Is: w.Once[name], New: w.was == nil}))
		}
	}
}

// left weighs what a replaced object had and the new one does not say: the server has its own
// choice there.
func (w weighing) left() {
	if !w.ch.Makes() {
		return
	}
	for _, f := range w.ch.Desired.Kind.Fields {
		was, shown := w.ch.Live.Values[f.Name]
		if _, stated := w.ch.Desired.Values[f.Name]; stated || !shown || !f.Comparable() {
			continue
		}
		if is := f.Live(f.Default, ""); !schema.Equal(was, is) {
			w.add(schema.RisksOf(f, risk.Turn{Was: was, Is: is}))
		}
	}
}

// taken weighs what goes with a deleted object of a kind.
func (w weighing) taken(k *schema.Kind) {
	w.add(k.Risks.Has(risk.Deleted))
	if k.Loses != "" || len(k.Unread.Parts) > 0 {
		w.add([]risk.Class{risk.Loses})
	}
}

// LookBack weighs the changes the other way round: what happened to the live tenant since it was
// as the files want it. The steps that lead back stay as they are, and so does what is pending:
// there the files moved.
func (p *Plan) LookBack(s *Basis, pending map[string]bool) {
	for i, ch := range s.Diff.Changes {
		if pending[ch.Address()] {
			continue
		}
		c := &p.Changes[i]
		c.Risks = nil
		w := weighing{c, ch, ch.Live}
		for j := range c.Fields {
			f := &c.Fields[j]
			f.Risks = nil
			if rules := ch.Object().Kind.Field(f.Name); rules != nil && ch.Live != nil {
				f.Risks = schema.RisksOf(rules, risk.Turn{Was: f.New, Is: f.Old})
			}
			w.add(f.Risks)
		}
		switch {
		case ch.Action == diff.Delete:
			w.add(Appeared(ch.Live))
		case ch.Action == diff.Create:
			w.taken(ch.Desired.Kind)
		case ch.Action == diff.Replace:
			w.taken(ch.Desired.Kind)
			w.add(Appeared(ch.Live))
		}
		c.Risks = risk.Sorted(c.Risks)
	}
}

// Appeared returns the classes of risk of a live object that no file wants.
func Appeared(o *schema.Object) []risk.Class {
	out := slices.Clone(o.Kind.Risks.Has(risk.Created))
	for _, f := range o.Kind.Fields {
		if v, shown := o.Values[f.Name]; shown {
			out = append(out, schema.RisksOf(f, risk.Turn{Is: v, New: true})...)
		}
	}
	return risk.Sorted(out)
}
