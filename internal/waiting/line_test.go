package waiting

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// On a screen one line is written over from the first second on, elsewhere there is one every ten
// seconds; what else is printed ends both.
func TestLine(t *testing.T) {
	for _, tt := range []struct {
		screen bool
		lasts  time.Duration
		want   string
	}{
		{true, 900 * time.Millisecond, "done\n"},
		{true, 1300 * time.Millisecond, "\r\x1b[K1 calls\r\x1b[K2 calls\r\x1b[Kdone\n"},
		{false, 9 * time.Second, "done\n"},
		{false, 21 * time.Second, "1 calls\n2 calls\ndone\n"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			l := &Line{To: &out, Screen: tt.screen}
			calls := 0
			l.Begin(func() string { calls++; return fmt.Sprint(calls, " calls") })
			time.Sleep(tt.lasts)
			fmt.Fprintln(l.Over(&out), "done")
			time.Sleep(time.Minute)
			if got := out.String(); got != tt.want {
				t.Errorf("screen %v, %v: %q, wanted %q", tt.screen, tt.lasts, got, tt.want)
			}
			l.Begin(func() string { return "" })
			l.Begin(func() string { return "" }) // the first one ends
			l.Stop()
		})
	}
}
