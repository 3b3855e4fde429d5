package cli

import (
	"errors"
	"testing"

	"pbxsync/sync/run"
)

// What is said when the record of a run could not be written: the code tells
// whether anything was.
func TestBrokenRecord(t *testing.T) {
	broken := errors.New("run records: no space left on device")
	for _, c := range []struct {
		s    run.Summary
		code int
		want string
	}{
		{run.Summary{Failed: 1, Skipped: 2, Broken: broken}, exitError,
			"0 done, 1 failed, 2 not tried; nothing more was sent, since what is sent has to be on record first (run records: no space left on device); make sure that run records can be written (--state-dir), then run apply again: it reads the tenant first and goes on with what is left"},
		{run.Summary{Done: 1, Skipped: 2, Broken: broken}, exitPart,
			"1 done, 0 failed, 2 not tried; nothing more was sent, since what is sent has to be on record first (run records: no space left on device); make sure that run records can be written (--state-dir), then run apply again: it reads the tenant first and goes on with what is left"},
	} {
		err := (&Program{}).failed(&c.s)
		if codeOf(err) != c.code || err.Error() != c.want {
			t.Errorf("%d %s\nwant %d %s", codeOf(err), err, c.code, c.want)
		}
	}
}
