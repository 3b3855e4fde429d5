package diff

import (
	"slices"
	"strconv"
	"strings"

	"pbxsync/schema"
)

// Side says who moved since the base: the tenant, the files, or both.
type Side string

// The sides of a difference. Without a base none has one.
const (
	Drift    Side = "drift"    // somebody changed the tenant
	Pending  Side = "pending"  // somebody changed the files
	Conflict Side = "conflict" // both were changed, and not to the same
	Alike    Side = "same"     // both were changed to the same, so that nothing differs
)

// Fate is what became of an object as a whole since the base.
type Fate string

// The fates of objects.
const (
	Changed    Fate = "changed"    // it is there, and some of its fields moved
	Deleted    Fate = "deleted"    // it is not in the tenant any more
	Appeared   Fate = "appeared"   // it is in the tenant and was not
	Added      Fate = "added"      // the files state it and did not
	Dropped    Fate = "dropped"    // the files wanted it and do not any more
	Undeclared Fate = "undeclared" // it is in no file, and was in none
)

// Base is a tenant as it was last applied or accepted.
type Base struct {
	Tenant *schema.Tenant            // its objects in the normal form of files; what was to be absent is
	Strays map[string]bool           // the addresses of what no file declared
	Looked map[string]bool           // the lists in which strays were looked for, by the address of their parent and kind
	Whole  map[*schema.Kind]bool     // kinds of which the tenant has everything that was there then
	IDs    map[string]int64          // address -> its id in the tenant, where that is known
	Kept   map[string]map[string]any // address -> field -> the form in which the server keeps what was sent
}

// Sided is an object that moved since the base, with whatever of it did.
type Sided struct {
	Object *schema.Object // of the files, where they have it
	Fate   Fate
	Side   Side // the gravest of its fields; "" of a stray that is no difference
	Fields []SidedField
	Was    *schema.Object // what the base has of it; nil: nothing
	Stuck  bool           // no call can bring back one of the fields
	Now    *schema.Object // what it is called in the tenant by now: it is gone under its name, and was renamed; nil: it was not
	Before *schema.Object // of what it was called so before; nil: nothing
}

// SidedField is a field that moved: what it was, what it is, and what the files say.
type SidedField struct {
	Name          string
	Side          Side
	Known         bool // the base states it
	Base          any
	Live, Desired any
	LiveName      string // of the object that Live refers to, where its key does not tell it
	Place         schema.Place
}

// Address returns the address of the object.
func (s *Sided) Address() string { return s.Object.Address() }

// Moved reports whether the tenant moved, and not to what the files want by now.
func (s *Sided) Moved() bool { return s.Side == Drift || s.Side == Conflict }

// Sides says of each difference of a comparison who moved, by address. The two tenants are
// those that were compared.
func Sides(r *Result, desired *schema.Tenant, live *Live, base *Base) []*Sided {
	s := &siding{desired: desired, live: live, base: base, by: map[string]*Sided{}, handles: handled(base)}
	for _, ch := range r.Changes {
		s.change(ch)
	}
	for _, st := range r.Stuck {
		o := desired.Object(st.Address)
		x := s.take(o, Changed)
		x.Stuck = true
		s.field(x, s.was(o), Field{Name: st.Field, Old: st.Old, New: st.New, Place: st.Place})
	}
	for _, m := range r.Missing {
		s.missing(desired.Object(m.Address))
	}
	for _, stray := range r.Strays {
		s.stray(stray, r)
	}
	for _, o := range desired.Objects {
		s.alike(o)
	}
	s.renamed()
	out := make([]*Sided, 0, len(s.by))
	for _, x := range s.by {
		slices.SortFunc(x.Fields, func(a, b SidedField) int { return strings.Compare(a.Name, b.Name) })
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b *Sided) int { return strings.Compare(a.Address(), b.Address()) })
	return out
}

// renamed finds what is gone under its name and is there under another: what has its id.
func (s *siding) renamed() {
	under := map[string]*Sided{}
	for _, x := range s.by {
		if (x.Fate == Appeared || x.Fate == Undeclared) && x.Object.ID != 0 {
			under[identity(x.Object, x.Object.ID)] = x
		}
	}
	for _, x := range s.by {
		if x.Fate != Deleted || x.Was == nil {
			continue
		}
		if y := under[identity(x.Object, s.base.IDs[x.Was.Address()])]; y != nil {
			x.Now, y.Before = y.Object, x.Object
		}
	}
}

func identity(o *schema.Object, id int64) string {
	return ListOf(o.Parent, o.Kind) + "/" + strconv.FormatInt(id, 10)
}

// siding asks of each difference who moved.
type siding struct {
	desired *schema.Tenant
	live    *Live
	base    *Base
	by      map[string]*Sided
	handles map[string]string // see handled
}

func (s *siding) take(o *schema.Object, f Fate) *Sided {
	x := s.by[o.Address()]
	if x == nil {
		x = &Sided{Object: o, Fate: f, Was: s.was(o)}
		s.by[o.Address()] = x
	}
	return x
}

var gravity = []Side{"", Alike, Pending, Drift, Conflict}

func (x *Sided) weigh(side Side) {
	if slices.Index(gravity, side) > slices.Index(gravity, x.Side) {
		x.Side = side
	}
}

func (s *siding) change(ch *Change) {
	o := ch.Object()
	switch {
	case ch.Action == Delete:
		fate, side := s.ending(ch)
		s.take(o, fate).weigh(side)
	case ch.Action == Replace:
		side := Pending
		if s.edited(ch.Live) {
			side = Conflict
		}
		s.take(o, Added).weigh(side)
	case ch.Live == nil:
		s.missing(o)
	default:
		s.fields(ch)
	}
}

// missing is a declared object that is not in the tenant.
func (s *siding) missing(o *schema.Object) {
	switch was := s.was(o); {
	case !there(was):
		s.take(o, Added).weigh(Pending)
	case s.restated(o, was):
		s.take(o, Deleted).weigh(Conflict)
	default:
		s.take(o, Deleted).weigh(Drift)
	}
}

// ending is a live object that the files do not want.
func (s *siding) ending(ch *Change) (Fate, Side) {
	was := s.was(ch.Object())
	if was == nil {
		was = s.was(ch.Live)
	}
	switch {
	case there(was) && s.edited(ch.Live):
		return Dropped, Conflict
	case there(was), ch.Live.ReplacedBy != nil:
		return Dropped, Pending
	case was != nil:
		return Appeared, Drift
	case !ch.Pruned:
		return Added, Pending // that it is to be absent
	case s.appeared(ch.Live):
		return Appeared, Drift
	}
	return Undeclared, Pending
}

// appeared reports whether a stray is known not to have been there.
func (s *siding) appeared(o *schema.Object) bool {
	_, pruned := s.base.Tenant.Prune[o.Kind]
	return pruned || s.base.Looked[ListOf(o.Parent, o.Kind)] && !s.base.Strays[o.Address()]
}

// ListOf names the list of a kind under a parent (nil: the tenant).
func ListOf(parent *schema.Object, k *schema.Kind) string {
	if parent == nil {
		return k.Word
	}
	return parent.Address() + "/" + k.Word
}

func (s *siding) stray(stray Stray, r *Result) {
	o := stray.Object
	x := &Sided{Object: o, Fate: Undeclared, Was: s.was(o)}
	switch was := s.was(o); {
	case there(was) && s.base.Whole[o.Kind]: // it is not known whether a file declared it
	case there(was):
		x.Fate, x.Side = Dropped, Pending
	case was != nil, s.appeared(o):
		x.Fate = Appeared
		if stray.Policy == schema.Differ {
			x.Side = Drift
		}
	}
	s.by[o.Address()] = x
}

// fields is an object that is there and differs.
func (s *siding) fields(ch *Change) {
	x, was := s.take(ch.Desired, Changed), s.was(ch.Desired)
	if len(ch.Fields) == 0 {
		x.weigh(Pending) // a secret is to be sent
	}
	for _, f := range ch.Fields {
		s.field(x, was, f)
	}
}

// field is a field that differs.
func (s *siding) field(x *Sided, was *schema.Object, f Field) {
	out := SidedField{Name: f.Name, Live: s.named(x.Object, x.Object.Kind.Field(f.Name), f.Old), LiveName: f.OldName, Desired: f.New, Place: f.Place, Side: Pending}
	switch {
	case was != nil && !there(was):
		out.Side = Conflict // it was not there, and somebody else made it too
	case was != nil:
		if out.Base, out.Known = s.value(x.Object, was, f.Name); out.Known {
			out.Side = s.side(x.Object, &out)
		}
	}
	x.Fields = append(x.Fields, out)
	x.weigh(out.Side)
}

func (s *siding) side(o *schema.Object, x *SidedField) Side {
	f := o.Kind.Field(x.Name)
	tenant, files := s.liveMoved(o, f, x.Base, x.Live), s.filesMoved(f, x.Base, x.Desired)
	switch {
	case tenant && files:
		return Conflict
	case tenant:
		return Drift
	}
	return Pending
}

// alike notes what both have moved to the same.
func (s *siding) alike(o *schema.Object) {
	live := s.live.Object(o.Address())
	if live == nil || o.Bare || o.Absent {
		return
	}
	was := s.was(o)
	if !there(was) {
		return
	}
	for name, v := range o.Values {
		b, known := s.value(o, was, name)
		f := o.Kind.Field(name)
		now, read := live.Values[name]
		if !known || !read || o.Kind.IsKey(f) || !s.filesMoved(f, b, v) || !Same(f, v, now, s.live.Prefix) {
			continue
		}
		x := s.take(o, Changed)
		x.Fields = append(x.Fields, SidedField{Name: name, Side: Alike, Known: true, Base: b, Live: now, Desired: v, Place: o.PlaceOf(name)})
		x.weigh(Alike)
	}
}
