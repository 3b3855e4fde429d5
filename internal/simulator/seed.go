package simulator

import (
	"fmt"

	"pbxsync/schema"
)

const (
	seedTenants = "tenants"
	seedDealer  = "dealer" // marks what the dealer shares
	dealerID    = 1
)

// Seed adds tenants and what they have, as plain data:
//
//	tenants:
//	  - settings: {id: 12, name: acme, prefix: "12037"}
//	    did: [{name: "4930123456"}]
//	    sound: [{title: Jazz, dealer: true}, {title: Welcome}]
//	    extension: [{name: "101", type: phone, phone: {hangup_timeout: 25}}]
//
// Each tenant has the words of kinds; objects have the API's field names, those
// of answers too. Children stand under their section's name. Ids are assigned
// where they are not given. Whatever is not known is an error, and then nothing
// is added.
func (s *planter) Seed(doc map[string]any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	doc, _ = plain(doc).(map[string]any)
	for key := range doc {
		if key != seedTenants {
			return fmt.Errorf("seed: %s: unknown; only %s is expected", key, seedTenants)
		}
	}
	list, err := listOf(seedTenants, doc[seedTenants])
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	s.skipIDs(doc)
	planted := make([]*tenant, 0, len(list))
	for i, item := range list {
		t, err := s.plantTenant(at(seedTenants, i), item)
		if err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		planted = append(planted, t)
	}
	if err := distinct(append(append([]*tenant{}, s.tenants...), planted...)); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	s.tenants = append(s.tenants, planted...)
	s.edition++
	return nil
}

// skipIDs moves the counter beyond every id in the document, so that an assigned
// id never meets one that is given further down.
func (s *planter) skipIDs(v any) {
	switch x := v.(type) {
	case []any:
		for _, item := range x {
			s.skipIDs(item)
		}
	case map[string]any:
		for key, item := range x {
			if id, ok := item.(int64); ok && key == "id" && id >= s.nextID {
				s.nextID = id + 1
			}
			s.skipIDs(item)
		}
	}
}

func (s *planter) plantTenant(path string, doc map[string]any) (*tenant, error) {
	own, _ := doc[s.root.Word].(map[string]any)
	t := s.newTenant(s.seededID(own))
	t.addImplicit(s.root, s.limits)
	if err := s.plantSingle(t, path+"."+s.root.Word, s.root, doc[s.root.Word], nil); err != nil {
		return nil, err
	}
	if err := s.complete(t, path); err != nil {
		return nil, err
	}
	for _, word := range sortedKeys(doc) {
		if word == s.root.Word {
			continue
		}
		k := s.cat.Kind(word)
		if k == nil || len(k.Parents) > 0 {
			return nil, fmt.Errorf("%s.%s: is no kind that stands here", path, word)
		}
		if err := s.plant(t, path+"."+word, k, doc[word], nil); err != nil {
			return nil, err
		}
	}
	return t, soundness(t)
}

// plant adds the objects of one kind.
func (s *planter) plant(t *tenant, path string, k *schema.Kind, v any, owner *row) error {
	if k.Singleton() {
		return s.plantSingle(t, path, k, v, owner)
	}
	list, err := listOf(path, v)
	if err != nil {
		return err
	}
	for i, item := range list {
		if _, err := s.plantRow(t, at(path, i), k, item, owner); err != nil {
			return err
		}
	}
	return nil
}

func (s *planter) plantSingle(t *tenant, path string, k *schema.Kind, v any, owner *row) error {
	if v == nil {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: has to be a map", path)
	}
	r := t.tables[k].single(owner)
	if r == nil {
		return fmt.Errorf("%s: this object has none", path)
	}
	values, err := s.seeded(t, path, r, m)
	if err == nil && r == t.root {
		t.setRoot(values)
	} else if err == nil {
		t.set(r, values)
	}
	return err
}

func (s *planter) plantRow(t *tenant, path string, k *schema.Kind, doc map[string]any, owner *row) (*row, error) {
	r := &row{shape: s.shapes[k], owner: owner}
	r.values = defaults(r.shape)
	values, err := s.seeded(t, path, r, doc)
	if err != nil {
		return nil, err
	}
	for key, v := range values {
		r.values[key] = v
	}
	if r.id == 0 {
		r.id = s.newID()
	}
	if t.tables[k].byID[r.id] != nil {
		return nil, fmt.Errorf("%s: there is another %s with id %d", path, k.Word, r.id)
	}
	t.add(r)
	t.bearChildren(r)
	return r, s.plantChildren(t, path, r, doc)
}

func (s *planter) plantChildren(t *tenant, path string, r *row, doc map[string]any) error {
	for _, key := range sortedKeys(doc) {
		k := r.shape.section(key)
		if k == nil || r.shape.named(key) != nil {
			continue
		}
		if err := s.plant(t, path+"."+key, k, doc[key], r); err != nil {
			return err
		}
	}
	return nil
}

// seeded reads the fields of a row; what is no field it puts where it belongs.
func (s *planter) seeded(t *tenant, path string, r *row, doc map[string]any) (map[string]any, error) {
	values := map[string]any{}
	for _, key := range sortedKeys(doc) {
		v := doc[key]
		f := r.shape.named(key)
		switch {
		case f != nil && f == r.shape.id, f == nil && key == "id":
			if err := giveID(&r.id, path+"."+key, v); err != nil {
				return nil, err
			}
		case f != nil && f == r.shape.dealer:
			if err := giveID(&r.dealer, path+"."+key, v); v != nil && err != nil {
				return nil, err
			}
		case key == seedDealer && r.shape.Owner.Dealer != "":
			if v == true && r.dealer == 0 {
				r.dealer = dealerID
			}
		case f == nil && r.shape.section(key) == nil:
			return nil, fmt.Errorf("%s.%s: unknown field", path, key)
		case f != nil && !f.WriteOnly:
			stored, err := checker{t: t, seed: true}.value(path+"."+key, f, v)
			if err != nil {
				return nil, err
			}
			values[f.API] = stored
		}
	}
	return values, nil
}

func giveID(id *int64, path string, v any) error {
	n, ok := v.(int64)
	if !ok || n <= 0 {
		return fmt.Errorf("%s: has to be a number above 0", path)
	}
	*id = n
	return nil
}

// soundness reports a reference that leads nowhere or a unique value that is not.
func soundness(t *tenant) error {
	for at, by := range t.uses {
		for r := range by {
			if t.tables[at.kind].byID[at.id] == nil {
				return fmt.Errorf("%s refers to %s %d, which is not there", titleOf(t, r), at.kind.Word, at.id)
			}
		}
	}
	for n, times := range t.taken {
		if times > 1 {
			return fmt.Errorf("%s %v is there %d times", n.space, n.value, times)
		}
	}
	return nil
}

// distinct refuses ids that two tenants share: some paths do not name the tenant.
// What a dealer shares may be seen by many.
func distinct(tenants []*tenant) error {
	ids, rows := map[int64]bool{}, map[target]bool{}
	for _, t := range tenants {
		if ids[t.id] {
			return fmt.Errorf("two tenants have the id %d", t.id)
		}
		ids[t.id] = true
		for k, tab := range t.tables {
			for id, r := range tab.byID {
				if at := (target{k, id}); r.dealer == 0 && !k.Singleton() {
					if rows[at] {
						return fmt.Errorf("%s has the id of another tenant's", titleOf(t, r))
					}
					rows[at] = true
				}
			}
		}
	}
	return nil
}

func listOf(path string, v any) ([]map[string]any, error) {
	list, ok := v.([]any)
	if !ok && v != nil {
		return nil, fmt.Errorf("%s: has to be a list", path)
	}
	out := make([]map[string]any, len(list))
	for i, item := range list {
		if out[i], ok = item.(map[string]any); !ok {
			return nil, fmt.Errorf("%s: has to be a map", at(path, i))
		}
	}
	return out, nil
}
