package report

import (
	"fmt"
	"strings"

	"pbxsync/diff"
)

// Validate is the command that reads files alone.
const Validate = "validate"

// Drift is the command that tells what moved.
const Drift = "drift"

// The words of verdicts.
const (
	Nothing  = "nothing" // there is nothing to do, or nothing wrong
	Changing = "changes" // there is something to do
	Refused  = "refused" // there is, and a guard is in its way
	Broken   = "error"   // an error says why there is no result
	Done     = "applied" // all of it was done
)

// Words returns the words of verdicts.
func Words() []string { return []string{Nothing, Changing, Refused, Broken, Done} }

// Commands returns the commands that make reports.
func Commands() []string { return []string{Validate, "plan", "apply", Drift, "show", "undo"} }

// Judge says what the report comes to, with the word of its exit code.
func (r *Report) Judge(code string) {
	r.Code, r.Verdict = code, Verdict{r.word(), r.sentence()}
}

func (r *Report) word() string {
	switch {
	case len(r.Errors) > 0:
		return Broken
	case len(r.Guards) > 0:
		return Refused
	case r.Applied != nil && r.Applied.Done > 0:
		return Done
	case r.Differs():
		return Changing
	}
	return Nothing
}

// sentence counts the changes by action, and what a plan cannot end.
func (r *Report) sentence() string {
	if r.Command == Validate && len(r.Errors) == 0 {
		return "no problems"
	}
	if len(r.Errors) > 0 {
		return count(len(r.Errors), "error")
	}
	if r.Command == Drift && r.Based() && r.Drifted() { // else a plan tells it as well
		return driftSentence(r)
	}
	text := r.summary()
	if n := len(r.Stuck); n > 0 {
		text += "; " + count(n, "difference") + " that cannot be put back"
	}
	if n := len(r.Pending); n > 0 {
		text += "; " + count(n, "secret") + " to be decided"
	}
	return text
}

func (r *Report) summary() string {
	var parts []string
	for _, a := range []diff.Action{diff.Create, diff.Update, diff.Rename, diff.Replace, diff.Delete} {
		if n := r.Count(a); n > 0 {
			parts = append(parts, fmt.Sprintf("%d to %s", n, a))
		}
	}
	if len(parts) == 0 {
		return "nothing to do"
	}
	return strings.Join(parts, ", ")
}
