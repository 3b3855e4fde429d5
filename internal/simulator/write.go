package simulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"pbxsync/schema"
)

func (s *answerer) read(c *call) (any, error) { return c.tenant.answer(c.row), nil }

func (s *answerer) create(c *call) (any, error) {
	if err := s.refusedHere(c); err != nil {
		return nil, err
	}
	r, err := s.newRow(c, c.body)
	if err != nil {
		return nil, err
	}
	c.tenant.add(r)
	c.tenant.clearIdle(r)
	c.tenant.bearChildren(r)
	return c.tenant.answer(r), nil
}

// newRow makes a row of a request's body and does not add it yet.
func (s *answerer) newRow(c *call, body map[string]any) (*row, error) {
	sh := c.table().shape
	values, err := checker{t: c.tenant, at: c.owner}.body(sh, body, true)
	if err != nil {
		return nil, err
	}
	r := &row{shape: sh, owner: c.owner, values: defaults(sh)}
	maps.Copy(r.values, values)
	if err := c.tenant.free(r, values); err != nil {
		return nil, err
	}
	if err := aloneIn(c.tenant, r); err != nil {
		return nil, err
	}
	if err := s.room(c.tenant, r); err != nil {
		return nil, err
	}
	r.id = s.newID()
	return r, nil
}

func (s *store) newID() int64 {
	s.nextID++
	return s.nextID - 1
}

// free refuses values that are taken in their name space.
func (t *tenant) free(r *row, values map[string]any) error {
	for _, f := range r.shape.unique {
		v, sent := values[f.API]
		if !sent || v == nil || r.id != 0 && r.values[f.API] == v {
			continue
		}
		if t.taken[name{f.Unique, v}] > 0 {
			return bad(f.API, "%s already exists", textOf(v))
		}
	}
	return nil
}

// aloneIn refuses an object of which the path is another one's.
func aloneIn(t *tenant, r *row) error {
	var parts []string
	for _, f := range r.shape.ID {
		parts = append(parts, textOf(r.values[f.API]))
	}
	if len(parts) > 0 && t.find(r.shape.Kind, r.owner, parts) != nil {
		return bad(r.shape.ID[0].API, "%s already exists here", strings.Join(parts, " "))
	}
	return nil
}

// room refuses one object more than the limit allows.
func (s *store) room(t *tenant, r *row) error {
	if s.limits == nil || r.shape.Limit.Name == "" || r.shape.Limit.Unsure {
		return nil
	}
	most, ok := t.tables[s.limits].single(nil).values[r.shape.Limit.Name].(int64)
	if !ok {
		return nil // null: inherited, and the operator's own is not known
	}
	if have := haveNow(t, r); have >= most {
		return bad(r.shape.Limit.Name, "reached: %d of %d", have, most)
	}
	return nil
}

// haveNow counts the objects with which r shares its limit.
func haveNow(t *tenant, r *row) int64 {
	tab := t.tables[r.shape.Kind]
	switch per := r.shape.Limit.Per; per {
	case "":
		return tab.own
	case schema.LimitPerParent:
		return int64(len(tab.lists[r.owner]))
	default:
		var n int64
		for _, other := range tab.lists[r.owner] {
			if other.dealer == 0 && other.values[per] == r.values[per] {
				n++
			}
		}
		return n
	}
}

// update merges: fields that are left out stay, lists are replaced whole.
func (s *answerer) update(c *call) (any, error) {
	if err := c.ours(); err != nil {
		return nil, err
	}
	values, err := checker{t: c.tenant, at: c.row}.body(c.row.shape.takes(), c.body, false)
	if err != nil {
		return nil, err
	}
	if err := c.tenant.free(c.row, values); err != nil {
		return nil, err
	}
	if err := c.tenant.linkable(c.row, c.body, values); err != nil {
		return nil, err
	}
	c.tenant.set(c.row, values)
	c.tenant.link(c.row, values)
	c.tenant.spread(c.row, values)
	c.tenant.clearIdle(c.row)
	return c.tenant.answer(c.row), nil
}

// clearIdle clears what says nothing beside the values that the row has now.
func (t *tenant) clearIdle(r *row) {
	values := map[string]any{}
	for _, f := range r.shape.Fields {
		if f.Idle(r.values) && r.values[f.API] != nil {
			values[f.API] = f.Untold()
		}
	}
	t.set(r, values)
}

func (s *answerer) delete(c *call) (any, error) {
	if err := c.ours(); err != nil {
		return nil, err
	}
	if s.opts.OnDelete == Refuse {
		if err := c.tenant.unused(c.row); err != nil {
			return nil, err
		}
	}
	c.tenant.drop(c.row)
	return nil, nil
}

func (s *answerer) deleteAll(c *call) (any, error) {
	for _, r := range slices.Clone(c.table().lists[c.owner]) {
		if r.dealer == 0 {
			c.tenant.drop(r)
		}
	}
	return nil, nil
}

// ours refuses to change what the dealer shares.
func (c *call) ours() error {
	for r := c.row; r != nil; r = r.owner {
		if r.dealer != 0 {
			return refuse(http.StatusForbidden, "%s belongs to the dealer", titleOf(c.tenant, r))
		}
	}
	return nil
}
