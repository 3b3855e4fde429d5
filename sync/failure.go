package sync

import (
	"errors"
	"fmt"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// End says how a call of the engine ended that did not end as wanted.
type End string

// The ends that a caller may want to tell apart. Any other error says that nothing was written.
const (
	Refused     End = "refused"     // a guard or the operator refused; nothing was written
	Outdated    End = "outdated"    // a saved plan would be another one now; nothing was written
	Locked      End = "locked"      // another run writes to the tenant; nothing was written
	Interrupted End = "interrupted" // the engine was stopped
	Part        End = "part"        // something was written, and the tenant is not as wanted
	Unknown     End = "unknown"     // only a person can find out what became of a call
)

// Failure is the error of a call that ended in one of these ways.
type Failure struct {
	End End
	Err error
}

// Error returns what went wrong, with the way out.
func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap returns what went wrong.
func (f *Failure) Unwrap() error { return f.Err }

func fail(end End, format string, args ...any) error {
	return &Failure{end, fmt.Errorf(format, args...)}
}

// atLeast gives an error an end unless it has one.
func atLeast(end End, err error) error {
	var f *Failure
	if err == nil || errors.As(err, &f) {
		return err
	}
	return &Failure{end, err}
}

// Guarded is the error of a plan that guards refuse. They stand in the plan.
type Guarded struct{ Guards []*plan.Guard }

// Error counts the guards; each has its own words.
func (g *Guarded) Error() string {
	if len(g.Guards) == 1 {
		return g.Guards[0].Error()
	}
	return fmt.Sprintf("%s; and %d more refusals", g.Guards[0], len(g.Guards)-1)
}

// Moved is the error of a saved plan that would be another one now.
type Moved struct {
	Where string // names the plan for people
	Stale []plan.Staleness
}

// Error says what to do.
func (m *Moved) Error() string {
	return m.Where + " is stale: what it was made from has moved, so it would be another plan now; nothing was written; make it again with plan --out"
}

// outdated turns what reading found into a plan that has moved, where a saved one is applied.
func (w *writing) outdated(err error) error {
	var problems schema.Problems
	if w.saved == nil || !errors.As(err, &problems) {
		return err
	}
	moved := &Moved{Where: w.saved.Where}
	for _, p := range problems {
		s := plan.Staleness{Address: p.Address, What: p.Message} // hints are about files, and these are not read
		if known := w.desired.Object(p.Address); known != nil && w.now != nil && w.now.State.Live.Object(p.Address) == nil && !known.Kind.Implicit() {
			s.What = "it was there when the plan was made, it is gone or has another name now"
		}
		if !slices.Contains(moved.Stale, s) {
			moved.Stale = append(moved.Stale, s)
		}
	}
	return &Failure{Outdated, moved}
}
