package sync

import (
	"context"
	"errors"
	"time"

	"pbxsync/schema"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// Operator is whoever runs the engine: it is told what happens, and asked what only it can
// decide. Its methods are called one at a time.
type Operator interface {
	run.Sink // the steps of a plan as they are carried out

	// Notice is told what happens beside the steps.
	Notice(Notice)
	// Approve is shown what is going to be done, also where that is nothing. An error ends the
	// call with it, and nothing is written.
	Approve(context.Context, *Planned) error
}

// Notice is one of the types below.
type Notice interface{ notice() }

// Read says that the tenant was read, and which of its objects are known.
type Read struct{ Objects []*schema.Object }

// Warned are warnings of files and tenant that do not hinder anything.
type Warned struct{ Problems schema.Problems }

// Missing names a run whose record is gone, of which a later record tells.
type Missing struct{ Run string }

// Alone says that nothing keeps out runs of other checkouts on this machine, and why.
type Alone struct{ Why error }

// CutOff says that a run of another checkout was cut off, and for how long its last calls are
// waited for.
type CutOff struct {
	Run  string // in words
	Wait time.Duration
}

// Looking says that an earlier run was cut off, and for how long is looked for what it may
// have made.
type Looking struct {
	Open []*record.Open
	Wait time.Duration
}

// Settled says what has become of a call of an earlier run.
type Settled struct {
	record.Settled
	Open *record.Open
}

// First says that this is the first run that writes to the tenant on this machine.
type First struct{}

// Proving says that the steps are done, and that the tenant is read again.
type Proving struct{}

func (Read) notice()    {}
func (Warned) notice()  {}
func (Missing) notice() {}
func (Alone) notice()   {}
func (CutOff) notice()  {}
func (Looking) notice() {}
func (Settled) notice() {}
func (First) notice()   {}
func (Proving) notice() {}

// Approving is an operator that approves every plan that no guard refuses, and listens to
// nothing: for programs that have judged the plan by themselves.
type Approving struct{}

// Event does nothing.
func (Approving) Event(run.Event) {}

// Notice does nothing.
func (Approving) Notice(Notice) {}

// Approve approves.
func (Approving) Approve(context.Context, *Planned) error { return nil }

// nobody is the operator where there is none: nobody can approve anything.
type nobody struct{ Approving }

func (nobody) Approve(context.Context, *Planned) error {
	return &Failure{Refused, errors.New("there is no operator to approve the plan; nothing was written")}
}
