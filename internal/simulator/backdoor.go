package simulator

import (
	"fmt"
	"net/http"
	"slices"

	"pbxsync/schema"
)

// seedParent names the parent's id in a row given to Insert.
const seedParent = "parent"

// all returns every row of a kind by id, whoever owns it.
func (t *tenant) all(k *schema.Kind) []*row {
	var rows []*row
	for _, list := range t.tables[k].lists {
		rows = append(rows, list...)
	}
	slices.SortStableFunc(rows, func(a, b *row) int {
		return slices.Compare(rank(a), rank(b))
	})
	return rows
}

func rank(r *row) []int64 {
	if r.owner == nil {
		return []int64{r.id}
	}
	return []int64{r.id, r.owner.id}
}

// Rows returns copies of the first tenant's objects of a kind, as answers show
// them. Tests look at the state with it.
func (s *planter) Rows(kind string) []map[string]any {
	s.mu.RLock()
	defer s.mu.RUnlock()
	k := s.cat.Kind(kind)
	if k == nil || len(s.tenants) == 0 {
		return nil
	}
	t := s.tenants[0]
	rows := t.all(k)
	out := make([]map[string]any, 0, len(rows))
	for _, r := range rows {
		copied, _ := plain(t.answerWith(r, r.shape.Fields)).(map[string]any)
		out = append(out, copied)
	}
	return out
}

// lookup finds a row by its id, in the first tenant that has it. A singleton has
// its parent's id, or 0 for the tenant's.
func (s *planter) lookup(kind string, id int64) (*tenant, *row, error) {
	k := s.cat.Kind(kind)
	if k == nil {
		return nil, nil, fmt.Errorf("%q is no kind", kind)
	}
	for _, t := range s.tenants {
		tab := t.tables[k]
		r := tab.byID[id]
		if id == 0 && k.Singleton() {
			r = tab.single(nil)
		}
		if r != nil {
			return t, r, nil
		}
	}
	return nil, nil, fmt.Errorf("there is no %s with id %d", kind, id)
}

// Edit changes fields of an object behind the API's back, as another person
// would: read-only fields and values that the API would refuse included. The
// fields have the API's names. A singleton has its parent's id, or 0.
func (s *planter) Edit(kind string, id int64, set map[string]any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, r, err := s.lookup(kind, id)
	if err != nil {
		return err
	}
	doc, _ := plain(set).(map[string]any)
	for key := range doc {
		if r.shape.named(key) == nil {
			return fmt.Errorf("%s.%s: unknown field", kind, key)
		}
	}
	copied := *r // so that a refused edit leaves id and dealer as they were
	values, err := s.seeded(t, kind, &copied, doc)
	if err != nil {
		return err
	}
	if copied.id != r.id || copied.dealer != r.dealer {
		return fmt.Errorf("%s %d: neither the id nor the owner can be edited", kind, id)
	}
	t.set(r, values)
	s.edition++
	return nil
}

// Remove deletes an object with its children behind the API's back. References
// to it are let go of, whatever Options.OnDelete says.
func (s *planter) Remove(kind string, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, r, err := s.lookup(kind, id)
	if err != nil {
		return err
	}
	t.drop(r)
	s.edition++
	return nil
}

// Insert adds an object to the first tenant behind the API's back and returns its
// id. The row is written as in a seed; unique values may be doubled. A child
// names its parent's id under "parent". It panics on a row that no seed may have,
// because only tests call it.
func (s *planter) Insert(kind string, doc map[string]any) int64 {
	id, err := s.insert(kind, doc)
	if err != nil {
		panic(fmt.Sprintf("simulator: %v", err))
	}
	return id
}

func (s *planter) insert(kind string, doc map[string]any) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.cat.Kind(kind)
	if k == nil || k.Singleton() || len(s.tenants) == 0 {
		return 0, fmt.Errorf("cannot insert %q", kind)
	}
	t := s.tenants[0]
	row, _ := plain(doc).(map[string]any)
	owner, err := t.takeParent(k, row)
	if err != nil {
		return 0, err
	}
	s.skipIDs(row)
	r, err := s.plantRow(t, kind, k, row, owner)
	if err != nil {
		return 0, err
	}
	s.edition++
	return r.id, nil
}

func (t *tenant) takeParent(k *schema.Kind, doc map[string]any) (*row, error) {
	if len(k.Parents) == 0 {
		return nil, nil
	}
	id, _ := doc[seedParent].(int64)
	delete(doc, seedParent)
	for _, p := range k.Parents {
		if r := t.tables[p].byID[id]; r != nil {
			return r, nil
		}
	}
	return nil, fmt.Errorf("%s has no parent %d", k.Word, id)
}

// Intercept gives f the first look at each API request; true means that f has
// answered it. A nil f ends that. To break the connection, f panics with
// http.ErrAbortHandler; to have the request carried out first, it calls Answer.
func (s *Server) Intercept(f func(w http.ResponseWriter, r *http.Request) bool) {
	if f == nil {
		s.intercept.Store(nil)
		return
	}
	s.intercept.Store(&f)
}
