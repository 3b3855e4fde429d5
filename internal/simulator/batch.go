package simulator

import (
	"net/http"
	"slices"

	"pbxsync/schema"
)

// This file is what the server does with kinds of which one call writes all objects.

// batchVerbs lets a POST on the collection write all objects.
func batchVerbs(k *schema.Kind, vs map[string]verb) {
	if k.Batch != "" {
		vs[http.MethodPost] = verb{act: (*Server).createMany, body: true}
	}
}

// createMany writes a whole list by key.
func (s *answerer) createMany(c *call) (any, error) {
	items, err := manyItems(c)
	if err != nil {
		return nil, err
	}
	rows := map[string]*row{}
	for _, r := range c.table().lists[c.owner] {
		rows[keyOf(r)] = r
	}
	fresh := make([]*row, 0, len(items))
	for _, item := range items {
		r, err := s.newRow(c, item)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, r)
	}
	for _, r := range fresh { // only now, so that a refused list changes nothing
		if old := rows[keyOf(r)]; old != nil {
			c.tenant.set(old, r.values)
			continue
		}
		c.tenant.add(r)
		rows[keyOf(r)] = r
	}
	if s.opts.VariablesReplace {
		c.keepOnly(fresh)
	}
	return c.tenant.answers(c.table().lists[c.owner]), nil
}

func manyItems(c *call) ([]map[string]any, error) {
	key := c.at.kind.Batch
	for _, k := range sortedKeys(c.body) {
		if k != key {
			return nil, bad(k, "unknown field")
		}
	}
	list, ok := c.body[key].([]any)
	if !ok {
		return nil, bad(key, "is required and has to be a list")
	}
	items := make([]map[string]any, len(list))
	for i, v := range list {
		if items[i], ok = v.(map[string]any); !ok {
			return nil, bad(at(key, i), "has to be an object")
		}
	}
	return items, nil
}

func keyOf(r *row) string {
	key := ""
	for _, part := range r.shape.Key {
		key += textOf(r.values[part.Field.API]) + "\x00"
	}
	return key
}

func (c *call) keepOnly(fresh []*row) {
	keep := map[string]bool{}
	for _, r := range fresh {
		keep[keyOf(r)] = true
	}
	for _, r := range slices.Clone(c.table().lists[c.owner]) {
		if !keep[keyOf(r)] {
			c.tenant.drop(r)
		}
	}
}
