package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/schema/risk"
)

// Policy says what a stray of a kind counts as.
type Policy string

// The policies of unmanaged:.
const (
	Show   Policy = "show"   // listed, no difference
	Differ Policy = "differ" // listed, a difference in drift and --detailed-exitcode
	Ignore Policy = "ignore" // not listed
)

// Tenant is one PBX tenant: as files want it (desired) or as the API says it is (live).
type Tenant struct {
	ID        int64 // live only
	Name      string
	Prefix    string
	Place     Place
	Objects   []*Object
	Managed   map[*Kind]Place // kinds at the top that the files mention
	Unmanaged map[*Kind]Policy
	Prune     map[*Kind]Place
	Spared    map[string]bool // the addresses of strays that are not pruned
	Partial   bool            // a part of the files
	Chosen    []string        // the patterns that chose it: strays of others are not looked for
	Protected []Protection
	Silenced  []Silenced
	Judged    []Judged // checks that are not as grave here as elsewhere
	Accept    []Accepted
	Tolerated map[string]bool   // addresses of strays that are let be, so that nobody counts or prunes them
	Defaults  map[*Kind]*Object // what holds for objects that do not say otherwise: it is in their values already
	Review    []risk.Class      // the risks that have to be approved, the worst first
	Ruled     map[string]Place  // where review: and unmanaged: say something, by the word and what it is of: review.cuts

	byAddress map[string]*Object
	exact     map[string]*Protection // see protects
	wild      []*Protection
}

// Object is one instance of a kind. Values hold what is stated (desired) or
// read (live), by the field's name in files and in normal form: string, int64,
// bool, nil, []any, map[string]any. A reference is the key of its object, or
// {dealer: KEY}, or {id: N}.
type Object struct {
	Kind    *Kind
	Parent  *Object
	Key     string // what identifies it to people; a handle where names repeat
	Name    string // the name in the tenant where Key is a handle, else ""
	ID      int64  // live: the server's id; desired: as stated with id:, else 0
	Place   Place
	Absent  bool
	Pruned  bool              // absent because it is a stray of a kind that the files prune
	Bare    bool              // named only so that references find it: neither compared nor created
	Shared  bool              // live: a dealer owns it
	Unnamed bool              // live: it has no name, and Key is a handle of its id
	Within  int64             // live: the id of the main object's parent, of whose bundle it is
	Odd     map[string]string // live: fields that hold what cannot be read, and what
	Seen    bool              // live: what only an administrator is shown was read too

	FileName string         // live: what the tenant calls the file of its content
	Items    []int64        // live: the ids of the items of a sequence
	State    map[string]any // live: what fields that act once have now, nil where that cannot be read
	Main     *Object        // desired: the object that says for its bundle what all of it share

	Values  map[string]any
	Places  map[string]Place
	Once    map[string]any
	Secrets map[string]SecretRef
	Resend  map[string]string // secret field that is sent although the object is there -> why
	Manages map[*Kind]Place   // kinds of children that the files list

	Awaited    bool     // others will put it into the tenant; until then it may be missing
	Previously []string // names that it had before
	Replaces   []string // names of what it takes the place of
	ReplacedBy *Object  // live: the declared object that takes its place

	address string
}

// SecretRef says where a secret is found, and in which version: a higher one is
// sent again. It never holds the secret.
type SecretRef struct {
	Env     string `json:"env,omitempty"`
	File    string `json:"file,omitempty"`
	Key     string `json:"key,omitempty"`
	Version int64  `json:"version,omitempty"`
	Place   Place  `json:"place"`
}

// String describes the reference for people.
func (s SecretRef) String() string {
	if s.Env != "" {
		return "environment variable " + s.Env
	}
	return s.File + " key " + s.Key
}

var keyEscaper = strings.NewReplacer("%", "%25", "/", "%2F")

// Address returns kind/key, below the parent's address if there is a parent.
// Singletons are just their kind's word.
func (o *Object) Address() string {
	if o.address == "" {
		o.address = AddressOf(o.Parent, o.Kind, o.Key)
	}
	return o.address
}

// AddressOf returns the address of an object of a kind under a parent (nil: the tenant).
func AddressOf(parent *Object, k *Kind, key string) string {
	a := k.Word
	if !k.Singleton() {
		a += "/" + keyEscaper.Replace(key)
	}
	if parent != nil {
		a = parent.Address() + "/" + a
	}
	return a
}

// NaturalKey returns the key under which the tenant knows the object.
func (o *Object) NaturalKey() string {
	if o.Name != "" {
		return o.Name
	}
	return o.Key
}

// NaturalAddress returns the address under which the tenant knows the object, all
// its parents by their own names too.
func (o *Object) NaturalAddress() string {
	a := AddressOf(nil, o.Kind, o.NaturalKey())
	if o.Parent != nil {
		a = o.Parent.NaturalAddress() + "/" + a
	}
	return a
}

// InPlace reports of a live object whose place is taken that its heir has its name.
func (o *Object) InPlace() bool {
	return o.ReplacedBy != nil && o.ReplacedBy.NaturalKey() == o.NaturalKey()
}

// KnownAs returns the address by which people know a live object, also where another
// takes its place under the same name.
func (o *Object) KnownAs() string {
	if o.InPlace() {
		return o.ReplacedBy.Address()
	}
	return o.Address()
}

// PlaceOf returns where a field is stated, or where the object is.
func (o *Object) PlaceOf(field string) Place {
	if p, ok := o.Places[field]; ok {
		return p
	}
	return o.Place
}

// PlaceOfItem returns where an item of a field's list stands, or where the field is stated.
func (o *Object) PlaceOfItem(field string, i int) Place {
	if p, ok := o.Places[ItemOf(field, i)]; ok {
		return p
	}
	return o.PlaceOf(field)
}

// ItemOf names an item of a field's list among the places of an object.
func ItemOf(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

// Rename gives a live object the key by which the files know it.
func (o *Object) Rename(key string) {
	if o.Key == key {
		return
	}
	o.Name, o.Key, o.address = o.NaturalKey(), key, ""
}

// Add puts an object into the tenant. The caller makes sure that addresses differ.
func (t *Tenant) Add(o *Object) {
	if t.byAddress == nil {
		t.byAddress = map[string]*Object{}
	}
	t.Objects = append(t.Objects, o)
	t.byAddress[o.Address()] = o
}

// Index gives a live tenant's own objects their places in the index of addresses.
func (t *Tenant) Index() {
	t.byAddress = make(map[string]*Object, len(t.Objects))
	for _, o := range t.Objects {
		if !o.Shared {
			t.byAddress[o.Address()] = o
		}
	}
}

// Readdress works the addresses of all objects out again, since parents were renamed, and
// indexes them.
func (t *Tenant) Readdress() {
	for _, o := range t.Objects {
		o.address = ""
	}
	t.Index()
}

// Rekey renames an object that is in the index.
func (t *Tenant) Rekey(o *Object, key string) {
	delete(t.byAddress, o.Address())
	o.Rename(key)
	t.byAddress[o.Address()] = o
}

// Object returns the object with the address, or nil.
func (t *Tenant) Object(address string) *Object { return t.byAddress[address] }

// Find returns the object that a reference in normal form names: of a kind at the top by
// its key, of others by their address. Nil if there is none.
func (t *Tenant) Find(k *Kind, ref string) *Object {
	if len(k.Parents) == 0 {
		return t.byAddress[AddressOf(nil, k, ref)]
	}
	if o := t.byAddress[ref]; o != nil && o.Kind == k {
		return o
	}
	return nil
}

// Manages reports whether the files declare objects of kind k, under parent if
// it has parents (nil: under any).
func (t *Tenant) Manages(k *Kind, parent *Object) bool {
	if len(k.Parents) == 0 {
		_, ok := t.Managed[k]
		return ok
	}
	if parent != nil {
		_, ok := parent.Manages[k]
		return ok
	}
	for _, o := range t.Objects {
		if _, ok := o.Manages[k]; ok {
			return true
		}
	}
	return false
}

// PolicyOf returns what strays of a kind count as.
func (t *Tenant) PolicyOf(k *Kind) Policy {
	if p, ok := t.Unmanaged[k]; ok {
		return p
	}
	return Show
}

// Misfit returns the field whose value forbids children of the kind, or "".
func (o *Object) Misfit(child *Kind) string {
	for _, name := range sortedKeys(child.When) {
		if v, ok := o.Values[name]; ok && !child.When[name].Has(v) {
			return name
		}
	}
	return ""
}

// Blank reports whether there is nothing to tell of an object of a sparse kind: the one value
// that it stands for is not set, or is an empty list.
func (o *Object) Blank() bool {
	v := o.Values[o.Kind.Value]
	list, isList := v.([]any)
	return o.Kind.Sparse && o.Kind.Value != "" && (v == nil || isList && len(list) == 0)
}

// ValueOf returns the value of a field, the key included.
func (o *Object) ValueOf(f *Field) any {
	if o.Kind.IsKey(f) && len(o.Kind.Key) == 1 {
		return o.NaturalKey()
	}
	return o.Values[f.Name]
}

// Handle is the key of an object that shares its name with another one of its kind and has
// none of its own in the files: the name, and the id behind it.
func Handle(name string, id int64) string { return fmt.Sprintf("%s (id %d)", name, id) }

// GoByID gives an object a handle as its key.
func (o *Object) GoByID() { o.Rename(Handle(o.Key, o.ID)) }

// GoesByID reports whether only the id tells an object from another of its name.
func (o *Object) GoesByID() bool {
	return o.Name != "" && strings.HasSuffix(o.Key, Handle("", o.ID))
}

// Clone returns a copy that may be changed: objects and their values are its own.
func (t *Tenant) Clone() *Tenant {
	c := *t
	c.Objects, c.byAddress = make([]*Object, len(t.Objects)), make(map[string]*Object, len(t.Objects))
	c.Spared = maps.Clone(t.Spared)
	own := make(map[*Object]*Object, len(t.Objects))
	for i, o := range t.Objects {
		x := *o
		x.Values, x.Places, x.Resend = maps.Clone(o.Values), maps.Clone(o.Places), maps.Clone(o.Resend)
		c.Objects[i], own[o] = &x, &x
	}
	for _, x := range c.Objects {
		if p := own[x.Parent]; p != nil {
			x.Parent = p
		}
		x.main(own)
		c.byAddress[x.Address()] = x
	}
	return &c
}

// Remove takes objects out of the tenant, and what lies under them.
func (t *Tenant) Remove(gone map[*Object]bool) {
	t.Objects = slices.DeleteFunc(t.Objects, func(o *Object) bool {
		for p := o; p != nil; p = p.Parent {
			if gone[p] {
				delete(t.byAddress, o.Address())
				return true
			}
		}
		return false
	})
}
