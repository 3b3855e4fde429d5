package sync

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// Resume finds out what earlier runs that were cut off have made, and puts it on record. It
// writes nothing to the tenant. Apply and Undo do so by themselves before they plan.
func (e *Engine) Resume(ctx context.Context, desired *schema.Tenant, o Options, op Operator) error {
	w := e.writing(desired, o, op)
	defer w.release()
	if err := w.lock(w.named()); err != nil {
		return err
	}
	if err := w.look(ctx); w.now == nil {
		return err
	}
	err := w.lockFound()
	if err == nil {
		_, err = w.resume(ctx)
	}
	if err == nil {
		w.resumed()
	}
	return err
}

// goOn locks the tenant that was found, settles what earlier runs left open, and looks again
// where there was something. looked is what looking has led to so far.
func (w *writing) goOn(ctx context.Context, looked error) error {
	if err := w.lockFound(); err != nil {
		return err
	}
	again, err := w.resume(ctx)
	switch {
	case err != nil:
		return err
	case again:
		return w.look(ctx)
	}
	return looked
}

// resume settles the creates that earlier runs left open, and reports whether there were some.
func (w *writing) resume(ctx context.Context) (bool, error) {
	if w.Store == nil {
		return false, nil
	}
	t := tenantOf(w.now.State)
	records, err := w.records(t)
	if err != nil {
		return false, err
	}
	open := records.Lookable(w.options.Catalogue)
	if len(open) == 0 {
		return false, nil
	}
	w.op.Notice(Looking{open, w.settle()})
	settled, ambiguous, err := run.Resume(ctx, w.Reader, records, t, w.running(), w.Stop)
	if err != nil {
		return true, err
	}
	if err := w.putOnRecord(t, settled); err != nil {
		return true, err
	}
	for _, s := range settled {
		w.op.Notice(Settled{s, openOf(s, open)})
	}
	if len(ambiguous) > 0 {
		return true, unsettled(ambiguous)
	}
	if w.stopped() {
		return true, fail(Interrupted, "interrupted; nothing was written")
	}
	return true, nil
}

func openOf(s record.Settled, open []*record.Open) *record.Open {
	for _, o := range open {
		if o.Run == s.Run && o.Step == s.Step {
			return o
		}
	}
	return nil
}

// putOnRecord writes what was found out into a record of its own: nothing is ever added to
// an old one.
func (w *writing) putOnRecord(t plan.TenantID, settled []record.Settled) error {
	if len(settled) == 0 {
		return nil
	}
	r, err := w.Store.Begin(t, "", 0)
	if err != nil {
		return fmt.Errorf("run records: %w; nothing was written", err)
	}
	for _, s := range settled {
		err = errors.Join(err, r.Settled(s))
	}
	return errors.Join(err, r.Finished(&run.Summary{}), r.Close())
}

// resumed says that nothing of earlier runs is open any more.
func (w *writing) resumed() {
	for _, l := range w.locks {
		l.Resumed()
	}
}

// unsettled is the failure that a person has to settle.
func unsettled(list []*run.Ambiguous) error {
	var lines []string
	for _, a := range list {
		lines = append(lines, a.Error())
	}
	return fail(Unknown, "%s", strings.Join(lines, "; "))
}
