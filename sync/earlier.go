package sync

import (
	"context"

	"pbxsync/schema"
	"pbxsync/sync/observe"
)

// Whole reads everything that a live tenant has, as far as the kinds of the catalogue reach, but for
// the content of files.
func (e *Engine) Whole(ctx context.Context, o Options) (*observe.Import, error) {
	ctx, cancel := e.untilStop(ctx)
	defer cancel()
	o.SkipContent = true
	return observe.ReadAll(ctx, e.Reader, e.work(nil, o, nil).reading(), nil)
}

// WholeOf is what was in a tenant when a snapshot was made. A catalogue of nil is the built-in one.
func WholeOf(ctx context.Context, c *schema.Catalogue, s *observe.Snapshot) (*observe.Import, error) {
	return (&Engine{Reader: s.Sparing()}).Whole(ctx, Options{Catalogue: c, Tenant: s.Selector(), Parallelism: 1})
}

// BaseOf makes a base of a snapshot: everything that was in the tenant then. A catalogue of nil
// is the built-in one.
func BaseOf(ctx context.Context, c *schema.Catalogue, s *observe.Snapshot) (*Base, error) {
	c = Options{Catalogue: c}.stated().Catalogue
	whole, err := WholeOf(ctx, c, s)
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
