package contrary

import "slices"

// Save keeps what all tenants hold, and returns what brings it back. Ids that were given
// meanwhile are not given again.
func (s *holder) Save() (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := make([]*Tenant, len(s.tenants))
	for i, t := range s.tenants {
		kept[i] = t.copied()
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i, t := range kept {
			*s.tenants[i] = *t.copied()
		}
	}
}

// copied is a tenant that shares nothing with the first.
func (t *Tenant) copied() *Tenant {
	c := *t
	c.Values, _ = clone(t.Values).(map[string]any)
	c.vars, c.ani = slices.Clone(t.vars), clone(t.ani)
	to := map[*Row]*Row{}
	c.rows = map[string][]*Row{}
	for name, rows := range t.rows {
		for _, r := range rows {
			x := *r
			x.Values, _ = clone(r.Values).(map[string]any)
			to[r], c.rows[name] = &x, append(c.rows[name], &x)
		}
	}
	for _, r := range to {
		if r.Parent != nil {
			r.Parent = to[r.Parent]
		}
	}
	return &c
}
