package api

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestBreaker(t *testing.T) {
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if n == 5 {
			return reply(404, `{"message":"Not found"}`) // it answers: the row ends
		}
		return reply(503, `{"message":"down"}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		_, err := c.Get(t.Context(), "/a")
		wantError(t, err, "GET /a: 503: down; tried 4 times; run it again when the server is well")
		_, err = c.Get(t.Context(), "/b")
		wantError(t, err, "GET /b: 404: Not found")
		_, err = c.Get(t.Context(), "/c")
		wantError(t, err, "GET /c: 503: down; tried 4 times; run it again when the server is well")
		_, err = c.Send(t.Context(), "PUT", "/d", nil)
		e := wantError(t, err, "PUT /d: 503: down; the server failed 5 times in a row, so nothing more is sent to it")
		equal(t, "doubtful", e.IsDoubtful(), true)
		start := time.Now()
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			_, err = c.Send(t.Context(), method, "/e", nil)
			e = wantError(t, err, method+" /e: not sent: the server failed 5 times in a row (last: 503: down); run it again when the server is well")
			equal(t, "doubtful", e.IsDoubtful(), false)
		}
		equal(t, "time", time.Since(start), 0)
		equal(t, "calls", len(s.seen), 10)
		c.Afresh()
		_, err = c.Get(t.Context(), "/f")
		wantError(t, err, "GET /f: 503: down; tried 4 times; run it again when the server is well")
		equal(t, "calls afresh", len(s.seen), 14)
	})
}

// Short runs may repeat a few calls, long ones a tenth.
func TestBudget(t *testing.T) {
	good := 0
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if n%2 == 1 && n > good { // every call fails once
			return reply(502, `{"message":"oops"}`)
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		for range budgetFloor {
			if _, err := c.Get(t.Context(), "/x"); err != nil {
				t.Fatal(err)
			}
		}
		_, err := c.Get(t.Context(), "/x")
		wantError(t, err, "GET /x: 502: oops; not tried again: the repeats of this run, 10 and at most a tenth of its calls, are used up")
		equal(t, "retries", c.Counts().Retries, budgetFloor)
	})
	for _, calls := range []int64{0, 99, 100, 119, 120, 5000} {
		b := &budget{}
		b.calls.Store(calls)
		n := int64(0)
		for b.take() {
			n++
		}
		equal(t, "repeats", n, max(10, calls/10))
	}
}

// The price of a 429 is time, so it needs no budget.
func TestBusyCostsNoBudget(t *testing.T) {
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if n%2 == 1 {
			return reply(429, ``)
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		for range 3 * budgetFloor {
			if _, err := c.Send(t.Context(), "POST", "/x", nil); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, "spent", c.budget.spent.Load(), 0)
	})
}

// What waits for its turn when the server goes down is not sent either.
func TestBreakerStopsWhatWaits(t *testing.T) {
	s := &clockwork{took: 10 * time.Millisecond, reply: func(n int, at time.Duration) *http.Response { return reply(503, ``) }}
	virtual(t, Config{Rate: 2}, s, func(t *testing.T, c *Client) {
		equal(t, "errors", failures(many(c, 20, "POST")), 20)
		equal(t, "POSTs sent", len(s.seen), maxRow)
	})
}

// A server that gives no token is down too.
func TestBreakerCountsTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: both(func(r *http.Request) (*http.Response, error) {
			return reply(503, `{"message":"down"}`), nil
		})})
		_, err := c.Get(t.Context(), "/a")
		wantError(t, err, "POST /oauth/token: 503: no token: down; tried 4 times; run it again when the server is well")
		_, err = c.Get(t.Context(), "/a")
		wantError(t, err, "POST /oauth/token: 503: no token: down; the server failed 5 times in a row, so nothing more is sent to it")
		_, err = c.Get(t.Context(), "/a")
		wantError(t, err, "POST /oauth/token: not sent: the server failed 5 times in a row (last: 503: no token: down); run it again when the server is well")
		equal(t, "tokens", c.Counts().Token, 5)
	})
}

// What is said of a server that is down is the last that it said, whatever the status.
func TestLastWords(t *testing.T) {
	b := &breaker{}
	for range maxRow {
		b.note(&Error{Status: 500, Message: "oops"})
	}
	if e := b.refuse(); e == nil || e.Message != "not sent: the server failed 5 times in a row (last: 500: oops)" {
		t.Errorf("%v", e)
	}
	b = &breaker{}
	for range maxRow {
		b.note(&Error{late: true, Message: "nothing came"})
	}
	if e := b.refuse(); e == nil || e.Message != "not sent: the server failed 5 times in a row (last: nothing came)" {
		t.Errorf("%v", e)
	}
}
