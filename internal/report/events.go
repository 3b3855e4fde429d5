package report

import (
	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/schema/risk"
)

// Event is one line of the form jsonl: what happened, when, in which tenant, and the part of the
// report that it is about.
type Event struct {
	Type   string `json:"type"`
	Time   string `json:"time"`
	Tenant string `json:"tenant,omitempty"`
	What   any    `json:"what"`
}

// Outcome is the last line: what it all comes to.
type Outcome struct {
	Code     string             `json:"code"` // the word of the exit code
	Version  string             `json:"format_version"`
	Command  string             `json:"command"`
	Verdict  Verdict            `json:"verdict"`
	Risks    map[risk.Class]int `json:"risks"` // changes, by class of risk
	Applied  *Applied           `json:"applied,omitempty"`
	Calls    *Calls             `json:"calls,omitempty"`
	Coverage *Coverage          `json:"coverage,omitempty"`
}

// EventTypes are the types of events, with what each tells of.
func EventTypes() map[string]any {
	return map[string]any{"warning": schema.Problem{}, "change": Change{}, "stray": Stray{}, "stuck": Stuck{}, "awaiting": Awaiting{},
		"loss": Loss{}, "rule": review.RuleChange{}, "guard": Guard{}, "error": schema.Problem{}, "verdict": Outcome{},
		"run": Run{}, "step_started": Ran{}, "step_done": Ran{}, "step_failed": Ran{}, "step_skipped": Ran{}}
}

// Event returns an event of the report, at the time when it was made.
func (r *Report) Event(kind string, what any) Event {
	e := Event{Type: kind, Time: r.Made, What: what}
	if r.Tenant != nil {
		e.Tenant = r.Tenant.Name
	}
	return e
}

// Events are all that the report has to tell, the verdict last.
func (r *Report) Events() []Event {
	out := append(r.Findings(), r.ran...)
	for _, e := range r.Errors {
		out = append(out, r.Event("error", e))
	}
	return append(out, r.Event("verdict", Outcome{r.Code, r.Version, r.Command, r.Verdict, r.Risks, r.Applied, r.Calls, r.Coverage}))
}

// Findings are the events of what was found before anything is done.
func (r *Report) Findings() []Event {
	var out []Event
	for _, c := range r.Rules.Told() {
		out = append(out, r.Event("rule", c))
	}
	for _, w := range r.Warnings {
		out = append(out, r.Event("warning", w))
	}
	for i := range r.Changes {
		out = append(out, r.Event("change", &r.Changes[i]))
	}
	for _, s := range r.Strays {
		out = append(out, r.Event("stray", s))
	}
	for _, s := range r.Stuck {
		out = append(out, r.Event("stuck", s))
	}
	for _, a := range r.Awaiting {
		out = append(out, r.Event("awaiting", a))
	}
	for _, l := range r.Losses {
		out = append(out, r.Event("loss", l))
	}
	for _, g := range r.Guards {
		out = append(out, r.Event("guard", g))
	}
	return out
}
