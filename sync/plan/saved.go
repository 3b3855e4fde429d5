package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/record"
)

// saved returns a change in the form in which plans hold it.
func saved(ch *diff.Change) Change {
	o := ch.Object()
	c := Change{Action: ch.Action, Address: ch.Address(), Place: o.Place, Why: ch.Why, Gone: ch.Gone}
	for _, f := range ch.Fields {
		c.Fields = append(c.Fields, FieldChange{Name: f.Name, Old: recorded(o.Kind, f.Name, f.Old), OldName: f.OldName, New: f.New, First: f.Unknown, Place: f.Place})
	}
	if ch.Ends() {
		c.Loses, c.Follows = o.Kind.Loses, mayFollow(o.Kind)
		if ch.Action == diff.Delete {
			c.Once = o.Once
		}
	}
	if heir := heirOf(ch); heir != nil {
		c.Replaces = ch.Live.KnownAs()
		c.Place = heir.Place
	}
	if ch.Makes() {
		c.Once = o.Once
	}
	c.Secrets = sends(ch)
	for _, u := range ch.Unstated {
		if c.Unstated == nil {
			c.Unstated = map[string]any{}
		}
		c.Unstated[u.Name] = u.Value
	}
	return c
}

// recorded returns a live value as a plan may say it.
func recorded(k *schema.Kind, field string, v any) any {
	if f := k.Field(field); f != nil {
		return f.Recorded(v)
	}
	return v
}

// sends says of each secret that a change sends where it is found, and why it is
// sent where the object is there already.
func sends(ch *diff.Change) map[string]string {
	o := ch.Object()
	out := map[string]string{}
	for name, ref := range o.Secrets {
		why, again := o.Resend[name]
		switch {
		case again:
			out[name] = fmt.Sprintf("%s (%s)", ref, why)
		case ch.Makes() && ref.Version > 1:
			out[name] = fmt.Sprintf("%s (version %d)", ref, ref.Version)
		case ch.Makes():
			out[name] = ref.String()
		}
	}
	return out
}

// wanted returns the objects that the changes touch, and, bare, those that they
// name: parents, targets, and what shares one call with them.
func wanted(s *Basis) []Wanted {
	w := &wanting{state: s, full: map[*schema.Object]bool{}, renamed: map[*schema.Object]bool{}, replaces: map[*schema.Object]bool{}, all: map[string]*schema.Object{}}
	touched := make([]*schema.Object, len(s.Diff.Changes))
	for i, ch := range s.Diff.Changes {
		switch heir := heirOf(ch); {
		case heir != nil:
			touched[i] = heir
			w.replaces[heir] = true
		case ch.Desired == nil:
			touched[i] = w.prune(ch.Live)
		default:
			touched[i] = ch.Desired
			w.renamed[ch.Desired] = ch.Action == diff.Rename
		}
		w.full[touched[i]] = true
	}
	for i, o := range touched {
		w.include(o)
		w.includeOld(s.Diff.Changes[i])
	}
	out := make([]Wanted, 0, len(w.all))
	for _, a := range slices.Sorted(maps.Keys(w.all)) {
		out = append(out, w.entry(w.all[a]))
	}
	// A parent's address is a prefix of its children's, so it sorts before them.
	slices.SortStableFunc(out, func(a, b Wanted) int { return strings.Compare(a.Address, b.Address) })
	return out
}

type wanting struct {
	state *Basis
	full  map[*schema.Object]bool
	all   map[string]*schema.Object

	renamed, replaces map[*schema.Object]bool // by which the plan finds live objects again
}

// heirOf returns the declared object for which a change deletes a live one, or nil.
func heirOf(ch *diff.Change) *schema.Object {
	if ch.Ends() {
		return ch.Live.ReplacedBy
	}
	return nil
}

// prune says of a stray in words of a file that it is to go.
func (w *wanting) prune(live *schema.Object) *schema.Object {
	o := &schema.Object{Kind: live.Kind, Key: live.Key, Name: live.Name, Absent: true, Pruned: true, Values: map[string]any{}}
	if live.Kind.Form != schema.FormSingle {
		o.ID = live.ID
	}
	if live.Parent != nil {
		o.Parent = w.state.Desired.Object(live.Parent.Address())
	}
	return o
}

func (w *wanting) include(o *schema.Object) {
	if o == nil || w.all[o.Address()] != nil || o.Absent && !w.full[o] {
		return // what is absent comes in as a change of its own
	}
	w.all[o.Address()] = o
	w.include(o.Parent)
	if !w.full[o] {
		return
	}
	for _, f := range o.Kind.Fields {
		for _, target := range w.state.Desired.Targets(f, o.Values[f.Name]) {
			w.include(target)
		}
	}
	for _, other := range inOneCall(w.state.Desired, o) {
		w.full[other] = true
		w.all[other.Address()] = other
	}
}

// includeOld includes what a changed reference pointed to: it may go by a handle.
func (w *wanting) includeOld(ch *diff.Change) {
	for _, fc := range ch.Fields {
		f := ch.Desired.Kind.Field(fc.Name)
		for _, target := range w.state.Desired.Targets(f, fc.Old) {
			w.include(target)
		}
	}
}

func (w *wanting) entry(o *schema.Object) Wanted {
	e := Wanted{Object: record.Of(o), Absent: o.Absent, Pruned: o.Pruned, Bare: !w.full[o], Awaited: o.Awaited, Place: o.Place}
	e.ID = w.idOnRecord(o)
	if w.full[o] {
		e.Values, e.Once, e.Secrets, e.Places, e.Resend = o.Values, o.Once, o.Secrets, o.Places, o.Resend
		if w.renamed[o] {
			e.Renamed = o.Previously
		}
		if w.replaces[o] {
			e.Takes = o.Replaces
		}
	}
	return e
}
