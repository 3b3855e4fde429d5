package api

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// An answer that came in between ends the row of failures, to the last of them.
func TestFailuresInARow(t *testing.T) {
	bad, busy, gone := &Error{Status: 500}, &Error{Status: 429}, &Error{}
	for _, test := range []struct {
		notes []*Error
		open  bool
	}{
		{[]*Error{bad, bad, bad, bad}, false},
		{[]*Error{bad, bad, bad, bad, bad}, true},
		{[]*Error{bad, bad, bad, bad, nil, bad, bad, bad, bad}, false},
		{[]*Error{bad, bad, bad, bad, nil, bad, bad, bad, bad, bad}, true},
		{[]*Error{bad, bad, bad, bad, busy, bad}, false},
		{[]*Error{bad, bad, bad, bad, gone, bad}, true}, // no answer tells nothing of how the server is
		{[]*Error{bad, bad, bad, bad, {late: true}}, true},
		{[]*Error{bad, bad, bad, bad, bad, nil}, true}, // it does not close by itself
	} {
		b := &breaker{}
		for _, e := range test.notes {
			b.note(e)
		}
		if b.open() != test.open {
			t.Errorf("%v: open %v", test.notes, b.open())
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"1": time.Second, "0.5": time.Second / 2, "120": 2 * time.Minute, "1e300": maxNamed, "1e999": maxNamed,
		"0": 0, "-1": 0, "1e-12": 0, "": 0, "soon": 0, "NaN": 0,
		"Sun, 01 Mar 2026 12:00:07 GMT": 7 * time.Second, "Sun, 01 Mar 2026 12:00:00 GMT": 0, "Sun, 01 Mar 2026 11:59:00 GMT": 0, "Sun, 01 Mar 2099 12:00:00 GMT": maxNamed,
	} {
		wait, ok := retryAfter(text, now)
		if ok != (want > 0) || ok && wait != want {
			t.Errorf("%q: %v %v, want %v", text, wait, ok, want)
		}
	}
}

// What another try cannot cure is not tried again, and the way out is said.
func TestExplained(t *testing.T) {
	for _, test := range []struct {
		err   error
		again bool
		hint  string
	}{
		{&net.DNSError{Err: "no such host", IsNotFound: true}, false, "is the endpoint right?"},
		{&net.DNSError{Err: "server misbehaving"}, true, ""},
		{errors.New("http: server gave HTTP response to HTTPS client"), false, "does the server speak https on this port?"},
		{errors.New("net/http: server response headers exceeded 1 bytes; aborted"), false, noAPI},
		{&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true, "is the endpoint right, and is the server running?"},
		{&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, true, ""},
		{late("nothing came"), true, ""},
		{errors.New("something else"), true, ""},
	} {
		e := networkError(t.Context(), test.err)
		if e.again != test.again || e.Hint != test.hint || !e.Unreachable {
			t.Errorf("%v: again %v, hint %q", test.err, e.again, e.Hint)
		}
	}
}

// Only where the connection is all that ends an answer is a cut one tried again.
func TestUnbounded(t *testing.T) {
	for name, test := range map[string]struct {
		resp http.Response
		want bool
	}{
		"closed":              {http.Response{ContentLength: -1, Close: true}, true},
		"with a length":       {http.Response{ContentLength: 0, Close: true}, false},
		"kept open":           {http.Response{ContentLength: -1}, false},
		"in chunks":           {http.Response{ContentLength: -1, Close: true, TransferEncoding: []string{"chunked"}}, false},
		"packed, so it ended": {http.Response{ContentLength: -1, Close: true, Uncompressed: true}, false},
	} {
		if unbounded(&test.resp) != test.want {
			t.Errorf("%s: %v", name, !test.want)
		}
	}
}

func TestDefaults(t *testing.T) {
	want := Config{BasePath: "/api/ver1.0", TokenPath: "/oauth/token", PageSize: 200, Parallelism: 10, MaxBody: 32 << 20, RetryBase: 500 * time.Millisecond}
	got := Config{}.withDefaults()
	if got.BasePath != want.BasePath || got.TokenPath != want.TokenPath || got.PageSize != want.PageSize || got.Parallelism != want.Parallelism || got.MaxBody != want.MaxBody || got.RetryBase != want.RetryBase {
		t.Errorf("%+v", got)
	}
	for _, cfg := range []Config{{PageSize: -1}, {Parallelism: -1}, {Rate: -1}, {MaxBody: -1}} {
		cfg.Endpoint = "https://pbx.example"
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
}

// The clock of the server is told from its first answer that has a date.
func TestClockSkew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead := map[string]time.Duration{"/none": 0, "/hour": time.Hour, "/day": 24 * time.Hour}
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(r *http.Request) (*http.Response, error) {
			d := ahead[strings.TrimPrefix(r.URL.Path, "/api/ver1.0")]
			if d == 0 {
				return reply(200, `{}`), nil
			}
			return reply(200, `{}`, "Date", time.Now().Add(d).UTC().Format(http.TimeFormat)), nil
		})})
		for _, test := range []struct {
			path string
			want time.Duration
			told bool
		}{{"/none", 0, false}, {"/hour", time.Hour, true}, {"/day", time.Hour, true}} {
			if _, err := c.Get(t.Context(), test.path); err != nil {
				t.Fatal(err)
			}
			got, told := c.ClockSkew()
			if told != test.told || (got-test.want).Abs() > time.Second {
				t.Errorf("%s: %v %v", test.path, got, told)
			}
		}
	})
}

// A wait that a failing server names holds for every call, not only for the one that
// was told.
func TestNamedWaitHoldsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, first := time.Now(), true
		var other time.Duration
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/other") {
				other = time.Since(began)
			} else if first {
				first = false
				return reply(503, `{}`, "Retry-After", "10"), nil
			}
			return reply(200, `{}`), nil
		})})
		go func() {
			if _, err := c.Get(t.Context(), "/x"); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(time.Second)
		if _, err := c.Get(t.Context(), "/other"); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if other < 10*time.Second {
			t.Errorf("another call went after %v", other)
		}
	})
}

// failing is a body that cannot be closed.
type failing struct{ io.Reader }

func (failing) Close() error { return errors.New("not closed") }

func TestWatchedBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deadlines{next: both(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: failing{strings.NewReader("x")}}, nil
		})}
		req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://pbx.example", nil)
		resp, err := d.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(resp.Body); string(data) != "x" || err != nil {
			t.Errorf("%q %v", data, err)
		}
		if err := resp.Body.Close(); err == nil || err.Error() != "not closed" {
			t.Errorf("%v", err)
		}
	})
}

// idle counts how often it was asked to close what it does not use.
type idle struct {
	fake
	closed int
}

func (i *idle) CloseIdleConnections() { i.closed++ }

func TestCloseGivesConnectionsBack(t *testing.T) {
	i := &idle{fake: func(*http.Request) (*http.Response, error) { return reply(200, "{}"), nil }}
	client(t, Config{Endpoint: "https://pbx.example", Transport: i}).Close()
	equal(t, "closed", i.closed, 1)
}

// An answer is whole where it came and nothing cut it off.
func TestWhole(t *testing.T) {
	for e, want := range map[*Error]bool{{Status: 403}: true, {}: false, {Status: 200, cause: io.ErrUnexpectedEOF}: false, {cause: io.EOF}: false} {
		if e.IsWhole() != want {
			t.Errorf("%+v: %v", *e, !want)
		}
	}
}

// Files are asked for as what they are, everything else as JSON.
func TestAccept(t *testing.T) {
	got := map[string]string{}
	c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(r *http.Request) (*http.Response, error) {
		got[strings.TrimPrefix(r.URL.Path, "/api/ver1.0")] = r.Header.Get("Accept")
		if strings.HasSuffix(r.URL.Path, "/file") {
			return reply(200, "RIFF", "Content-Type", "audio/wav"), nil
		}
		return reply(200, `{}`), nil
	})})
	_, err := c.Get(t.Context(), "/json")
	_, err2 := c.Download(t.Context(), "/file", 100)
	if err != nil || err2 != nil || got["/json"] != "application/json" || got["/file"] != "*/*" {
		t.Errorf("%v %v %v", got, err, err2)
	}
}

// A list of one row may be a server's cap of one: one page more is asked for, and counted
// apart.
func TestListOfOne(t *testing.T) {
	c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("page") == "1" {
			return reply(200, rows(0, 1)), nil
		}
		return reply(200, `[]`), nil
	})})
	l, err := c.List(t.Context(), "/x/", Listing{Pages: true})
	if err != nil || len(l.Rows) != 1 || l.Pages != 1 || l.Extra != 1 {
		t.Errorf("%+v %v", l, err)
	}
}
