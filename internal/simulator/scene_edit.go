package simulator

import (
	"fmt"
	"strings"

	"pbxsync/internal/faults"
)

// edit makes the writes of other clients that come right before the call.
func (c *scene) edit() {
	for _, f := range c.fired {
		if !f.Do.Edits() {
			continue
		}
		rec := Record{What: RecordEdit, Number: c.rec.Number, Start: c.since(), Kind: f.Kind, Foreign: true,
			Faults: faultsOf([]faults.Fired{f})}
		id, err := c.s.foreign(f)
		if rec.Committed = err == nil; rec.Committed {
			rec.IDs = []int64{id}
		} else {
			rec.Error = err.Error()
		}
		rec.End = c.since()
		c.s.write(rec)
	}
}

// foreign makes one write, in the first tenant.
func (s *planter) foreign(f faults.Fired) (int64, error) {
	if f.Do == faults.Insert {
		return s.insert(f.Kind, f.Set)
	}
	id, err := s.choose(f)
	switch {
	case err != nil:
	case f.Do == faults.Update:
		err = s.Edit(f.Kind, id, f.Set)
	default:
		err = s.Remove(f.Kind, id)
	}
	return id, err
}

// choose finds the object with the key, or any, which the seed decides. What the
// dealer shares is nobody's to change.
func (s *planter) choose(f faults.Fired) (int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	k := s.cat.Kind(f.Kind)
	if k == nil || len(s.tenants) == 0 {
		return 0, fmt.Errorf("%q is no kind", f.Kind)
	}
	var rows []*row
	for _, r := range s.tenants[0].all(k) {
		if r.dealer == 0 && (f.Key == "" || r.goesBy(f.Key)) {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return 0, fmt.Errorf("there is no %s %q", f.Kind, f.Key)
	}
	return rows[f.Rand().IntN(len(rows))].id, nil
}

// goesBy reports whether people call the object so. A singleton has its owner's
// name; what is optional in a key may be left out.
func (r *row) goesBy(key string) bool {
	if r.shape.Singleton() {
		return r.owner != nil && r.owner.goesBy(key)
	}
	var all, due []string
	for _, part := range r.shape.Key {
		v := r.values[part.Field.API]
		if v == nil {
			continue
		}
		all = append(all, textOf(v))
		if !part.Optional {
			due = append(due, textOf(v))
		}
	}
	return key == strings.Join(all, " ") || key == strings.Join(due, " ")
}
