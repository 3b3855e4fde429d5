package sync

import (
	"errors"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// A run that a guard has stopped before its first write ends as refused, one that
// has failed in any other way as an error, and one that has written something in part.
func TestGuardsRightBeforeAWrite(t *testing.T) {
	guard := run.StepFailed{Step: &plan.Step{}, Err: &plan.Guard{Message: "it has 1 call going on"}}
	other := run.StepFailed{Step: &plan.Step{}, Err: errors.New("400")}
	for _, test := range []struct {
		failures []run.StepFailed
		done     int
		want     End
	}{
		{[]run.StepFailed{guard}, 0, Refused},
		{[]run.StepFailed{guard, guard}, 0, Refused},
		{[]run.StepFailed{guard, other}, 0, ""},
		{[]run.StepFailed{guard}, 1, Part},
		{nil, 0, ""},
	} {
		err := failed(&run.Summary{Done: test.done, Failed: len(test.failures), Failures: test.failures})
		if got := endOf(err); got != test.want {
			t.Errorf("%d done, %v: %q, want %q", test.done, test.failures, got, test.want)
		}
	}
}

// A call may have written something where it is not known whether it was carried out.
func TestDoubtful(t *testing.T) {
	put, post := &plan.Step{Method: "PUT"}, &plan.Step{Method: "POST", Changes: []string{"extension/101"}, Makes: &schema.Object{}}
	for _, test := range []struct {
		s    run.Summary
		want End
	}{
		{run.Summary{Failed: 1, Doubtful: []*plan.Step{put}}, Part},
		{run.Summary{Failed: 2, Doubtful: []*plan.Step{post, put}}, Unknown},
		{run.Summary{Failed: 1, Doubtful: []*plan.Step{put}, Interrupted: true}, Interrupted},
	} {
		if got := endOf(failed(&test.s)); got != test.want {
			t.Errorf("%+v: %q, want %q", test.s, got, test.want)
		}
	}
}

// What is said when the record of a run could not be written: the end tells
// whether anything was.
func TestBrokenRecord(t *testing.T) {
	broken := errors.New("run records: no space left on device")
	for _, c := range []struct {
		s    run.Summary
		end  End
		want string
	}{
		{run.Summary{Failed: 1, Skipped: 2, Broken: broken}, "",
			"0 done, 1 failed, 2 not tried; nothing more was sent, since what is sent has to be on record first (run records: no space left on device); make sure that run records can be written (--state-dir), then run apply again: it reads the tenant first and goes on with what is left"},
		{run.Summary{Done: 1, Skipped: 2, Broken: broken}, Part,
			"1 done, 0 failed, 2 not tried; nothing more was sent, since what is sent has to be on record first (run records: no space left on device); make sure that run records can be written (--state-dir), then run apply again: it reads the tenant first and goes on with what is left"},
	} {
		err := failed(&c.s)
		if endOf(err) != c.end || err.Error() != c.want {
			t.Errorf("%q %s\nwant %q %s", endOf(err), err, c.end, c.want)
		}
	}
}

func endOf(err error) End {
	var f *Failure
	if errors.As(err, &f) {
		return f.End
	}
	return "none"
}
