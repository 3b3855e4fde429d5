package sync

import (
	"time"

	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// usual is how long a call may take that nobody waits for any more.
const usual = time.Minute

// settle is how long is looked for what a call without an answer may have made.
func (w *work) settle() time.Duration {
	if w.options.Settle > 0 {
		return w.options.Settle
	}
	return usual
}

// lock keeps other runs from writing to a tenant until the work is over.
func (w *writing) lock(t plan.TenantID) error {
	if w.Store == nil {
		return nil
	}
	l, err := w.Store.Lock(t)
	if err != nil {
		return err
	}
	w.locks, w.first = append(w.locks, l), l.First()
	if why := l.Alone(); why != nil {
		w.op.Notice(Alone{why})
	}
	return w.calm(l)
}

// calm waits for as long as a call may take that a run of another checkout had under way
// when it was cut off: only the records there know of it.
func (w *writing) calm(l Lock) error {
	cut := l.CutOff()
	if len(cut) == 0 {
		return nil
	}
	w.op.Notice(CutOff{cut[0], w.settle()})
	if !w.wait() {
		return fail(Interrupted, "interrupted; nothing was written")
	}
	return l.Calm()
}

// wait waits for the settle time, and reports whether it is over.
func (w *writing) wait() bool {
	select {
	case <-time.After(w.settle()):
		return true
	case <-w.Stop:
		return false
	}
}

// lockFound locks the tenant that the server has told, where the files name it otherwise.
func (w *writing) lockFound() error {
	found := tenantOf(w.now.State)
	if w.Store == nil || w.Store.Same(w.named(), found) {
		return nil
	}
	return w.lock(found)
}

// named is the tenant as the files name it.
func (w *writing) named() plan.TenantID {
	return plan.TenantID{Name: w.desired.Name, Prefix: w.desired.Prefix}
}

func tenantOf(s *observe.State) plan.TenantID {
	return plan.TenantID{ID: s.Live.ID, Name: s.Live.Name, Prefix: s.Live.Prefix}
}

// release gives all locks back, the last one first.
func (w *writing) release() {
	for i := range w.locks {
		w.locks[len(w.locks)-1-i].Release(!w.unsure)
	}
}
