package call

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
)

// Rows reads every row of a kind, and returns how many calls that took.
func Rows(ctx context.Context, api Reader, k *schema.Kind, path string) ([]map[string]any, int, error) {
	g := k.Guards
	if len(g.Query) > 0 {
		path += "?" + g.Query.Encode()
	}
	if g.Rows == "" {
		rows, pages, extra, err := api.List(ctx, path, k.Listing())
		return rows, max(1, pages+extra), err
	}
	v, err := api.Get(ctx, path)
	if err != nil {
		return nil, 1, err
	}
	rows, ok := rowsIn(v, g.Rows)
	if !ok {
		return nil, 1, fmt.Errorf("GET %s: the server sent no %s; is this the PBX's API?", path, g.Rows)
	}
	return rows, 1, nil
}

// rowsIn takes rows out of an object that holds them, or of a list of such objects.
func rowsIn(v any, member string) ([]map[string]any, bool) {
	var rows []map[string]any
	switch v := v.(type) {
	case map[string]any:
		list, ok := v[member].([]any)
		for _, x := range list {
			row, fits := x.(map[string]any)
			rows, ok = append(rows, row), ok && fits
		}
		return rows, ok
	case []any:
		for _, x := range v {
			inner, ok := x.(map[string]any)
			more, fits := rowsIn(inner, member)
			if !ok || !fits {
				return nil, false
			}
			rows = append(rows, more...)
		}
		return rows, true
	}
	return nil, false
}

// Belonging puts the rows that belong to an object, or to a tenant, in words.
func Belonging(k *schema.Kind, rows []map[string]any, o *schema.Object) []string {
	var out []string
	for _, row := range rows {
		if o.Kind.Tenant.ID == "" && Text(row[k.Guards.By.Answer]) != fmt.Sprint(o.ID) {
			continue
		}
		var parts []string
		for _, f := range k.Guards.Shows {
			if text := Text(row[f.Answer]); text != "" {
				parts = append(parts, f.Name+" "+text)
			}
		}
		out = append(out, strings.Join(parts, ", "))
	}
	slices.Sort(out)
	return out
}
