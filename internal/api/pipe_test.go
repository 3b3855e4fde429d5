package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// lines is a server at the other end of pipes: net/http's own transport and
// parser in virtual time, and every byte of an answer as the test wants it.
type lines struct {
	dials  int
	calls  atomic.Int64                              // but for tokens
	dial   func(ctx context.Context, n int) error    // before the n-th connection, nil: it works
	answer func(conn net.Conn, r *http.Request)      // of one call; the connection is closed behind it
	accept func(conn net.Conn, n int) (served bool)  // takes the whole n-th connection, nil: no
	wrap   func(conn net.Conn, n int) (out net.Conn) // the client's end, nil: as it is
}

func (l *lines) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	l.dials++
	n := l.dials
	if l.dial != nil {
		if err := l.dial(ctx, n); err != nil {
			return nil, &net.OpError{Op: "dial", Net: network, Err: err}
		}
	}
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		if l.accept == nil || !l.accept(far, n) {
			l.serve(far)
		}
	}()
	if l.wrap != nil {
		near = l.wrap(near, n)
	}
	return near, nil
}

func (l *lines) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		if r.URL.Path == "/oauth/token" {
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(goodToken), goodToken)
			continue
		}
		l.calls.Add(1)
		l.answer(conn, r)
		return
	}
}

// onLines runs f in a bubble, with a client of the server.
func onLines(t *testing.T, l *lines, f func(*testing.T, *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, Config{Endpoint: "http://127.0.0.1:1", Dial: l.Dial, RetryBase: 500 * time.Millisecond})
		defer leave(c)
		f(t, c)
	})
}

// leave ends what a bubble may not leave behind: connections, and servers that
// still sleep.
func leave(c *Client) {
	c.Close()
	time.Sleep(24 * time.Hour)
}

// drip writes a byte each time.
func drip(conn net.Conn, text string, each time.Duration) {
	for i := range len(text) {
		if i > 0 {
			time.Sleep(each)
		}
		if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
			return
		}
	}
}

const okHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// ask makes one call with the method.
func ask(ctx context.Context, c *Client, method string) (any, error) {
	if method == http.MethodGet {
		return c.Get(ctx, "/x")
	}
	return c.Send(ctx, method, "/x", map[string]any{"name": "101"})
}
