package cli

import (
	"pbxsync/internal/exit"
	"pbxsync/internal/profile"
	"time"
)

const (
	settleUsual   = 60 * time.Second // a call may take so long
	settleBuiltIn = 200 * time.Millisecond
)

// settleTime returns how long a create whose answer was lost may still appear.
func (o *applying) settleTime(conn *connection) (time.Duration, error) {
	d := o.settle
	switch {
	case !o.settles && conn.builtin:
		return settleBuiltIn, nil
	case !o.settles:
		return settleUsual, nil
	case d < settleUsual && !conn.builtin && !profile.Loopback(conn.server):
		return 0, exit.Fail(exit.Error, "--settle %v is too short: a call may take %v, and what is sent again before that may be made twice", d, settleUsual)
	case d <= 0:
		return 0, exit.Fail(exit.Error, "--settle %v is no time; the simulator needs 200ms", d)
	}
	return d, nil
}
