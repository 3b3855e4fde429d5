package diff

import (
	"fmt"
	"maps"
	"slices"

	"pbxsync/schema"
)

// Live is a tenant as the API says it is, with the indexes that references need.
type Live struct {
	schema.Tenant
	Lists map[*schema.Kind]bool // kinds of which every object is here
	Made  map[string]Made       // by the address of a declared object: what the server calls it
	New   bool                  // the tenant is still to be created, so it has nothing

	byID     map[idKey]*schema.Object
	read     map[collection]bool                 // the lists of children that are here
	byKey    map[string][]*schema.Object         // own objects by natural address
	dealt    map[string][]*schema.Object         // the dealer's, likewise
	replaced map[*schema.Object][]*schema.Object // desired -> the live objects whose place it takes
	vague    map[*schema.Object]bool             // of both sides: which of them is which has to be said first
	near     near
	pinned   []pin // what the files refer to by id
}

// pin is a reference of the files to an id.
type pin struct {
	from  *schema.Object
	field *schema.Field
	value any
	at    schema.Place
}

// Made is an object that a run has made and that the server calls otherwise.
type Made struct {
	ID  int64
	Key string
}

// collection is a list of the API: a kind under a live parent (nil: the tenant). An id
// is unique within it and nowhere else.
type collection struct {
	kind   *schema.Kind
	parent *schema.Object
}

type idKey struct {
	collection
	id int64
}

// HasRead notes that every object of a kind under a live parent is here.
func (l *Live) HasRead(k *schema.Kind, parent *schema.Object) { l.read[collection{k, parent}] = true }

// target returns the object at the top that has an id, or nil.
func (l *Live) target(k *schema.Kind, id int64) *schema.Object {
	return l.byID[idKey{collection{k, nil}, id}]
}

// NewLive returns a live tenant without objects.
func NewLive(id int64, name, prefix string) *Live {
	return &Live{Tenant: schema.Tenant{ID: id, Name: name, Prefix: prefix}, Lists: map[*schema.Kind]bool{},
		byID: map[idKey]*schema.Object{}, read: map[collection]bool{}, byKey: map[string][]*schema.Object{}, dealt: map[string][]*schema.Object{}}
}

// aside keeps what an answer tells of a field that is not compared, and that a copy of
// the object should begin with.
func aside(o *schema.Object, f *schema.Field, v any) {
	switch {
	case v == nil:
	case f.Apart:
		takeName(o, v)
	case f.Once && !f.WriteOnly:
		if o.State == nil {
			o.State = map[string]any{}
		}
		o.State[f.Name] = oneWord(f, v)
	}
}

// oneWord finds the one word that a field may have in a value whose shape is not documented,
// nil if there is none.
func oneWord(f *schema.Field, v any) any {
	list := []any{v}
	if m, ok := v.(map[string]any); ok {
		list = slices.Collect(maps.Values(m))
	}
	var found any
	for _, x := range list {
		s, _ := x.(string)
		switch {
		case !slices.Contains(f.Enum, s):
		case found != nil && found != s:
			return nil
		default:
			found = s
		}
	}
	return found
}

// NewObject makes an object of an answer. It keeps what can be written and read
// back and is shown, in normal form, and needs the fields that make the key.
func (l *Live) NewObject(k *schema.Kind, parent *schema.Object, row map[string]any) (*schema.Object, error) {
	o := &schema.Object{Kind: k, Parent: parent, Values: make(map[string]any, len(k.Fields))}
	if err := identify(o, row); err != nil {
		return nil, err
	}
	for _, f := range k.Fields {
		v, shown := row[f.Answer]
		aside(o, f, v)
		if !shown || !f.InAnswer() || f.ReadOnly && !k.IsKey(f) {
			continue // what an answer lacks is not known, which is not null
		}
		if !takeBundle(o, f, v) {
			o.Values[f.Name] = f.Live(v, l.Prefix)
		}
	}
	if !k.Singleton() && len(k.Key) > 0 {
		if o.Key = k.KeyOf(o.Values); o.Key == "" && !nameless(o) {
			return nil, fmt.Errorf("an object without %s", k.Key[0].Field.Answer)
		}
	}
	if o.ID == 0 && NeedsID(k) {
		return nil, fmt.Errorf("%s has no id", describe(row, k))
	}
	return o, nil
}

// Put takes an object in.
func (l *Live) Put(o *schema.Object) {
	l.Objects = append(l.Objects, o)
	if o.ID != 0 {
		l.byID[idKey{collection{o.Kind, o.Parent}, o.ID}] = o
	}
	index := l.byKey
	if o.Shared {
		index = l.dealt
	}
	a := o.Address()
	index[a] = append(index[a], o)
}

// IDsNamed returns the ids of the tenant's own objects that have the natural key
// of o, sorted.
func (l *Live) IDsNamed(o *schema.Object) []int64 {
	var ids []int64
	for _, c := range l.byKey[nameInTenant(o)] {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	return ids
}

// IDOfObject returns the id of the live object with the address of o, or 0.
func (l *Live) IDOfObject(o *schema.Object) int64 {
	if live := l.Object(o.Address()); live != nil {
		return live.ID
	}
	return 0
}
