package pull

import (
	"fmt"
	"maps"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// taking is what the files are going to say otherwise, by address.
type taking struct {
	fields map[string]map[string]any // live values
	gone   map[string]bool
	added  []*schema.Object // live, parents first
	known  map[string]bool  // addresses of these
	left   map[string]schema.Problem
	stays  map[string]bool // by address and field: what the files say otherwise on purpose; true: no run has applied it yet

	sides map[string]*diff.Sided // who moved; nil: that is not known
	only  []string               // patterns of what is taken in any case
}

func newTaking() *taking {
	return &taking{fields: map[string]map[string]any{}, gone: map[string]bool{}, known: map[string]bool{}, left: map[string]schema.Problem{}, stays: map[string]bool{}}
}

// take adds what a comparison has found, and reports whether there was anything new.
func (t *taking) take(s *observe.State) bool {
	before := len(t.gone) + len(t.added)
	fresh := false
	for _, ch := range s.Diff.Changes {
		fresh = t.change(ch) || fresh
	}
	for _, st := range s.Diff.Stuck {
		if t.mayField(s.Desired.Object(st.Address), diff.Field{Name: st.Field, Old: st.Old, New: st.New, Place: st.Place}) {
			fresh = t.field(st.Address, st.Field, st.Old) || fresh
		}
	}
	for _, stray := range s.Diff.Strays {
		if t.may(stray.Object) {
			t.add(stray.Object)
		}
	}
	for _, o := range s.Desired.Objects {
		t.missing(s, o)
		t.born(s, o)
	}
	return fresh || len(t.gone)+len(t.added) > before
}

// change takes the fields of one change, or leaves it where the files ask for something.
func (t *taking) change(ch *diff.Change) bool {
	switch {
	case ch.Pruned:
		if t.may(ch.Live) {
			t.add(ch.Live)
		}
		return false
	case ch.Action == diff.Delete && ch.Desired != nil:
		t.leave(ch.Address(), ch.Desired.Place, "delete the line to keep it", "is to be deleted, and is still there")
		return false
	case ch.Action == diff.Replace:
		t.leave(ch.Address(), ch.Desired.Place, "delete replaces: to keep the old one", "is to take the place of "+ch.Live.KnownAs()+", which is still there")
		return false
	case ch.Live == nil || ch.Desired == nil:
		return false
	}
	fresh := false
	for _, f := range ch.Fields {
		if own := ch.Desired.Kind.Field(f.Name); ch.Desired.Kind.IsKey(own) {
			t.leave(ch.Address(), f.Place, "delete previously: and write the old name to keep that", fmt.Sprintf("is to be renamed, and is still called %v", f.Old))
			continue
		}
		if t.mayField(ch.Desired, f) {
			fresh = t.field(ch.Address(), f.Name, f.Old) || fresh
		}
	}
	return fresh
}

func (t *taking) field(address, name string, live any) bool {
	if _, known := t.fields[address][name]; known {
		return false
	}
	if t.fields[address] == nil {
		t.fields[address] = map[string]any{}
	}
	t.fields[address][name] = live
	return true
}

func (t *taking) add(o *schema.Object) {
	if !t.known[o.Address()] {
		t.known[o.Address()] = true
		t.added = append(t.added, o)
	}
}

func (t *taking) leave(address string, at schema.Place, hint, message string) {
	t.leaveField(address, "", at, hint, message)
}

func (t *taking) leaveField(address, field string, at schema.Place, hint, message string) {
	name := address
	if field != "" {
		name += "." + field
	}
	if _, said := t.left[name]; !said {
		t.left[name] = schema.Problem{Place: at, Address: address, Message: message, Hint: hint, Warning: schema.WarnLeftOut}
	}
}

// missing takes out a declared object that the tenant does not have any more.
func (t *taking) missing(s *observe.State, o *schema.Object) {
	switch {
	case s.Live.Object(o.Address()) != nil, o.Absent, o.Bare, o.Awaited, s.Live.Vague(o), t.known[o.Address()], t.kept(o, ""), !t.may(o):
	case unlisted(o.Kind):
		t.leave(o.Address(), o.Place, "delete the object by hand if it is gone", "is not known to be there: the server lists none of its kind")
	default:
		t.gone[o.Address()] = true
	}
}

// born takes what exists with an object that is new to the files.
func (t *taking) born(s *observe.State, o *schema.Object) {
	if !t.known[o.Address()] {
		return
	}
	for _, k := range o.Kind.Children {
		if !k.Singleton() {
			continue
		}
		if live := s.Live.Object(schema.AddressOf(o, k, "")); live != nil {
			t.add(live)
		}
	}
}

// apply lets a tenant of the files say what was taken.
func (t *taking) apply(to *schema.Tenant) {
	kept := to.Objects[:0:0]
	for _, o := range to.Objects {
		if !t.out(o) {
			kept = append(kept, o)
		}
	}
	to.Objects = kept
	to.Index()
	for _, o := range to.Objects {
		maps.Copy(o.Values, t.fields[o.Address()])
	}
	for _, live := range t.added {
		to.Add(declared(to, live))
	}
}

// out reports whether an object goes, by itself or with its parent.
func (t *taking) out(o *schema.Object) bool {
	for ; o != nil; o = o.Parent {
		if t.gone[o.Address()] {
			return true
		}
	}
	return false
}

// declared is a live object as files would declare it, with all that can lie under it.
func declared(in *schema.Tenant, live *schema.Object) *schema.Object {
	o := &schema.Object{Kind: live.Kind, Key: live.Key, Name: live.Name, Values: maps.Clone(live.Values), Places: map[string]schema.Place{},
		Manages: map[*schema.Kind]schema.Place{}}
	if live.GoesByID() || live.Unnamed {
		o.ID = live.ID
	}
	if live.Parent != nil {
		o.Parent = in.Object(live.Parent.Address())
	}
	for _, k := range live.Kind.Children {
		if k.Managed() && k.Readable() && live.Misfit(k) == "" {
			o.Manages[k] = schema.Place{}
		}
	}
	return o
}
