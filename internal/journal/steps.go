package journal

import (
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Step is one step of a run as its record tells it.
type Step struct {
	Number  int
	Intent  *Intent // the last one
	Outcome Type    // ack, failed or unknown; unknown also where the record ends before it
	ID      int64   // of a new object
}

// Steps returns the steps that a run began, in the order in which it began them.
func (r *Record) Steps() []*Step {
	var steps []*Step
	by := map[int]*Step{}
	for _, e := range r.Entries {
		s := by[e.Step]
		switch e.Type {
		case TypeIntent:
			if s == nil {
				s = &Step{Number: e.Step}
				by[e.Step] = s
				steps = append(steps, s)
			}
			s.Intent, s.Outcome, s.ID = e.Intent, TypeUnknown, 0
		case TypeAck, TypeFailed, TypeUnknown:
			if s != nil { // an outcome without a call says nothing
				s.Outcome, s.ID = e.Type, e.ID
			}
		}
	}
	return steps
}

// Finish returns how the run ended, or nil where it was cut off.
func (r *Record) Finish() *Finished {
	for _, e := range r.Entries {
		if e.Type == TypeFinished {
			return e.Finished
		}
	}
	return nil
}

// Count returns how many of the steps that a run began have the outcome.
func (r *Record) Count(outcome Type) int {
	n := 0
	for _, s := range r.Steps() {
		if s.Outcome == outcome {
			n++
		}
	}
	return n
}

// Planned returns what the run was going to do, or nil where it did not come so far.
func (r *Record) Planned() (*plan.Value, error) {
	for _, e := range r.Entries {
		if e.Type == TypePlan {
			return plan.Decode(e.Plan)
		}
	}
	return nil, nil
}

// Before returns the objects that the run was about to change, as they were.
func (r *Record) Before() []record.Object {
	var out []record.Object
	for _, e := range r.Entries {
		if e.Type == TypeBefore {
			out = append(out, *e.Before)
		}
	}
	return out
}
