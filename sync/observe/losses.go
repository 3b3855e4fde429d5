package observe

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// This file looks at what goes with an object that is deleted and is no object itself:
// calls that go on at it, recordings that it has, what this version cannot read of it.

// losses reads what goes with the objects that the plan deletes or replaces: each kind
// of rows once, whatever the number of objects.
func (r *confirming) losses(ctx context.Context, s *State, leaving map[*schema.Object]bool) error {
	for _, k := range r.catalogue.Kinds {
		if k.Guards == nil || k.Guards.As == schema.Ended || s.Live.New {
			continue
		}
		targets := guarded(k, leaving)
		if len(targets) == 0 {
			continue
		}
		found, err := r.lossesOf(ctx, k, targets)
		if _, ok := err.(noAnswer); ok {
			s.Notes = append(s.Notes, fmt.Sprintf("the snapshot does not tell which %ss go with what is deleted; plan with a server", k.Guards.Word))
		} else if err != nil {
			return err
		}
		s.Losses = append(s.Losses, found...)
	}
	s.Losses = append(s.Losses, unreadLosses(leaving)...)
	slices.SortFunc(s.Losses, func(a, b *plan.Loss) int {
		return cmp.Or(cmp.Compare(a.Address(), b.Address()), cmp.Compare(a.Word(), b.Word()), cmp.Compare(a.String(), b.String()))
	})
	return nil
}

// guarded returns the objects that go and to which rows of a kind may belong.
func guarded(k *schema.Kind, leaving map[*schema.Object]bool) []*schema.Object {
	var out []*schema.Object
	for o := range leaving {
		if slices.Contains(o.Kind.Guarded, k) {
			out = append(out, o)
		}
	}
	return out
}

func (r *confirming) lossesOf(ctx context.Context, k *schema.Kind, targets []*schema.Object) ([]*plan.Loss, error) {
	path, err := r.path(k.CollectionPath(nil), nil)
	if err != nil {
		return nil, err
	}
	rows, pages, err := call.Rows(ctx, r.api, k, path)
	r.count(func(c *Calls) { c.Losses += pages })
	unknown := call.Unseen(err)
	if err != nil && unknown == "" {
		return nil, err
	}
	var out []*plan.Loss
	for _, o := range targets {
		if l := (&plan.Loss{Object: o, Kind: k, Rows: call.Belonging(k, rows, o), Unknown: unknown}); len(l.Rows) > 0 || unknown != "" {
			out = append(out, l)
		}
	}
	return out, nil
}
