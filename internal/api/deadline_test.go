package api

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Each phase has an end of its own, whatever comes before it.
func TestDeadlines(t *testing.T) {
	stall := func(head string, d time.Duration, rest string) func(net.Conn, *http.Request) {
		return func(conn net.Conn, _ *http.Request) {
			io.WriteString(conn, head)
			time.Sleep(d)
			io.WriteString(conn, rest)
		}
	}
	const whole = okHead + "Content-Length: 2\r\n\r\n{}"
	long := strings.Repeat(" ", 500)
	for _, tt := range []struct {
		name   string
		answer func(net.Conn, *http.Request)
		took   time.Duration // of one try
		want   string
	}{
		{"stall before the head", stall("", 29*time.Second, whole), 29 * time.Second, ""},
		{"stall in the head", stall(whole[:20], 29*time.Second, whole[20:]), 29 * time.Second, ""},
		{"stall in the body", stall(whole[:len(whole)-1], 14*time.Second, "}"), 14 * time.Second, ""},
		{"stalls everywhere", func(conn net.Conn, _ *http.Request) {
			drip(conn, whole[:len(whole)-2], 290*time.Millisecond)
			drip(conn, "{}", 14*time.Second)
		}, 34 * time.Second, ""},
		{"silence", stall("", time.Hour, ""), 30 * time.Second, "the server did not answer in time: nothing came for 30s"},
		{"silence in the head", stall(whole[:20], time.Hour, ""), 30 * time.Second, "the server did not answer in time: nothing came for 30s"},
		{"a byte a second in the head", func(conn net.Conn, _ *http.Request) { drip(conn, whole, time.Second) }, 30 * time.Second, "the server did not answer in time: nothing came for 30s"},
		{"silence in the body", stall(whole[:len(whole)-1], time.Hour, ""), 15 * time.Second, "the answer broke off: no byte more for 15s"},
		{"silence after the head", stall(whole[:len(whole)-2], time.Hour, ""), 15 * time.Second, "the answer broke off: no byte more for 15s"},
		{"a byte a second in the body", func(conn net.Conn, _ *http.Request) {
			io.WriteString(conn, okHead+"Content-Length: 502\r\n\r\n")
			drip(conn, "{}"+long, time.Second)
		}, 60 * time.Second, "the answer broke off: it was not done after 1m0s"},
		{"an error, a byte a second", func(conn net.Conn, _ *http.Request) {
			io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 502\r\n\r\n")
			drip(conn, "lost"+long, time.Second)
		}, 60 * time.Second, "404: lost"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onLines(t, &lines{answer: tt.answer}, func(t *testing.T, c *Client) {
				start := time.Now()
				_, err := c.Send(t.Context(), "POST", "/x", map[string]any{})
				if d := time.Since(start).Truncate(time.Second); d != tt.took {
					t.Errorf("took %v, want %v", d, tt.took)
				}
				if tt.want == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				e := wantError(t, err, "POST /x: "+tt.want)
				equal(t, "doubtful", e.IsDoubtful(), e.Status != 404)
				equal(t, "late", e.late, e.Status != 404)
			})
		})
	}
}

func TestDialDeadline(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		synctest.Test(t, func(t *testing.T) {
			l := &lines{dial: func(ctx context.Context, n int) error {
				if scheme == "http" {
					<-ctx.Done()
				}
				return ctx.Err()
			}, accept: func(conn net.Conn, n int) bool {
				io.Copy(io.Discard, conn)
				return true
			}}
			c := client(t, Config{Endpoint: scheme + "://127.0.0.1:1", Dial: l.Dial})
			defer leave(c)
			c.tokens.current = token{value: "t", generation: 1}
			start := time.Now()
			c.budget.spent.Store(budgetFloor)
			_, err := c.Send(t.Context(), "POST", "/x", map[string]any{})
			equal(t, "time", time.Since(start), 10*time.Second)
			want := map[string]string{"http": "dial tcp: context deadline exceeded", "https": "net/http: TLS handshake timeout"}[scheme]
			e := wantError(t, err, "POST /x: the server did not answer in time: "+want+"; not tried again: the repeats of this run, 10 and at most a tenth of its calls, are used up")
			equal(t, "doubtful", e.IsDoubtful(), false)
			equal(t, "late", e.late, true)
		})
	}
}

// A file may take as long as its size needs.
func TestFilesHaveMoreTime(t *testing.T) {
	const size = 4 << 20
	slow := func(n int) func(net.Conn, *http.Request) {
		return func(conn net.Conn, _ *http.Request) {
			io.WriteString(conn, strings.Replace(okHead, "application/json", "audio/wav", 1)+"Content-Length: 100\r\n\r\n")
			drip(conn, strings.Repeat("x", n), time.Second)
		}
	}
	onLines(t, &lines{answer: slow(100)}, func(t *testing.T, c *Client) {
		data, err := c.Download(t.Context(), "/x", size)
		if err != nil || len(data) != 100 {
			t.Errorf("%d bytes, %v", len(data), err)
		}
		_, err = c.Download(t.Context(), "/x", 100)
		if err == nil || !strings.Contains(err.Error(), "it was not done after 1m0s") {
			t.Errorf("got %v", err)
		}
	})
	onLines(t, &lines{answer: func(conn net.Conn, _ *http.Request) {
		time.Sleep(25 * time.Second)
		io.WriteString(conn, okHead+"Content-Length: 60\r\n\r\n")
		drip(conn, `{"id":1}`+strings.Repeat(" ", 52), time.Second)
	}}, func(t *testing.T, c *Client) {
		if _, err := c.SendForm(t.Context(), "/x", nil, "file", "a.wav", make([]byte, size)); err != nil {
			t.Error(err)
		}
		synctest.Wait() // the server has closed the connection
		_, err := c.SendForm(t.Context(), "/x", nil, "file", "a.wav", make([]byte, 10))
		wantError(t, err, "POST /x: the answer broke off: it was not done after 1m0s")
	})
}

// An answer that comes before the call was sent whole is not cut off later by the
// wait for its head.
func TestEarlyAnswer(t *testing.T) {
	onLines(t, &lines{accept: func(conn net.Conn, n int) bool {
		buf := make([]byte, 300)
		conn.Read(buf)
		go io.Copy(io.Discard, conn) // the rest of the call comes while the answer is on its way
		io.WriteString(conn, okHead+"Content-Length: 42\r\n\r\n")
		drip(conn, `{"id":1}`+strings.Repeat(" ", 34), time.Second)
		return true
	}}, func(t *testing.T, c *Client) {
		c.tokens.current = token{value: "t", generation: 1}
		if _, err := c.SendForm(t.Context(), "/x", nil, "file", "a.wav", make([]byte, 100_000)); err != nil {
			t.Error(err)
		}
	})
}

func TestDeadlineOfTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: both(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, context.Cause(r.Context())
		})})
		start := time.Now()
		_, err := c.Get(t.Context(), "/x")
		wantError(t, err, "POST /oauth/token: the server did not answer in time: nothing came for 30s; tried 4 times; run it again when the server is well")
		equal(t, "time", time.Since(start).Truncate(time.Second), 4*headerTimeout)
	})
}

// broken is a connection whose n-th write fails, after some of its bytes.
type broken struct {
	net.Conn
	fails, some int
}

func (b *broken) Write(p []byte) (int, error) {
	if b.fails--; b.fails == 0 {
		n, _ := b.Conn.Write(p[:min(b.some, len(p))])
		return n, errors.New("broken pipe")
	}
	return b.Conn.Write(p)
}

// What was not written was not done, and is sent again; one byte of it, and it
// is not known whether it was.
func TestNothingWritten(t *testing.T) {
	for _, tt := range []struct {
		some  int
		calls int64
		tries int
	}{{0, 1, 2}, {1, 0, 1}, {100, 0, 1}} {
		l := &lines{wrap: func(conn net.Conn, n int) net.Conn {
			if n == 1 { // its first write is the token's
				return &broken{Conn: conn, fails: 2, some: tt.some}
			}
			return conn
		}, answer: func(conn net.Conn, _ *http.Request) { io.WriteString(conn, okHead+"Content-Length: 2\r\n\r\n{}") }}
		onLines(t, l, func(t *testing.T, c *Client) {
			_, err := c.Send(t.Context(), "POST", "/x", map[string]any{})
			e, failed := err.(*Error)
			if failed != (tt.some > 0) || failed && !e.Doubtful {
				t.Errorf("%d bytes written: %v", tt.some, err)
			}
			equal(t, "POSTs seen", l.calls.Load(), tt.calls)
			equal(t, "POSTs tried", c.Counts().Writes, tt.tries)
		})
	}
}

// A transport in the same process tells by the trace how far it came.
func TestTracingTransport(t *testing.T) {
	for _, wrote := range []bool{false, true} {
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(r *http.Request) (*http.Response, error) {
			trace(r, wrote)
			return nil, errors.New("gone")
		})})
		_, err := c.Send(t.Context(), "POST", "/x", nil)
		want := "POST /x: no answer from the server: gone"
		if !wrote {
			want += "; tried 4 times; run it again when the server is well"
		}
		equal(t, "doubtful", wantError(t, err, want).IsDoubtful(), wrote)
	}
}

// torn is a body that ends with an error of its own when its call is ended.
type torn struct{ ctx context.Context }

func (b torn) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, io.ErrUnexpectedEOF
}

func (torn) Close() error { return nil }

// Whatever a transport says of a body that was cut off, the deadline is named; without one
// its own word stands. A call whose answer was read is over for all who wait for it.
func TestReasonOfACutBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inner context.Context
		d := &deadlines{next: both(func(r *http.Request) (*http.Response, error) {
			inner = r.Context()
			return &http.Response{StatusCode: 200, Body: torn{r.Context()}}, nil
		})}
		req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://pbx.example", nil)
		resp, err := d.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = resp.Body.Read(make([]byte, 1))
		var passed late
		if !errors.As(err, &passed) || passed != "no byte more for 15s" || time.Since(start) != idleTimeout {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		d.next = both(func(r *http.Request) (*http.Response, error) {
			inner = r.Context()
			return &http.Response{StatusCode: 200, Body: failing{io.MultiReader(strings.NewReader("x"), torn{canceled()})}}, nil
		})
		if resp, err = d.RoundTrip(req); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != io.ErrUnexpectedEOF {
			t.Errorf("%v", err)
		}
		if inner.Err() != nil {
			t.Error("ended before the body was closed")
		}
		_ = resp.Body.Close()
		if inner.Err() == nil {
			t.Error("not ended when the body was closed")
		}
	})
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// The wait for a free connection counts to the whole call, and not to the wait for an answer.
func TestWaitForAConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lines{}
		l.answer = func(conn net.Conn, _ *http.Request) {
			io.WriteString(conn, okHead+"Connection: close\r\nContent-Length: 42\r\n\r\n")
			drip(conn, `{}`+strings.Repeat(" ", 40), time.Second/time.Duration(l.calls.Load()*l.calls.Load()))
		}
		c := client(t, Config{Endpoint: "http://127.0.0.1:1", Dial: l.Dial, Parallelism: 1, RetryBase: time.Second})
		defer leave(c)
		c.tokens.current = token{value: "t", generation: 1}
		done := make(chan error)
		for range 2 {
			go func() {
				_, err := c.Send(t.Context(), "POST", "/x", nil)
				done <- err
			}()
		}
		if first, second := <-done, <-done; first != nil || second != nil || c.Counts().Retries > 0 {
			t.Errorf("%v, then %v; %+v", first, second, c.Counts())
		}
		equal(t, "calls", l.calls.Load(), 2)
	})
}
