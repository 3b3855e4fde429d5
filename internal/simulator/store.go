package simulator

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"pbxsync/schema"
)

// firstID is where the ids that the server assigns begin: above the short
// numbers of most tenants, so that a client that takes one for the other fails.
const firstID = 1001

// tenant is everything that one tenant has, indexed so that no request has to
// look at all of it.
type tenant struct {
	id     int64
	root   *row // the tenant's own fields
	limits *row // what bounds it, or nil
	tables map[*schema.Kind]*table
	taken  map[name]int              // how often a unique value is in use
	uses   map[target]map[*row]int   // who refers to an object by id, how often
	named  map[*schema.Kind][]*table // tables whose rows refer to the kind by a text
	mains  map[int64]*row            // id of what owns an object of a bundle -> the main one
}

type name struct {
	space string
	value any
}

type target struct {
	kind *schema.Kind
	id   int64
}

// table holds the rows of one kind.
type table struct {
	shape *shape
	byID  map[int64]*row
	lists map[*row][]*row // by owner, sorted by id
	own   int64           // rows that are not the dealer's
}

// row is one object. Its values have the fields' API names and the form that
// requests have; write-only values are not kept.
type row struct {
	shape  *shape
	id     int64 // of a singleton: its owner's
	owner  *row  // parent, nil for the tenant
	dealer int64 // the dealer's id if it is the dealer's
	values map[string]any
	file   []byte // of a kind with content
	place  int64  // among the items of a sequence that a call has ordered, else 0
	gone   bool
}

func (s *store) newTenant(id int64) *tenant {
	t := &tenant{id: id, tables: map[*schema.Kind]*table{}, taken: map[name]int{},
		uses: map[target]map[*row]int{}, named: map[*schema.Kind][]*table{}, mains: map[int64]*row{}}
	for k, sh := range s.shapes {
		tab := &table{shape: sh, byID: map[int64]*row{}, lists: map[*row][]*row{}}
		t.tables[k] = tab
		for _, f := range sh.byText {
			t.named[f.Ref] = append(t.named[f.Ref], tab)
		}
	}
	return t
}

// addImplicit gives the tenant the singletons that exist with it.
func (t *tenant) addImplicit(root, limits *schema.Kind) {
	for k, tab := range t.tables {
		if k.Singleton() && len(k.Parents) == 0 {
			r := &row{shape: tab.shape, id: t.id, values: defaults(tab.shape)}
			t.add(r)
			if k == root {
				t.root = r
			}
			if k == limits {
				t.limits = r
			}
		}
	}
}

func (tab *table) single(owner *row) *row {
	if rows := tab.lists[owner]; len(rows) > 0 {
		return rows[0]
	}
	return nil
}

func byID(a, b *row) int { return cmp.Compare(a.id, b.id) }

// add puts a row where every index finds it.
func (t *tenant) add(r *row) {
	tab := t.tables[r.shape.Kind]
	list := tab.lists[r.owner]
	at, _ := slices.BinarySearchFunc(list, r, byID)
	tab.lists[r.owner] = slices.Insert(list, at, r)
	tab.byID[r.id] = r
	if r.dealer == 0 {
		tab.own++
	}
	t.index(r, 1)
}

// remove takes a row and its children out. References to it are left alone.
func (t *tenant) remove(r *row) {
	for _, k := range r.shape.Children {
		for _, child := range slices.Clone(t.tables[k].lists[r]) {
			t.remove(child)
		}
	}
	t.unbundle(r)
	t.index(r, -1)
	tab := t.tables[r.shape.Kind]
	list := tab.lists[r.owner]
	if at, ok := slices.BinarySearchFunc(list, r, byID); ok {
		tab.lists[r.owner] = slices.Delete(list, at, at+1)
	}
	if len(tab.lists[r.owner]) == 0 {
		delete(tab.lists, r.owner)
	}
	delete(tab.byID, r.id)
	if r.dealer == 0 {
		tab.own--
	}
	r.gone = true
}

// set changes fields of a row.
func (t *tenant) set(r *row, values map[string]any) {
	t.index(r, -1)
	maps.Copy(r.values, values)
	t.index(r, 1)
}

// index counts (by 1) or forgets (by -1) the unique values and references of a row.
func (t *tenant) index(r *row, by int) {
	t.indexBundle(r, by)
	for _, f := range r.shape.unique {
		if v := r.values[f.API]; v != nil {
			bump(t.taken, name{f.Unique, v}, by)
		}
	}
	eachRef(r.shape.refs, r.values, func(f *schema.Field, id int64) {
		at := target{f.Ref, id}
		if t.uses[at] == nil {
			t.uses[at] = map[*row]int{}
		}
		bump(t.uses[at], r, by)
		if len(t.uses[at]) == 0 {
			delete(t.uses, at)
		}
	})
}

func bump[K comparable](counts map[K]int, key K, by int) {
	if counts[key] += by; counts[key] <= 0 {
		delete(counts, key)
	}
}

// bearChildren gives a new row the singletons that come with it.
func (t *tenant) bearChildren(r *row) {
	for _, k := range r.shape.Children {
		tab := t.tables[k]
		if k.Implicit() && applies(k, r) && tab.single(r) == nil {
			t.add(&row{shape: tab.shape, id: r.id, owner: r, values: defaults(tab.shape)})
		}
	}
}

// applies reports whether objects of the child kind exist under the parent.
func applies(k *schema.Kind, parent *row) bool {
	for field, want := range k.When {
		f := parent.shape.named(field)
		if f == nil || !want.Has(parent.values[f.API]) {
			return false
		}
	}
	return true
}

// defaults are the values that the server fills in.
func defaults(s *shape) map[string]any {
	values := make(map[string]any, len(s.Fields))
	for _, f := range s.Fields {
		if f.HasDefault && !f.WriteOnly && f != s.count {
			values[f.API] = f.Wire(f.Default)
		}
	}
	return values
}

// plain copies a tree and gives every whole number one form, int64.
func plain(v any) any {
	switch x := v.(type) {
	case json.Number:
		if i, err := x.Int64(); err == nil {
			return i
		}
		f, _ := x.Float64()
		return f
	case int:
		return int64(x)
	case float64:
		if i := int64(x); float64(i) == x {
			return i
		}
	case []any:
		list := make([]any, len(x))
		for i, item := range x {
			list[i] = plain(item)
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(x))
		for k, item := range x {
			m[k] = plain(item)
		}
		return m
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
