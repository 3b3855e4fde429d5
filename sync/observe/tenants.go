package observe

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// Tenants returns the tenants that an administrator may see, by id, and the calls
// that it took. A list of several pages is read twice.
func Tenants(ctx context.Context, api call.Reader, c *schema.Catalogue) ([]plan.TenantID, Calls, error) {
	in := c.Root().Tenant
	rows, pages, extra, err := api.List(ctx, in.Search, schema.Listing{Pages: true})
	calls := Calls{Tenant: pages, Extra: extra}
	if err != nil {
		return nil, calls, err
	}
	if pages > 1 {
		again, pages, extra, err := api.List(ctx, in.Search, schema.Listing{Pages: true})
		if err != nil {
			return nil, calls, err
		}
		calls.Second, calls.Extra = pages, calls.Extra+extra
		if !slices.Equal(digest(rows), digest(again)) {
			return nil, calls, fmt.Errorf("the list of tenants changed while it was read (%d rows, then %d); run again", len(rows), len(again))
		}
	}
	out := make([]plan.TenantID, 0, len(rows))
	for _, row := range rows {
		id, name, prefix, err := diff.TenantOf(c.Root(), row)
		if err != nil {
			return nil, calls, fmt.Errorf("list of tenants: %w; is this the PBX's API?", err)
		}
		out = append(out, plan.TenantID{ID: id, Name: name, Prefix: prefix})
	}
	slices.SortFunc(out, func(a, b plan.TenantID) int { return cmp.Compare(a.ID, b.ID) })
	return out, calls, nil
}

// LeastCalls is how many calls an administrator's reading of a whole tenant takes that
// has nothing below its lists.
func LeastCalls(c *schema.Catalogue) int {
	n := 1 // the tenant itself
	if c.Root().Admin.Has(schema.Read) {
		n++
	}
	if c.Limits() != nil {
		n++
	}
	for _, k := range c.Top() {
		if k != c.Root() && k.Readable() {
			n++
		}
	}
	return n
}
