package undo

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// This file turns a run around: what it did becomes a tenant that wants it undone. The
// way back is then an ordinary plan, with the guards of any other.

// Past is a run as its record tells it.
type Past struct {
	Run    string
	Plan   *plan.Value
	Before []record.Object
	Begun  map[int]bool  // steps that were sent, and did not certainly fail
	Made   map[int]int64 // step -> id of the object that it made
	Open   []int         // creates whose outcome is not known
}

// Undoing is a run that is to be undone.
type Undoing struct {
	Run    string
	Tenant *schema.Tenant // what is wanted
	Left   []Left         // what cannot come back, sorted by address

	wrote map[string]map[string]any // address -> field -> what the run left there
	made  map[string]madeObject     // address -> what the run made
	names map[string]*schema.Object // address -> what the run knew there

	madeAt map[madeObject]string // the addresses of made, once somebody asks
}

type madeObject struct {
	kind *schema.Kind
	id   int64
}

// Left is something that no plan can bring back, and why.
type Left struct {
	Object *schema.Object
	Why    string
}

// String says it in words.
func (l Left) String() string { return l.Object.Address() + ": " + l.Why }

// Undo returns the tenant in which a run is undone: what it made is absent, what it
// changed has the old values of the fields that it changed, what it deleted is made
// again from its image. Objects go by the keys that the run knew them by.
func Undo(c *schema.Catalogue, p *Past) (*Undoing, error) {
	u := &undoing{catalogue: c, past: p, images: map[string]*record.Object{}, wanted: map[string]*plan.Wanted{}, objects: map[string]*schema.Object{}, givingBack: map[*schema.Object]bool{},
		out: &Undoing{Run: p.Run, wrote: map[string]map[string]any{}, made: map[string]madeObject{}}}
	if err := u.collect(); err != nil {
		return nil, err
	}
	for i := range p.Plan.Changes {
		u.change(&p.Plan.Changes[i])
	}
	u.withChildren()
	u.dropLost()
	u.fill()
	u.out.names = map[string]*schema.Object{}
	for _, w := range u.wanted {
		u.out.names[w.Address] = u.object(w.Address)
	}
	u.out.readTargets()
	slices.SortStableFunc(u.out.Left, func(a, b Left) int { return cmp.Compare(a.Object.Address(), b.Object.Address()) })
	return u.out, nil
}

type undoing struct {
	catalogue  *schema.Catalogue
	past       *Past
	out        *Undoing
	images     map[string]*record.Object // by address in the run
	wanted     map[string]*plan.Wanted   // likewise
	objects    map[string]*schema.Object // what is wanted now, by address in the run
	index      *index
	remade     []*remade
	givingBack map[*schema.Object]bool // those that give their place back
}

func (u *undoing) collect() error {
	for i := range u.past.Before {
		b := &u.past.Before[i]
		if u.catalogue.Kind(b.Kind) == nil {
			return fmt.Errorf("run %s: kind %s is not known to this version; undo it with the program that made it", u.past.Run, b.Kind)
		}
		b.Values = plan.PlainValues(b.Values)
		u.images[b.Address] = b
	}
	for i := range u.past.Plan.Wanted {
		w := &u.past.Plan.Wanted[i]
		if u.catalogue.Kind(w.Kind) == nil {
			return fmt.Errorf("run %s: kind %s is not known to this version; undo it with the program that made it", u.past.Run, w.Kind)
		}
		u.wanted[w.Address] = w
	}
	u.index = indexOf(u.past, u.images)
	return nil
}

// change turns one change around, as far as it was carried out.
func (u *undoing) change(ch *plan.Change) {
	made, begun := u.carriedOut(ch)
	if !begun {
		return
	}
	u.note(ch, made)
	switch ch.Action {
	case diff.Create:
		u.unmake(ch, made)
	case diff.Update, diff.Rename:
		u.restore(ch)
	case diff.Delete:
		if image := u.images[ch.Address]; image != nil {
			u.remake(image)
		}
	case diff.Replace:
		u.replaceBack(ch)
	}
}

// carriedOut returns the id of what a change has made, and whether anything was sent
// for it.
func (u *undoing) carriedOut(ch *plan.Change) (made int64, begun bool) {
	for _, s := range u.index.steps[ch.Address] {
		begun = true
		made = max(made, u.past.Made[s.Number])
	}
	return made, begun
}

// note keeps what the run left, so that later edits of others are seen.
func (u *undoing) note(ch *plan.Change, made int64) {
	wrote := map[string]any{}
	for _, f := range ch.Fields {
		wrote[f.Name] = plan.PlainValue(f.New)
	}
	u.out.wrote[ch.Address] = wrote
	if o := u.object(ch.Address); made > 0 && o != nil && !o.Kind.Singleton() { // not an item of a sequence
		u.out.made[ch.Address] = madeObject{o.Kind, made}
	}
}

func (u *undoing) left(o *schema.Object, why string, args ...any) {
	u.out.Left = append(u.out.Left, Left{o, fmt.Sprintf(why, args...)})
}

// object returns the object of an address in the run, without values. What the run
// declared and what it found have the same addresses.
func (u *undoing) object(address string) *schema.Object {
	if o := u.objects[address]; o != nil {
		return o
	}
	o := &schema.Object{Bare: true, Values: map[string]any{}}
	parent := ""
	switch w, b := u.wanted[address], u.images[address]; {
	case w != nil:
		o.Kind, o.Key, o.Name, o.ID, parent = u.catalogue.Kind(w.Kind), w.Key, w.Name, w.ID, w.Parent
	case b != nil:
		o.Kind, o.Key, o.Name, parent = u.catalogue.Kind(b.Kind), b.Key, b.Name, b.Parent
	default:
		return nil
	}
	if parent != "" {
		o.Parent = u.object(parent)
	}
	for _, f := range o.Kind.ID { // the API finds it by these, and not by an id
		if w := u.wanted[address]; w != nil && w.Values[f.Name] != nil {
			o.Values[f.Name] = w.Values[f.Name]
		} else if b := u.images[address]; b != nil {
			o.Values[f.Name] = b.Values[f.Name]
		}
	}
	if b := u.images[address]; b != nil && o.Kind.Form != schema.FormSingle {
		o.ID = b.ID
	}
	u.objects[address] = o
	return o
}

// unmake wants what the run made to be absent.
func (u *undoing) unmake(ch *plan.Change, made int64) {
	o := u.object(ch.Address)
	switch {
	case o == nil || u.goes(o.Parent):
		return // it goes with what it stands under
	case u.madeTenant(o):
		return
	case !o.Kind.Has(schema.Delete):
		u.left(o, "the run made it, and it stays: the API cannot delete it; %s", o.Kind.HintDelete)
		u.letGo(o, ch, made)
		return
	case made == 0:
		return // it was not made
	}
	o.Bare, o.Absent, o.ID = false, true, made
}

// goes reports whether an object is to be absent, or gives its place back, or something
// that it stands under does.
func (u *undoing) goes(o *schema.Object) bool {
	for ; o != nil; o = o.Parent {
		if o.Absent || u.givingBack[o] {
			return true
		}
	}
	return false
}

// letGo clears what an object that stays says of others that the run made, since they
// could not go otherwise.
func (u *undoing) letGo(o *schema.Object, ch *plan.Change, made int64) {
	for _, fc := range ch.Fields {
		f := o.Kind.Field(fc.Name)
		key, ok := fc.New.(string)
		if f == nil || f.Ref == nil || !ok || !f.Nullable || !f.InUpdate() {
			continue
		}
		target := f.AddressOfRef(key)
		if u.index.creates[target] {
			o.Bare, o.ID, o.Values[f.Name] = false, made, nil
		}
	}
}

// restore wants the old values of the fields that the run changed.
func (u *undoing) restore(ch *plan.Change) {
	o, image := u.object(ch.Address), u.images[ch.Address]
	for _, name := range slices.Sorted(maps.Keys(ch.Secrets)) {
		u.left(o, "the %s that it had is not known, so the one that the run sent stays", name)
	}
	if image == nil {
		return // it came into being with what the run made
	}
	o.Bare = false
	for _, fc := range ch.Fields {
		f, old := o.Kind.Field(fc.Name), plan.PlainValue(fc.Old)
		switch {
		case f == nil:
		case o.Kind.IsKey(f):
			u.renameBack(o, image)
		case f.Apart:
			u.left(o, "the file that it had was not kept, so the one that the run sent stays")
		case schema.Hidden(old):
			u.left(o, "%s had a user name or password, which no record has, so it stays as the run left it", f.Name)
		case old == nil && !f.Nullable:
			u.left(o, "%s was not set, and the API cannot clear it", f.Name)
		default:
			o.Values[f.Name] = old
		}
	}
}

// renameBack gives an object the name that it had. Its key stays the one by which the
// run, and whatever refers to it, knows it.
func (u *undoing) renameBack(o *schema.Object, image *record.Object) {
	o.Previously = []string{o.NaturalKey()}
	o.Name = cmp.Or(image.Name, image.Key)
}

// fill puts everything that is wanted into the tenant, with its values.
func (u *undoing) fill() {
	plan := u.past.Plan
	t := &schema.Tenant{Name: plan.Tenant.Name, Prefix: plan.Tenant.Prefix, Partial: true, Managed: map[*schema.Kind]schema.Place{},
		Unmanaged: map[*schema.Kind]schema.Policy{}, Prune: map[*schema.Kind]schema.Place{}}
	u.out.Tenant = t
	gone := map[*schema.Object]bool{}
	for _, r := range u.remade {
		if gone[r.object] = r.lost != ""; !gone[r.object] {
			u.values(r)
		}
	}
	for _, a := range slices.Sorted(maps.Keys(u.objects)) {
		o := u.objects[a]
		if o.Bare {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(o.Values)) {
			u.point(o, o.Kind.Field(name))
		}
	}
	for _, a := range slices.Sorted(maps.Keys(u.objects)) {
		if o := u.objects[a]; !o.Bare && !gone[o] && (len(o.Values) > 0 || o.Absent || len(o.Previously) > 0 || u.index.remade[o]) {
			u.add(t, o)
		}
	}
}

// values takes over everything that an image has and a create can set.
func (u *undoing) values(r *remade) {
	k := r.object.Kind
	for _, f := range k.Fields {
		v, ok := r.image.Values[f.Name]
		switch {
		case !ok || k.IsKey(f) && len(k.Key) == 1:
		case v == nil && !f.Nullable:
		case schema.Hidden(v):
			u.left(r.object, "its %s had a user name or password, which no record has", f.Name)
		case k.Implicit() && !f.InUpdate():
		default:
			r.object.Values[f.Name] = v
		}
	}
}

// point lets a reference name what is made again by its key, and gives up one to what
// cannot come back.
func (u *undoing) point(o *schema.Object, f *schema.Field) {
	var lost *remade
	o.Values[f.Name] = f.MapRefs(o.Values[f.Name], func(f *schema.Field, v any) any {
		switch r := u.target(f, v); {
		case r == nil:
			return v
		case r.lost != "":
			lost = r
			return v
		default:
			return r.object.ReferredTo()
		}
	})
	if lost != nil {
		u.left(o, "%s stays as it is: %s, to which it referred, cannot come back", f.Name, lost.object.Address())
		delete(o.Values, f.Name)
	}
}

// add takes an object into the tenant, its parents before it, and what it refers to by
// a handle beside it.
func (u *undoing) add(t *schema.Tenant, o *schema.Object) {
	if t.Object(o.Address()) != nil {
		return
	}
	if o.Parent == nil {
		t.Managed[o.Kind] = schema.Place{}
	} else {
		u.add(t, o.Parent)
		if o.Parent.Manages == nil {
			o.Parent.Manages = map[*schema.Kind]schema.Place{}
		}
		o.Parent.Manages[o.Kind] = schema.Place{}
	}
	t.Add(o)
	for _, name := range slices.Sorted(maps.Keys(o.Values)) {
		f := o.Kind.Field(name)
		for _, target := range u.named(f, o.Values[name]) {
			u.add(t, target)
		}
	}
}

// named returns the objects that a value needs in the tenant: those that go by a
// handle, and the members of a bundle, which are always declared.
func (u *undoing) named(f *schema.Field, v any) []*schema.Object {
	out := u.members(f, v)
	f.EachRef(v, func(f *schema.Field, v any) {
		if o := u.object(f.AddressOfRef(schema.RefOf(v).Key)); o != nil && (o.Name != "" || f.In != nil) {
			out = append(out, o)
		}
	})
	return out
}
