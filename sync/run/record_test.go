package run_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/run"
)

// Once a line of the record could not be written, nothing more is sent: not the call itself, not its
// repeat, and no other step.
func TestNothingIsSentWithoutARecord(t *testing.T) {
	for fails, sent := range map[string]int{"intent": 0, "ack": 1, "failed": 1, "unknown": 1} {
		t.Run(fails, func(t *testing.T) {
			l := canned.NewServer()
			if fails == "failed" {
				l.Fail = map[string]error{"POST " + intervals: canned.Status(400)}
			}
			l.Lose = func(string, string, map[string]any) bool { return fails == "unknown" }
			p := ordered(t, l, tenantLine+"intervals: {A: {timezone: UTC, conditions: []}, B: {timezone: UTC, conditions: []}}\n")
			synctest.Test(t, func(t *testing.T) {
				sum, err := run.Apply(t.Context(), l, p, nil, run.Options{Catalogue: schema.Builtin(), Settle: time.Minute, Journal: &canned.Journal{Fails: fails}, Parallelism: 1}, nil, nil)
				if err != nil || sum.Broken == nil || len(l.Sent) != sent || sum.Done == 2 {
					t.Errorf("%v %+v, sent %q", err, sum, l.Sent)
				}
				if fails == "intent" && !strings.Contains(sum.Failures[0].Err.Error(), "disk full; the call was not sent") {
					t.Errorf("%v", sum.Failures[0].Err)
				}
			})
		})
	}
}
