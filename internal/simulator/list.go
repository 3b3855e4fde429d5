package simulator

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"pbxsync/schema"
)

const (
	pageParam    = "page"
	perPageParam = "per_page"
	perPage      = 50 // when it is not sent; the real default is unknown
)

func listParams(filters []schema.Param, pages bool) []schema.Param {
	params := slices.Clone(filters)
	if pages {
		params = append(params, schema.Param{Name: pageParam, Type: typeInteger},
			schema.Param{Name: perPageParam, Type: typeInteger})
	}
	return params
}

// list answers the rows of a collection by id.
func (s *answerer) list(c *call) (any, error) {
	rows, err := s.ordered(c, c.table().lists[c.owner])
	if err != nil {
		return nil, err
	}
	for _, p := range c.at.kind.Filters {
		if wanted := c.query[p.Name]; len(wanted) > 0 {
			rows = c.filter(rows, p, wanted)
		}
	}
	if c.at.kind.Pages {
		if rows, err = cut(&s.store, rows, c.query); err != nil {
			return nil, err
		}
	}
	if g := c.at.kind.Guards; g != nil {
		return c.guarding(g, rows)
	}
	return c.tenant.answers(rows), nil
}

// filter keeps the rows whose field has one of the wanted values.
func (c *call) filter(rows []*row, p schema.Param, wanted []string) []*row {
	keep := c.keeper(p, wanted)
	var kept []*row
	for _, r := range rows {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

func (c *call) keeper(p schema.Param, wanted []string) func(*row) bool {
	shape := c.table().shape
	f := shape.byAPI[p.Name]
	if f == nil && p.Type == typeBoolean && shape.Owner.Dealer != "" {
		return func(r *row) bool { return wanted[0] == "false" || r.dealer == 0 }
	}
	if f == nil { // a parameter that is no field's name means the key
		f = shape.Key[0].Field
	}
	return func(r *row) bool {
		text, ok := filterText(f, c.tenant.field(r, f))
		return ok && slices.Contains(wanted, text)
	}
}

// filterText is how a filter writes an answered value.
func filterText(f *schema.Field, v any) (string, bool) {
	if m, ok := v.(map[string]any); ok {
		member := f.Pick
		if member == "" {
			member = f.API
		}
		v = m[member]
	}
	if v == nil {
		return "", false
	}
	return fmt.Sprint(v), true
}

// cut returns one page of rows; one beyond the end is empty.
func cut[T any](s *store, rows []T, query url.Values) ([]T, error) {
	page, err := positive(query, pageParam, 1)
	if err != nil {
		return nil, err
	}
	size, err := positive(query, perPageParam, perPage)
	if err != nil {
		return nil, err
	}
	size = min(size, s.opts.PageCap)
	if page-1 > len(rows)/size {
		return nil, nil
	}
	from := min((page-1)*size, len(rows))
	return rows[from:min(from+size, len(rows))], nil
}

func positive(query url.Values, name string, absent int) (int, error) {
	if !query.Has(name) {
		return absent, nil
	}
	n, err := strconv.Atoi(query.Get(name))
	if err != nil || n < 1 {
		return 0, bad(name, "has to be 1 or more")
	}
	return n, nil
}

// What goes on in a tenant are rows that no call makes. A seed, or Insert, gives it some.

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
