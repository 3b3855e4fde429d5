package sync

import (
	"context"

	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// BaseOf makes a base of a snapshot: everything that was in the tenant then. A catalogue of nil
// is the built-in one.
func BaseOf(ctx context.Context, c *schema.Catalogue, s *observe.Snapshot) (*Base, error) {
	c = Options{Catalogue: c}.stated().Catalogue
	whole, err := observe.ReadAll(ctx, s.Sparing(), observe.Options{Catalogue: c, Tenant: s.Selector(), SkipContent: true, Parallelism: 1}, nil)
	if err != nil {
		return nil, err
	}
	t := &schema.Tenant{ID: whole.Live.ID, Name: whole.Live.Name, Prefix: whole.Live.Prefix}
	for _, o := range whole.Live.Objects {
		if !o.Shared {
			t.Add(o)
		}
	}
	b := &Base{Source: FromSnapshot, id: whole.Live.ID}
	b.Tenant, b.Whole = t, map[*schema.Kind]bool{}
	for _, k := range c.Kinds {
		b.Whole[k] = true
	}
	for _, k := range whole.Unread {
		b.Whole[k] = false
	}
	for _, u := range whole.Missed {
		b.Whole[u.Kind] = false
	}
	return b, nil
}
