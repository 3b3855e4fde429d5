package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// clockwork is a server in virtual time. It notes when each call came.
type clockwork struct {
	mu    sync.Mutex
	start time.Time
	seen  []time.Duration
	took  time.Duration // until it answers
	reply func(n int, at time.Duration) *http.Response
}

func (s *clockwork) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	at := time.Since(s.start)
	if r.URL.Path != "/oauth/token" {
		s.seen = append(s.seen, at)
	}
	n := len(s.seen)
	s.mu.Unlock()
	time.Sleep(s.took)
	if r.URL.Path == "/oauth/token" {
		return reply(200, goodToken), nil
	}
	if resp := s.reply(n, at); resp != nil {
		return resp, nil
	}
	return nil, io.ErrUnexpectedEOF // the connection was dropped
}

// virtual runs f with a client of the server, in a bubble of virtual time.
func virtual(t *testing.T, cfg Config, s *clockwork, f func(*testing.T, *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s.start = time.Now()
		cfg.Endpoint, cfg.Transport, cfg.RetryBase = "https://pbx.example", s, 500*time.Millisecond
		f(t, client(t, cfg))
	})
}

// many makes n calls from as many goroutines and returns the errors.
func many(c *Client, n int, method string) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if method == http.MethodGet {
				_, errs[i] = c.Get(context.Background(), fmt.Sprintf("/x/%d", i))
			} else {
				_, errs[i] = c.Send(context.Background(), method, fmt.Sprintf("/x/%d", i), map[string]any{})
			}
		})
	}
	wg.Wait()
	return errs
}

func failures(errs []error) (n int) {
	for _, err := range errs {
		if err != nil {
			n++
		}
	}
	return n
}

// One 429 closes the window for every goroutine; behind it the pace is slow at
// first.
func TestWindowHoldsForAll(t *testing.T) {
	s := &clockwork{took: 20 * time.Millisecond, reply: func(n int, at time.Duration) *http.Response {
		if n == 1 {
			return reply(429, `{"message":"busy"}`, "Retry-After", "30")
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		var first sync.WaitGroup
		first.Go(func() { many(c, 1, "POST") })
		time.Sleep(100 * time.Millisecond)
		equal(t, "errors", failures(many(c, 50, "GET")), 0)
		first.Wait()
		end := 40*time.Millisecond + 30*time.Second
		for _, at := range s.seen[1:] {
			if at < end {
				t.Errorf("sent after %v, in a window that ends after %v", at, end)
			}
		}
		slices.Sort(s.seen)
		if gap := s.seen[2] - s.seen[1]; gap < 900*time.Millisecond {
			t.Errorf("the second call came %v after the first", gap)
		}
		if d := s.seen[50] - s.seen[1]; d < 15*time.Second || d > 40*time.Second {
			t.Errorf("50 calls took %v", d)
		}
		equal(t, "pauses", c.Counts().Pauses > 0, true)
	})
}

// A server that allows so many calls in a second is not overrun, and the pace is
// found without many refusals.
func TestPaceIsFound(t *testing.T) {
	var allowed time.Duration // the earliest time of the next call
	refused := 0
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if at < allowed {
			refused++
			return reply(429, `{"message":"busy"}`)
		}
		allowed = at + 200*time.Millisecond
		return reply(200, `{}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		for i := range 1000 {
			if _, err := c.Get(t.Context(), "/x"); err != nil {
				t.Fatalf("call %d: %v", i, err)
			}
		}
		if refused == 0 || refused > 40 {
			t.Errorf("%d of 1000 calls were refused", refused)
		}
		if n := c.Counts(); n.Busy != refused || n.Amplification() != 1 {
			t.Errorf("%d refused, %+v, amplification %.3f", refused, n, n.Amplification())
		}
	})
}

func TestPaceRecovers(t *testing.T) {
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if n == 1 {
			return reply(429, ``, "Retry-After", "1")
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{Rate: 10}, s, func(t *testing.T, c *Client) {
		equal(t, "errors", failures(many(c, 400, "GET")), 0)
		last := s.seen[399] - s.seen[398]
		if last < 99*time.Millisecond || last > 101*time.Millisecond {
			t.Errorf("at last the calls are %v apart, want the configured 100ms", last)
		}
	})
}

// A window that is longer than anybody waits: nothing is sent before its end.
func TestLongWindow(t *testing.T) {
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if n == 1 {
			return reply(429, `{"message":"busy"}`, "Retry-After", "3600")
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		_, err := c.Get(t.Context(), "/x")
		wantError(t, err, "GET /x: 429: busy; the server asks to wait longer than 2m0s (Retry-After: 3600)")
		time.Sleep(10 * time.Minute)
		_, err = c.Send(t.Context(), "POST", "/y", nil)
		e := wantError(t, err, "POST /y: not sent: the server asked to wait another 50m0s, and 2m0s is the most that is waited; run it again then")
		equal(t, "doubtful", e.IsDoubtful(), false)
		equal(t, "calls", len(s.seen), 1)
		time.Sleep(50 * time.Minute)
		if _, err := c.Send(t.Context(), "POST", "/y", nil); err != nil {
			t.Error(err)
		}
	})
}

func TestRetryAfterDateGoesByTheServersClock(t *testing.T) {
	h := http.Header{"Retry-After": {"Sat, 21 Oct 2000 07:28:30 GMT"}, "Date": {"Sat, 21 Oct 2000 07:28:00 GMT"}}
	e := &Error{again: true}
	e.heed(h)
	equal(t, "wait", e.after, 30*time.Second)
}

func TestPaceEndsWithTheContext(t *testing.T) {
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response { return reply(429, ``, "Retry-After", "60") }}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		c.Get(t.Context(), "/token")
		go c.Get(t.Context(), "/x")
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := c.Send(ctx, "POST", "/y", nil)
		e := wantError(t, err, "POST /y: stopped before it was sent: context deadline exceeded")
		equal(t, "doubtful", e.IsDoubtful(), false)
	})
}

// Refusals of calls that were under way together lower the pace once.
func TestPaceIsLoweredOnce(t *testing.T) {
	s := &clockwork{took: 10 * time.Millisecond, reply: func(n int, at time.Duration) *http.Response {
		if at < time.Second {
			return reply(429, ``)
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		equal(t, "errors", failures(many(c, 20, "POST")), 0)
		if d := time.Since(s.start); d < 20*time.Second || d > 35*time.Second {
			t.Errorf("20 refused calls took %v, want a window of 10s and about a second for each", d)
		}
	})
}

// A window that shuts while a call waits for its turn holds for it too.
func TestWindowShutsDuringTheWait(t *testing.T) {
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if n == 2 {
			time.Sleep(300 * time.Millisecond) // the third call waits for its turn meanwhile
			return reply(429, ``, "Retry-After", "60")
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{Rate: 2}, s, func(t *testing.T, c *Client) {
		equal(t, "errors", failures(many(c, 4, "PUT")), 0)
		for _, at := range s.seen[2:] {
			if at < s.seen[1]+60*time.Second {
				t.Errorf("sent after %v, in a window that began after %v", at, s.seen[1])
			}
		}
	})
}

// busyFor runs workers that call one after the other, and returns when each call was
// sent and how many were refused.
func busyFor(t *testing.T, c *Client, workers int, d time.Duration) {
	t.Helper()
	var wg sync.WaitGroup
	end := time.Now().Add(d)
	for range workers {
		wg.Go(func() {
			for time.Now().Before(end) {
				if _, err := c.Send(context.Background(), "POST", "/x", nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func between(seen []time.Duration, from, to time.Duration) (n int) {
	for _, at := range seen {
		if at >= from && at < to {
			n++
		}
	}
	return n
}

// One 429 with a short window costs that window and little more: within five seconds
// the pace is nine tenths of what it was, whatever it was.
func TestShortWindowCostsLittle(t *testing.T) {
	for _, cfg := range []Config{{}, {Rate: 20}, {Rate: 4}} {
		for _, window := range []time.Duration{time.Second, 5 * time.Second} {
			var mu sync.Mutex // answers are given side by side
			shut := time.Duration(0)
			s := &clockwork{took: 100 * time.Millisecond, reply: func(n int, at time.Duration) *http.Response {
				mu.Lock()
				defer mu.Unlock()
				if at > 10*time.Second && shut == 0 {
					shut = at
					return reply(429, `{"message":"busy"}`, "Retry-After", fmt.Sprint(window.Seconds()))
				}
				return reply(200, `{}`)
			}}
			virtual(t, cfg, s, func(t *testing.T, c *Client) {
				busyFor(t, c, 10, 40*time.Second)
				shut += s.took + time.Millisecond // the answer was there then
				pace := between(s.seen, 5*time.Second, 10*time.Second)
				if n := between(s.seen, shut, shut+window-2*time.Millisecond); n > 0 {
					t.Errorf("%+v, %v: %d calls in the window", cfg, window, n)
				}
				after := shut + window
				if n := between(s.seen, after+5*time.Second, after+10*time.Second); 10*n < 9*pace {
					t.Errorf("%+v, %v: %d calls in five seconds, and %d before", cfg, window, n, pace)
				}
				if lost := 2*pace - between(s.seen, after, after+10*time.Second); 10*lost > 3*pace {
					t.Errorf("%+v, %v: %d calls lost behind the window, where %d are five seconds'", cfg, window, lost, pace)
				}
			})
		}
	}
}

// A server that allows so many calls a second and names a short window is not asked in
// vain again and again, whether it is slow or fast.
func TestPaceIsFoundWithShortWindows(t *testing.T) {
	for _, most := range []int{5, 30, 120} { // calls in any second
		var recent []time.Duration
		var mu sync.Mutex
		until, refused := time.Duration(0), 0
		s := &clockwork{took: 50 * time.Millisecond}
		s.reply = func(n int, at time.Duration) *http.Response {
			mu.Lock()
			defer mu.Unlock()
			for len(recent) > 0 && recent[0] <= at-time.Second {
				recent = recent[1:]
			}
			if at < until || len(recent) >= most {
				refused++
				until = max(until, at+s.took+time.Second)
				return reply(429, `{"message":"busy"}`, "Retry-After", "1")
			}
			recent = append(recent, at)
			return reply(200, `{}`)
		}
		virtual(t, Config{}, s, func(t *testing.T, c *Client) {
			busyFor(t, c, 10, 3*time.Minute)
			total := len(s.seen)
			t.Logf("%d a second: %d calls, %d refused", most, total, refused)
			if refused*20 > total {
				t.Errorf("%d of %d calls were refused", refused, total)
			}
			if total-refused < most*180*6/10 {
				t.Errorf("%d calls in 3 minutes, of %d a second", total-refused, most)
			}
		})
	}
}
