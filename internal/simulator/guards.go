package simulator

import (
	"slices"

	"pbxsync/schema"
)

// This file serves what goes on in a tenant: rows that no call makes. A seed, or
// Insert, gives it some.

// guardParams are the parameters that a list of such rows needs.
func guardParams(k *schema.Kind) []schema.Param {
	if k.Guards == nil {
		return nil
	}
	var params []schema.Param
	for _, name := range sortedKeys(k.Guards.Query) {
		params = append(params, schema.Param{Name: name, Type: typeString})
	}
	return params
}

// guarding answers the rows as the API does: in an object, where it has them so.
func (c *call) guarding(g *schema.Guards, rows []*row) (any, error) {
	for _, name := range sortedKeys(g.Query) {
		if c.query.Get(name) == "" {
			return nil, bad(name, "is required")
		}
	}
	if g.Rows != "" {
		return map[string]any{g.Rows: c.tenant.answers(rows)}, nil
	}
	return c.tenant.answers(rows), nil
}

// dropGuarded takes out what goes with an object. What only stays behind stays.
func (t *tenant) dropGuarded(r *row) {
	for _, k := range r.shape.Guarded {
		for _, x := range slices.Clone(t.tables[k].lists[nil]) {
			if k.Guards.As != schema.Ended && x.values[k.Guards.By.API] == any(r.id) {
				t.remove(x)
			}
		}
	}
}
