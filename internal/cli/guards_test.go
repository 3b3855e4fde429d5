package cli

import (
	"errors"
	"testing"

	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// A run that a guard has stopped before its first write ends with 6, one that has
// failed in any other way with 1, and one that has written something with 4.
func TestGuardsRightBeforeAWrite(t *testing.T) {
	guard := run.StepFailed{Step: &plan.Step{}, Err: &plan.Guard{Message: "it has 1 call going on"}}
	other := run.StepFailed{Step: &plan.Step{}, Err: errors.New("400")}
	for _, test := range []struct {
		failures []run.StepFailed
		done     int
		want     int
	}{
		{[]run.StepFailed{guard}, 0, exitGuard},
		{[]run.StepFailed{guard, guard}, 0, exitGuard},
		{[]run.StepFailed{guard, other}, 0, exitError},
		{[]run.StepFailed{guard}, 1, exitPart},
		{nil, 0, exitError},
	} {
		err := (&Program{}).failed(&run.Summary{Done: test.done, Failed: len(test.failures), Failures: test.failures})
		if got := codeOf(err); got != test.want {
			t.Errorf("%d done, %v: %d, want %d", test.done, test.failures, got, test.want)
		}
	}
}

// A saved plan goes to the server from which it was made, and to no other. One that was
// made from a snapshot does not say which that is.
func TestSavedPlanOfAnotherServer(t *testing.T) {
	for _, test := range []struct {
		made, now string
		want      int
	}{
		{"pbx.example:443", "pbx.example:443", exitFine},
		{snapshotHost, "pbx.example:443", exitFine},
		{"other.example:443", "pbx.example:443", exitGuard},
		{"pbx.example:444", "pbx.example:443", exitGuard},
		{"", "pbx.example:443", exitGuard},
	} {
		err := (&savedPlan{Header: planHeader{Server: test.made}}).otherServer(&connection{host: test.now})
		if (err != nil) != (test.want != exitFine) || err != nil && codeOf(err) != test.want {
			t.Errorf("made for %q, now %q: %v", test.made, test.now, err)
		}
	}
}
