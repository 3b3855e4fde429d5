package sync

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// Applied is how far an apply has come.
type Applied struct {
	*Planned              // nil: the tenant could not be read
	Summary  *run.Summary // of the steps; nil: nothing was sent
	After    *observe.State
}

// Apply brings the tenant to the desired one: it keeps other runs out, finds out what runs
// that were cut off have made, reads, compares, lets guards and operator judge the plan,
// carries it out, and reads again to see that the tenant is as wanted.
func (e *Engine) Apply(ctx context.Context, desired *schema.Tenant, o Options, op Operator) (*Applied, error) {
	return e.writing(desired, o, op).apply(ctx)
}

// writing is a call that may write.
type writing struct {
	*work
	locks  []Lock
	first  bool // no run of this user has written to the tenant on this machine
	unsure bool // a call of the run may still be carried out
}

func (e *Engine) writing(desired *schema.Tenant, o Options, op Operator) *writing {
	w := &writing{work: e.work(desired, o, op)}
	w.remembers = !o.RereadAll
	return w
}

func (w *writing) apply(ctx context.Context) (*Applied, error) {
	a := &Applied{}
	err := w.bring(ctx, a)
	a.Planned = w.now
	return a, err
}

func (w *writing) bring(ctx context.Context, a *Applied) error {
	if w.Writer == nil {
		return errors.New("the engine was given no Writer, so it can only look")
	}
	defer w.release()
	if err := w.lock(w.named()); err != nil {
		return err
	}
	err := w.look(ctx)
	if w.now != nil {
		err = w.goOn(ctx, err)
	}
	if err != nil {
		return w.outdated(err)
	}
	w.resumed()
	if err := w.approve(ctx); err != nil {
		return err
	}
	return w.carryOut(ctx, a)
}

// approve makes sure that the plan is what was saved, that no guard refuses it, and that
// somebody wants it.
func (w *writing) approve(ctx context.Context) error {
	if w.saved != nil {
		same, err := w.saved.same(w.now.Plan)
		if err != nil {
			return err
		}
		if !same {
			return &Failure{Outdated, &Moved{w.saved.Where, w.saved.Value.Moved(&w.now.Plan.Value)}}
		}
	}
	if len(w.now.Guards) > 0 {
		return &Failure{Refused, &Guarded{w.now.Guards}}
	}
	return w.op.Approve(ctx, w.now)
}

// carryOut makes the calls and reads the tenant again.
func (w *writing) carryOut(ctx context.Context, a *Applied) error {
	if len(w.now.Plan.Steps) == 0 {
		a.Summary = &run.Summary{}
		return atLeast(Part, w.nothingToDo())
	}
	if w.first {
		w.op.Notice(First{})
	}
	record, err := w.run(ctx, a)
	if err != nil {
		return err
	}
	defer record.Close()
	s := a.Summary
	w.unsure = s.Interrupted || len(s.Doubtful) > 0
	if s.Failed > 0 || s.Interrupted || s.Broken != nil {
		return failed(s)
	}
	w.op.Notice(Proving{})
	err = w.prove(ctx, a)
	if a.After != nil {
		err = errors.Join(err, noteRespelled(record, a.After))
	}
	if err == nil {
		err = record.Verified(w.verified(a.After))
	}
	if err == nil {
		err = w.keepBase(a.After)
	}
	if err == nil {
		err = w.undecided()
	}
	return atLeast(Part, err)
}

// nothingToDo says what is left although no call would change it.
func (w *writing) nothingToDo() error {
	err := w.noteProtected()
	if err == nil && len(w.now.State.Diff.Stuck) > 0 {
		err = stuck(w.now.State)
	}
	if err == nil {
		err = w.keepBase(w.now.State)
	}
	if err == nil {
		err = w.undecided()
	}
	return err
}

// run carries the plan out, and keeps the record of it, which the caller closes.
func (w *writing) run(ctx context.Context, a *Applied) (Record, error) {
	p := w.now.Plan
	data, err := p.Bytes()
	if err != nil {
		return nil, err
	}
	r, err := w.begin(p.Tenant, fmt.Sprintf("sha256:%x", sha256.Sum256(data)), len(p.Steps))
	if err != nil {
		return nil, fmt.Errorf("run records: %w; nothing was written; say where they may lie with --state-dir", err)
	}
	o := w.running()
	o.Journal, o.Run = r, r.Run()
	s, err := run.Apply(ctx, w.Writer, p, w.secrets(), o, w.Stop, w.op)
	if err != nil {
		return nil, errors.Join(err, r.Discard()) // nothing was sent
	}
	if a.Summary = s; s.Broken == nil {
		s.Broken = r.Finished(s)
	}
	return r, nil
}

func (w *writing) begin(t plan.TenantID, digest string, steps int) (Record, error) {
	if w.Store == nil {
		return noRecord{}, nil
	}
	return w.Store.Begin(t, digest, steps)
}

// secrets finds the secrets that steps send.
func (w *writing) secrets() run.Secrets {
	if w.options.Secrets != nil {
		return w.options.Secrets
	}
	return func(ref schema.SecretRef) (string, error) {
		return "", fmt.Errorf("%s is not known here, since no secrets were given to the engine", ref)
	}
}
