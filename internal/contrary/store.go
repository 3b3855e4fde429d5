package contrary

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Row is one object of a collection.
type Row struct {
	ID         int64
	Collection string
	Parent     *Row // of an event its agent, of a phone or an incoming rule its extension
	Dealer     bool // its dealer's, who shares it
	Values     map[string]any
	file       []byte
}

// Tenant is one tenant with all that it has.
type Tenant struct {
	ID     int64
	Prefix string
	Values map[string]any // its own fields, limits among them
	rows   map[string][]*Row
	vars   []variable
	ani    any
}

type variable struct{ name, value string }

// Rows returns the rows of a collection.
func (t *Tenant) Rows(collection string) []*Row { return t.rows[collection] }

func (t *Tenant) byID(collection string, id int64) *Row {
	for _, r := range t.rows[collection] {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (t *Tenant) phone(ext *Row) *Row { return t.single("phone", ext) }

func (t *Tenant) single(collection string, ext *Row) *Row {
	for _, r := range t.rows[collection] {
		if r.Parent == ext {
			return r
		}
	}
	return nil
}

// add puts a row into its collection. Every extension has what its type has.
func (s *holder) add(t *Tenant, r *Row) *Row {
	if r.ID == 0 {
		r.ID = s.freeID(r.Collection)
	}
	s.nextID = max(s.nextID, r.ID) // the ids that a test chose are taken
	s.lastIDs[r.Collection] = max(s.lastIDs[r.Collection], r.ID)
	if r.Values == nil {
		r.Values = map[string]any{}
	}
	t.rows[r.Collection] = append(t.rows[r.Collection], r)
	for _, c := range slices.Sorted(maps.Keys(singles)) {
		if of := singles[c]; r.Collection == "extension" && (of == "" || of == r.Values["type"]) {
			s.add(t, &Row{Collection: c, Parent: r})
		}
	}
	return r
}

// freeID is the next id of a collection.
func (s *holder) freeID(collection string) int64 {
	if s.Dialect.OwnIDs {
		s.lastIDs[collection]++
		return s.lastIDs[collection]
	}
	s.nextID++
	return s.nextID
}

// remove takes a row away with all that is below it.
func (t *Tenant) remove(r *Row) {
	for c, rows := range t.rows {
		t.rows[c] = slices.DeleteFunc(rows, func(x *Row) bool { return x == r || x.Parent == r })
	}
	if r.Collection != "extension" {
		return
	}
	id := strconv.FormatInt(r.ID, 10)
	for _, p := range t.rows["phone"] {
		list, ok := p.Values["bundle"].(map[string]any)
		if !ok {
			continue
		}
		if delete(list, id); len(list) == 0 {
			delete(p.Values, "bundle")
		}
	}
}

// users returns who refers to a row, and by which field.
func (t *Tenant) users(r *Row) map[*Row][]string {
	out := map[*Row][]string{}
	for _, rows := range t.rows {
		for _, x := range rows {
			if x == r || x.Parent == r {
				continue
			}
			for name, v := range x.Values {
				if refs[name] == r.Collection && holds(v, r.ID) {
					out[x] = append(out[x], name)
				}
			}
		}
	}
	own := &Row{Collection: "client", Values: t.Values}
	for name, v := range t.Values {
		if refs[name] == r.Collection && v == r.ID {
			out[own] = append(out[own], name)
		}
	}
	return out
}

// holds reports whether a value is an id, or a list with it.
func holds(v any, id int64) bool {
	list, _ := v.([]any)
	return v == id || slices.Contains(list, any(id))
}

// key names a row for people.
func (t *Tenant) key(r *Row) string {
	if _, ok := singles[r.Collection]; ok {
		return ""
	}
	var parts []string
	for _, name := range keyOf(r.Collection) {
		if v := r.Values[name]; v != nil {
			parts = append(parts, fmt.Sprint(v))
		}
	}
	return strings.Join(parts, " ")
}

// address is collection and key, below that of the parent.
func (t *Tenant) address(r *Row) string {
	if r.Parent != nil {
		return t.address(r.Parent) + " " + strings.TrimSpace(r.Collection[strings.LastIndex(r.Collection, "/")+1:]+" "+t.key(r))
	}
	return r.Collection + " " + t.key(r)
}

// Clear takes away all that a tenant can make itself: numbers, outside names and what the
// dealer shares stay, assigned to nothing.
func (s *holder) Clear(t *Tenant) {
	for c, rows := range t.rows {
		t.rows[c] = slices.DeleteFunc(rows, func(r *Row) bool { return !r.Dealer && !slices.Contains(given, c) })
	}
	for _, c := range given {
		for _, r := range t.rows[c] {
			delete(r.Values, "extension_id")
			delete(r.Values, "message_extension_id")
		}
	}
	t.vars, t.ani = nil, nil
	kept := []string{"name", "dealer_id", "domain_id", "email", "extension_len"}
	maps.DeleteFunc(t.Values, func(name string, _ any) bool { return !slices.Contains(kept, name) })
}
