package api

import (
	"net/http"
	"testing"
	"time"
)

// What the server asked to be sent again is not counted against a run.
func TestAmplification(t *testing.T) {
	for c, want := range map[Counts]float64{
		{}:                                  1,
		{Reads: 3, Retries: 3}:              1,
		{Reads: 6, Writes: 2, Retries: 4}:   2,
		{Reads: 8, Retries: 4, Busy: 4}:     1,
		{Writes: 10, Retries: 2, Busy: 1}:   1.125,
		{Writes: 1}:                         1,
		{Reads: 2, Retries: 1, Token: 5}:    2,
		{Reads: 1, Writes: 3, Retries: 3}:   4,
		{Reads: 40, Retries: 20, Busy: 15}:  1.25,
		{Reads: 400, Writes: 1, Retries: 1}: 1.0025,
	} {
		if got := c.Amplification(); got != want {
			t.Errorf("%+v: %v, wanted %v", c, got, want)
		}
	}
}

// A path holds what may stand in a URL as it is, and nothing else.
func TestCharactersOfAPath(t *testing.T) {
	for r, want := range map[rune]bool{' ': true, '\n': true, 0x7f: true, 'ä': true, '!': false, '~': false, 'a': false} {
		if notInURL(r) != want {
			t.Errorf("%q", r)
		}
	}
	for r, want := range map[rune]bool{'\n': true, 0x7f: true, 0: true, ' ': false, '~': false, 'ä': false} {
		if isControl(r) != want {
			t.Errorf("%q", r)
		}
	}
}

// How long a call took counts where it was answered, and not beside the time until a failure.
func TestLatency(t *testing.T) {
	s := &clockwork{took: 3 * time.Second, reply: func(n int, _ time.Duration) *http.Response {
		if n%2 == 0 {
			return reply(http.StatusNotFound, `{"message":"no"}`)
		}
		return reply(http.StatusOK, `{"id":1}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		equal(t, "before a call", c.Latency(), 0)
		for _, took := range []time.Duration{3 * time.Second, 9 * time.Second, 6 * time.Second, 9 * time.Second} {
			s.took = took
			_, _ = c.Get(t.Context(), "/x")
		}
		equal(t, "of two calls", c.Latency(), 4500*time.Millisecond)
	})
}
