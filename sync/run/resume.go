package run

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Resume finds out what became of the creates of earlier runs whose outcome is not
// known, before anything is planned from what the tenant has now: what may still
// appear must not be made twice. Creates whose kind no list tells stay open.
func Resume(ctx context.Context, api call.Reader, k *record.Records, t plan.TenantID, o Options, stop <-chan struct{}) ([]record.Settled, []*Ambiguous, error) {
	q := &resuming{api: api, records: k, tenant: t, options: o, stop: stop}
	g, ctx := errgroup.WithContext(ctx)
	for _, open := range k.Lookable(o.Catalogue) {
		g.Go(func() error { return q.settle(ctx, o.Catalogue.Made(open.Kind), open) })
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(q.settled, func(a, b record.Settled) int { return cmp.Or(cmp.Compare(a.Run, b.Run), a.Step-b.Step) })
	slices.SortFunc(q.ambiguous, func(a, b *Ambiguous) int { return cmp.Compare(a.Address, b.Address) })
	return q.settled, q.ambiguous, nil
}

type resuming struct {
	api     call.Reader
	records *record.Records
	tenant  plan.TenantID
	options Options
	stop    <-chan struct{}

	mu        sync.Mutex
	settled   []record.Settled
	ambiguous []*Ambiguous
}

func (q *resuming) settle(ctx context.Context, kind *schema.Kind, open *record.Open) error {
	s := &search{api: q.api, kind: kind, prefix: q.tenant.Prefix, intent: &open.Intent, known: map[int64]bool{}, count: func(int) {}}
	for _, name := range q.records.Names(kind) {
		if name.Key == open.Key || !keyed(kind) {
			for _, seen := range q.records.Seen[name] {
				s.known[seen.ID] = true
			}
		}
	}
	// The whole time, whatever the clock says: it may have been put forward since.
	f, over, err := s.wait(ctx, q.options.Settle, q.stop)
	if err != nil {
		return fmt.Errorf("looking for what %s has made: %w; where that cannot be read, pbxsync settle %s %d --adopt ID, or --forget", open, err, open.Run, open.Step)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case !over:
	case len(f.all) == 0:
		q.settled = append(q.settled, record.Settled{Run: open.Run, Step: open.Step, How: record.NotDone})
	case len(f.all) == 1 && len(f.equal) == 1:
		q.settled = append(q.settled, record.Settled{Run: open.Run, Step: open.Step, How: record.Adopted, ID: f.all[0]})
	default:
		q.ambiguous = append(q.ambiguous, &Ambiguous{Address: open.Address, IDs: f.all, Run: open.Run, Step: open.Step})
	}
	return nil
}

// Doubles returns the objects that a plan made and that are there more than once: a call
// whose answer was lost was carried out late, or a run on another machine made it too.
func Doubles(p *plan.Plan, now *diff.Live) []*Ambiguous {
	var out []*Ambiguous
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Makes == nil {
			continue
		}
		ids := slices.DeleteFunc(now.IDsNamed(s.Makes), func(id int64) bool { return slices.Contains(s.Baseline, id) })
		if len(ids) > 1 {
			out = append(out, &Ambiguous{Address: s.Makes.Address(), IDs: ids, Spare: diff.Spare(s.Makes, ids[len(ids)-1])})
		}
	}
	return out
}
