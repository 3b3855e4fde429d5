package diff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// Live is a tenant as the API says it is, with the indexes that references need.
type Live struct {
	schema.Tenant
	Lists map[*schema.Kind]bool // kinds of which every object is here
	Made  map[string]Made       // by the address of a declared object: what the server calls it
	New   bool                  // the tenant is still to be created, so it has nothing

	byID   map[idKey]*schema.Object
	read   map[collection]bool                 // the lists of children that are here
	byKey  map[string][]*schema.Object         // own objects by natural address
	dealt  map[string][]*schema.Object         // the dealer's, likewise
	heirs  map[*schema.Object][]*schema.Object // desired -> the live objects whose place it takes
	vague  map[*schema.Object]bool             // of both sides: which of them is which has to be said first
	pinned []pin                               // what the files refer to by id
}

// pin is a reference of the files to an id.
type pin struct {
	from  *schema.Object
	field *schema.Field
	at    schema.Place
}

// Made is an object that a run has made and that the server calls otherwise.
type Made struct {
	ID  int64
	Key string
}

// matchMade matches a declared object that no live one is named after with the one that
// was made for it.
func (l *Live) matchMade(o *schema.Object, taken map[*schema.Object]bool) {
	m, known := l.Made[o.Address()]
	if !known || o.ID != 0 || len(l.byKey[nameInTenant(o)]) > 0 {
		return
	}
	at := collection{kind: o.Kind}
	if o.Parent != nil {
		at.parent = l.Object(o.Parent.Address())
	}
	if live := l.byID[idKey{at, m.ID}]; live != nil && live.NaturalKey() == m.Key && !taken[live] && !live.Shared {
		taken[live] = true
		live.Rename(o.Key)
	}
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
	case f.Content:
		o.FileName, _ = v.(string)
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
		if !shown || f.WriteOnly || f.Once || f.Content || f.Later != "" || f.ReadOnly && !k.IsKey(f) {
			continue // what an answer lacks is not known, which is not null
		}
		if f.Members != nil {
			takeBundle(k.Bundle, o, v)
			continue
		}
		o.Values[f.Name] = f.Live(v, l.Prefix)
	}
	if !k.Singleton() {
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

// Match gives each live object the key by which the files know it. What it
// cannot tell apart is a problem that lists the ids.
func (l *Live) Match(desired *schema.Tenant) schema.Problems {
	var problems schema.Problems
	taken := map[*schema.Object]bool{}
	l.vague = map[*schema.Object]bool{}
	var strangers []stranger
	for _, o := range desired.Objects {
		if o.ID == 0 {
			continue
		}
		live, none := l.pointed(o)
		if none != "" {
			strangers = append(strangers, stranger{o, none})
		}
		if live == nil {
			continue
		}
		if live.NaturalKey() != o.NaturalKey() && !slices.Contains(o.Previously, live.NaturalKey()) {
			problems = append(problems, l.doubt(o, []*schema.Object{live}, schema.Problem{Place: o.PlaceOf("id"), Message: fmt.Sprintf("id %d is called %q in the tenant, %q in the files", o.ID, live.NaturalKey(), o.NaturalKey()),
				Hint: renameHint(o, live)}))
			continue
		}
		taken[live] = true
		live.Rename(o.Key)
	}
	problems = append(problems, l.matchRenamed(desired, taken)...)
	for _, o := range desired.Objects {
		if o.ID == 0 {
			problems = append(problems, l.matchKey(o, taken)...)
		}
	}
	for _, o := range desired.Objects {
		l.matchMade(o, taken)
	}
	l.index(taken)
	return append(problems, l.elsewhere(desired, append(strangers, l.orphans(desired)...))...)
}

// pointed returns the live object that a declared one means by its id. Where there is none
// and the list is here, it says so.
func (l *Live) pointed(o *schema.Object) (*schema.Object, string) {
	at, known, where := collection{kind: o.Kind}, l.Lists[o.Kind], "in this tenant"
	if o.Parent != nil {
		at.parent = l.Object(o.Parent.Address())
		if known, where = l.read[at], "at "+o.Parent.Address(); at.parent == nil {
			return nil, "" // see orphans
		}
	}
	if live := l.byID[idKey{at, o.ID}]; live != nil && !live.Shared {
		return live, ""
	}
	if !known || o.Absent {
		return nil, ""
	}
	return nil, fmt.Sprintf("no %s with id %d %s", o.Kind.Word, o.ID, where)
}

// orphans finds objects with an id whose parent is known to be missing, so that they
// can be in no list.
func (l *Live) orphans(desired *schema.Tenant) []stranger {
	var found []stranger
	for _, o := range desired.Objects {
		if o.ID != 0 && !o.Absent && o.Parent != nil && l.lacks(o.Parent) {
			found = append(found, stranger{o, fmt.Sprintf("%s is still to be made, so no %s has the id %d there", o.Parent.Address(), o.Kind.Word, o.ID)})
		}
	}
	return found
}

// lacks reports whether a declared object is known to be missing.
func (l *Live) lacks(o *schema.Object) bool {
	if l.Object(o.Address()) != nil || l.Vague(o) {
		return false
	}
	if o.Parent == nil {
		return l.Lists[o.Kind]
	}
	parent := l.Object(o.Parent.Address())
	return parent == nil && l.lacks(o.Parent) || parent != nil && l.read[collection{o.Kind, parent}]
}

func (l *Live) matchKey(o *schema.Object, taken map[*schema.Object]bool) schema.Problems {
	var free []*schema.Object
	for _, c := range l.byKey[nameInTenant(o)] {
		if !taken[c] && c.Heir == nil {
			free = append(free, c)
		}
	}
	switch len(free) {
	case 0:
		return nil
	case 1:
		taken[free[0]] = true
		free[0].Rename(o.Key)
		return nil
	}
	return schema.Problems{l.doubt(o, free, schema.Problem{Place: o.Place, Message: fmt.Sprintf("%d objects in the tenant have this key (ids %s)", len(free), ids(free)),
		Hint: fmt.Sprintf("say which with id: %d, or rename the others there%s", free[0].ID, spareHint(o, free))})}
}

func ids(objects []*schema.Object) string {
	var list []string
	for _, o := range objects {
		list = append(list, fmt.Sprint(o.ID))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// index makes the addresses of all objects differ: what has no key of its own
// in the files and shares its name goes by its id too.
func (l *Live) index(taken map[*schema.Object]bool) {
	for _, o := range l.Objects {
		if !o.Shared && !taken[o] && o.ID != 0 && len(l.byKey[o.Address()]) > 1 {
			o.Rename(fmt.Sprintf("%s (id %d)", o.Key, o.ID))
		}
	}
	l.Index()
}

// Resolve turns the ids in the live objects' references into keys, and settles
// the files' references to what they do not declare.
func (l *Live) Resolve(desired *schema.Tenant) schema.Problems {
	for _, o := range l.Objects {
		l.ResolveObject(o)
	}
	var problems schema.Problems
	for _, o := range desired.Objects {
		for _, f := range o.Kind.Fields {
			if f.Ref == nil {
				continue
			}
			if form, _ := o.Values[f.Name].(map[string]any); form["id"] != nil {
				l.pinned = append(l.pinned, pin{from: o, field: f, at: o.PlaceOf(f.Name)})
			}
			v, p := l.settle(f, o.Values[f.Name], desired)
			if p != nil {
				p.Place, p.Address, p.Asked = o.PlaceOf(f.Name), o.Address(), true
				problems = append(problems, *p)
			} else if v != nil {
				o.Values[f.Name] = v
			}
		}
	}
	return problems
}

// ResolveObject turns the ids in an object's references into keys.
func (l *Live) ResolveObject(o *schema.Object) {
	for _, f := range o.Kind.Fields {
		if f.Ref != nil && o.Values[f.Name] != nil {
			o.Values[f.Name] = l.Reference(f, o.Values[f.Name])
		}
		if f.Members != nil {
			l.nameMembers(f, o)
		}
	}
}

// Reference returns the normal form of a live reference: its key where the key
// tells it from others, {dealer: KEY}, or {id: N}.
func (l *Live) Reference(f *schema.Field, v any) any {
	if f.RefBy != "" {
		return l.named(f, v)
	}
	if m, ok := v.(map[string]any); ok && m["id"] != nil {
		v = m["id"] // not known when it was looked at first
	}
	id, ok := v.(int64)
	if !ok {
		return v
	}
	target := l.target(f.Ref, id)
	switch {
	case target == nil:
		return map[string]any{"id": id}
	case target.Shared:
		return map[string]any{"dealer": target.Key}
	case target.Name != "" && strings.HasSuffix(target.Key, fmt.Sprintf(" (id %d)", id)):
		return map[string]any{"id": id}
	}
	return target.Key
}

// named returns the key in the files of the object that a live value names.
func (l *Live) named(f *schema.Field, v any) any {
	key, ok := v.(string)
	if found := l.byKey[schema.AddressOf(nil, f.Ref, key)]; ok && len(found) == 1 {
		return found[0].Key
	}
	return v
}

// settle finds the object of a reference that may stand outside the files.
func (l *Live) settle(f *schema.Field, v any, desired *schema.Tenant) (any, *schema.Problem) {
	if v == nil || !l.Lists[f.Ref] {
		return nil, nil
	}
	form, _ := v.(map[string]any)
	if id, ok := form["id"].(int64); ok {
		if l.target(f.Ref, id) == nil {
			return nil, &schema.Problem{Message: fmt.Sprintf("%s: no %s with id %d in this tenant", f.Name, f.Ref.Word, id), Hint: "{id:} holds only in the tenant that it came from; " + "write its key, or " + f.Ref.OutsideHint("NAME")}
		}
		if f.RefBy != "" {
			return l.target(f.Ref, id).Key, nil
		}
		return l.Reference(f, id), nil
	}
	if key, ok := form["dealer"].(string); ok {
		return nil, l.one(f, l.dealt, key, fmt.Sprintf("the dealer shares no %s %q", f.Ref.Word, key))
	}
	key, ok := v.(string)
	if !ok || desired.Find(f.Ref, key) != nil {
		return nil, nil
	}
	return nil, l.one(f, l.byKey, key, fmt.Sprintf("no %s %q in this tenant", f.Ref.Word, key))
}

// one makes sure that a key names exactly one of the objects in an index.
func (l *Live) one(f *schema.Field, index map[string][]*schema.Object, key, none string) *schema.Problem {
	found := index[schema.AddressOf(nil, f.Ref, key)]
	switch len(found) {
	case 0:
		if l.New {
			return &schema.Problem{Message: f.Name + ": " + none, Hint: "what a tenant may refer to is known once it is there; leave the line out until then"}
		}
		var keys []string
		for _, o := range l.Objects {
			if o.Kind == f.Ref && len(index[nameInTenant(o)]) > 0 {
				keys = append(keys, o.NaturalKey())
			}
		}
		return &schema.Problem{Message: f.Name + ": " + none, Hint: cmp.Or(wording.DidYouMean(key, keys), "look at its name in the tenant; names are compared letter by letter")}
	case 1:
		return nil
	}
	return &schema.Problem{Message: fmt.Sprintf("%s: %d objects are called %q (ids %s)", f.Name, len(found), key, ids(found)), Hint: "say which with {id: N}"}
}

// Nearest returns the key of the live object that the files probably mean and do
// not declare, or "".
func (l *Live) Nearest(o *schema.Object) string {
	var keys []string
	for _, live := range l.Objects {
		if live.Kind == o.Kind && !live.Shared {
			keys = append(keys, live.Key)
		}
	}
	return wording.Nearest(o.Key, keys)
}

// Target returns the live object behind a reference in normal form, or nil.
func (l *Live) Target(f *schema.Field, v any) *schema.Object {
	if key, ok := v.(string); ok {
		return l.Find(f.Ref, key)
	}
	if id := l.IDOf(f, v); id != 0 {
		return l.target(f.Ref, id)
	}
	return nil
}

// IDOf returns the id behind a reference in normal form, or 0.
func (l *Live) IDOf(f *schema.Field, v any) int64 {
	switch v := v.(type) {
	case string:
		if o := l.Find(f.Ref, v); o != nil {
			return o.ID
		}
		if found := l.byKey[schema.AddressOf(nil, f.Ref, v)]; len(found) == 1 {
			return found[0].ID
		}
	case map[string]any:
		if id, ok := v["id"].(int64); ok {
			return id
		}
		key, _ := v["dealer"].(string)
		if found := l.dealt[schema.AddressOf(nil, f.Ref, key)]; len(found) == 1 {
			return found[0].ID
		}
	}
	return 0
}

// nameless gives an object that has no name a handle of its id, and reports whether its
// kind may have such. Anywhere else a row without a name is nonsense.
func nameless(o *schema.Object) bool {
	if o.ID == 0 || !o.Kind.Nameless {
		return false
	}
	o.Unnamed, o.Key = true, fmt.Sprintf("unnamed %d", o.ID)
	return true
}

// nameInTenant is the address of an object under the name that the tenant gives it.
func nameInTenant(o *schema.Object) string {
	if o.Name == "" {
		return o.Address()
	}
	return schema.AddressOf(o.Parent, o.Kind, o.Name)
}

// See takes the administrator's answer about the tenant into its live object.
func (l *Live) See(o *schema.Object, row map[string]any) {
	o.Seen = true
	for _, f := range o.Kind.Fields {
		if v, shown := row[f.Answer]; shown && f.AtAdmin() && !f.ReadOnly {
			o.Values[f.Name] = f.Live(v, l.Prefix)
		}
	}
}
