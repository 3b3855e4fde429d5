package run

import (
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Sink takes the events of a run. They come from one goroutine, so that a sink
// needs no lock.
type Sink interface{ Event(Event) }

// Event is one of the types below.
type Event interface{ event() }

// Started says how many steps a run has.
type Started struct{ Steps int }

// StepStarted says that a call is about to be sent.
type StepStarted struct{ Step *plan.Step }

// StepDone says that a call has succeeded.
type StepDone struct {
	Step *plan.Step
	ID   int64 // of a new object
}

// StepFailed says that a call has failed, or that its outcome is unknown.
type StepFailed struct {
	Step     *plan.Step
	Err      error
	Doubtful bool
}

// StepSkipped says that a step was not tried.
type StepSkipped struct {
	Step    *plan.Step
	Because *plan.Step // the step that failed; nil: the run was interrupted
}

// Finished says that no further step will be tried.
type Finished struct{ Summary *Summary }

func (Started) event()     {}
func (StepStarted) event() {}
func (StepDone) event()    {}
func (StepFailed) event()  {}
func (StepSkipped) event() {}
func (Finished) event()    {}

// Summary counts what a run has done.
type Summary struct {
	Done, Failed, Skipped int
	Doubtful              []*plan.Step // steps of which it is not known whether they were carried out
	Interrupted           bool
	Broken                error              // the journal could not be written, so nothing more was sent
	Respelled             []record.Respelled // what the answers had in another form
	agreed                map[[2]string]bool // address and field of what the server has shown as it was sent
	Created               *plan.TenantID     // the tenant, where the run has created it
	Checks                int                // calls that looked at objects right before they were written to
	Settling              int                // calls that looked for what became of others
	Lost                  int                // creates whose answer was lost, whatever became of them
	Failures              []StepFailed
	Ended                 int      // calls that ended what deleted objects left behind
	Notes                 []string // what people should know of it
}

// ended reports whether no further step may be started.
func (s *Summary) ended() bool { return s.Interrupted || s.Broken != nil }
