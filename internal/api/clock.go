package api

import (
	"net/http"
	"time"
)

// ClockSkew returns how far the server's clock was ahead of this machine's when
// it last answered, to the second, and whether it told its time at all.
func (c *Client) ClockSkew() (time.Duration, bool) {
	skew := c.skew.Load()
	if skew == nil {
		return 0, false
	}
	return *skew, true
}

// noteClock looks at the server's time once; a later look would tell no more.
func (c *Client) noteClock(h http.Header) {
	if c.skew.Load() != nil {
		return
	}
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		skew := time.Until(t)
		c.skew.Store(&skew)
	}
}
