package report

import (
	"slices"

	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// Run says that a plan is being carried out, in how many steps.
type Run struct {
	Steps int `json:"steps"`
}

// Ran is what becomes of a step while a plan is carried out.
type Ran struct {
	Number  int      `json:"number"`
	Address string   `json:"address"` // of the first change that it serves
	Changes []string `json:"changes"`
	Method  string   `json:"method"`
	Path    string   `json:"path"`              // with symbols for ids, as {extension/101}
	ID      int64    `json:"id,omitempty"`      // of the object that it has made
	Error   string   `json:"error,omitempty"`   // why it failed
	Unknown bool     `json:"unknown,omitempty"` // it may have been carried out all the same
	Because string   `json:"because,omitempty"` // address of what failed before, so that it was not tried
}

// Happened notes what happens in a run, and returns its event; ok is false where none is told.
func (r *Report) Happened(e run.Event, time string) (event Event, ok bool) {
	kind, what := happened(e)
	if kind == "" {
		return Event{}, false
	}
	event = r.Event(kind, what)
	event.Time = time
	r.ran = append(r.ran, event)
	return event, true
}

func happened(e run.Event) (kind string, what any) {
	switch e := e.(type) {
	case run.Started:
		return "run", Run{e.Steps}
	case run.StepStarted:
		return "step_started", ran(e.Step)
	case run.StepDone:
		x := ran(e.Step)
		x.ID = e.ID
		return "step_done", x
	case run.StepFailed:
		x := ran(e.Step)
		x.Error, x.Unknown = e.Err.Error(), e.Doubtful
		return "step_failed", x
	case run.StepSkipped:
		x := ran(e.Step)
		if e.Because != nil {
			x.Because = subject(e.Because)
		}
		return "step_skipped", x
	}
	return "", nil
}

func ran(s *plan.Step) Ran {
	address := s.Deletes
	if address == "" {
		address = s.Changes[0]
	}
	return Ran{Number: s.Number, Address: address, Changes: slices.Clone(s.Changes), Method: s.Method, Path: s.Path}
}
