package sync

import (
	"context"
	"errors"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/undo"
)

// Planned is what reading a tenant and comparing it has led to.
type Planned struct {
	State     *observe.State
	Plan      *plan.Plan     // nil: the changes have no order
	Unordered error          // why, where they were only looked at
	Guards    []*plan.Guard  // what forbids carrying the plan out until it is allowed
	Lost      []string       // of a run that is undone: what cannot come back
	Findings  []plan.Finding // rules that the plan breaks
	Base      *Base          // what tells drift from changes of the files; nil: nothing does
	NoBase    string         // why there is none

	Reviewed *Base // with the rules by which it was reviewed last; nil: nothing tells of them

	rules *review.Rules // that hold
}

// Plan makes the plan that leads from the live tenant to the desired one, and writes nothing.
// Problems that only the server could tell are its error; what was read stands beside them.
func (e *Engine) Plan(ctx context.Context, desired *schema.Tenant, o Options, op Operator) (*Planned, error) {
	w := e.work(desired, o, op)
	err := w.look(ctx)
	return w.now, err
}

// Drift does the same for whoever wants to know the differences alone: what hinders only a
// write is no problem, and differences need no order.
func (e *Engine) Drift(ctx context.Context, desired *schema.Tenant, o Options, op Operator) (*Planned, error) {
	w := e.work(desired, o, op)
	w.drift = true
	err := w.look(ctx)
	return w.now, err
}

// work is one call of the engine.
type work struct {
	*Engine
	desired *schema.Tenant
	options Options
	op      Operator
	drift   bool          // nothing is going to be written
	saved   *Saved        // the plan that is carried out, or nil
	undoing *undo.Undoing // the run that is undone, or nil

	remembers bool   // a second reading asks for less
	seen      *sight // of the last look; nil: nothing is remembered

	now  *Planned // nil: nothing is known
	base *Base    // once it is known

	noBase string // why there is none

	gone []string // runs whose records were taken away
}

func (e *Engine) work(desired *schema.Tenant, o Options, op Operator) *work {
	if op == nil {
		op = nobody{}
	}
	return &work{Engine: e, desired: desired, options: o.stated(), op: op}
}

// look reads the tenant, compares it, and makes the plan.
func (w *work) look(ctx context.Context) error {
	ctx, cancel := w.untilStop(ctx)
	defer cancel()
	err := w.compare(ctx)
	for _, run := range w.gone {
		w.op.Notice(Missing{run})
	}
	w.gone = nil
	return err
}

func (w *work) compare(ctx context.Context) error {
	w.now = nil
	// What is accepted, and what is left alone, is taken out of what is wanted, and the next
	// comparison wants to know of it again.
	s, err := observe.Observe(ctx, w.reader(), w.desired.Clone(), w.reading())
	if errors.Is(err, context.Canceled) && w.stopped() {
		return fail(Interrupted, "interrupted while reading; nothing was written")
	}
	if err != nil {
		return err
	}
	w.now = &Planned{State: s, Base: w.base, NoBase: w.noBase, Reviewed: w.lastReviewed(tenantOf(s)), rules: w.options.Rules}
	w.op.Notice(Read{s.Live.Objects})
	hinders := s.Problems
	if w.drift {
		hinders = hinders.Reading() // what only a create needs is no difference
	}
	if hinders.Err() != nil {
		w.now.Plan, _ = plan.Order(&s.Basis) // the differences are worth knowing all the same
		if w.drift && w.now.Plan != nil {
			w.now.Plan.LookBack(&s.Basis, pending(s))
		}
		return w.unlike(hinders)
	}
	w.op.Notice(Warned{s.Problems})
	return w.order()
}

// reader returns the Reader of a look. What is going to write remembers what it was shown.
func (w *work) reader() call.Reader {
	if !w.remembers {
		return w.Reader
	}
	w.seen = seeing(w.Reader)
	return w.seen
}

// leaves reports whether what drifted is left as it is. A saved plan holds what is not.
func (w *work) leaves() bool {
	return !w.drift && w.saved == nil && w.undoing == nil && !w.options.RevertDrift
}

// order makes the plan of what was compared, and judges it.
func (w *work) order() error {
	s := w.now.State
	if w.undoing != nil {
		w.undoing.Word(&s.Basis)
	}
	p, err := plan.Order(&s.Basis)
	if err != nil && w.drift {
		w.now.Unordered = err
		return nil
	} else if err != nil {
		return err
	}
	w.now.Plan = p
	if w.undoing != nil {
		w.now.Lost = w.undoing.Lost()
	}
	w.judge()
	if w.drift {
		p.LookBack(&s.Basis, pending(s))
		w.now.Guards = plan.Happened(&s.Basis, p, pending(s), w.options.FailOn, w.options.Allow.Risks)
		return nil
	}
	w.now.Guards = w.guards()
	return nil
}

// pending are the addresses of changes that the files alone have made.
func pending(s *observe.State) map[string]bool {
	out := map[string]bool{}
	for _, x := range s.Sides {
		if x.Side == diff.Pending {
			out[x.Address()] = true
		}
	}
	return out
}

// records finds what earlier runs have recorded.
func (w *work) records(t plan.TenantID) (*record.Records, error) {
	k, err := w.Store.Known(t)
	if err == nil {
		w.gone = k.Gone
	}
	return k, err
}

// untilStop returns a context that ends when the engine is to stop: for reading, where
// nothing is lost.
func (e *Engine) untilStop(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if e.Stop != nil {
		go func() {
			select {
			case <-e.Stop:
				cancel()
			case <-ctx.Done():
			}
		}()
	}
	return ctx, cancel
}

func (e *Engine) stopped() bool {
	select {
	case <-e.Stop:
		return e.Stop != nil
	default:
		return false
	}
}
