package api

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// counted is a connection that knows how many bytes were given to it.
type counted struct {
	net.Conn
	sent atomic.Int64
}

// Write counts first, so that nobody who looks meanwhile sees too little.
func (c *counted) Write(p []byte) (int, error) {
	c.sent.Add(int64(len(p)))
	n, err := c.Conn.Write(p)
	c.sent.Add(int64(n - len(p)))
	return n, err
}

// countedOf finds the connection below TLS.
func countedOf(conn net.Conn) *counted {
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	c, _ := conn.(*counted)
	return c
}

// wire knows how far a write came.
type wire struct {
	asked, wrote atomic.Bool

	mu   sync.Mutex
	used []mark
}

// mark is a connection, and what it had sent before the call got it.
type mark struct {
	conn *counted
	from int64
}

func (w *wire) watch(ctx context.Context, method string) context.Context {
	if method == http.MethodGet {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { w.asked.Store(true) },
		GotConn:      func(info httptrace.GotConnInfo) { w.got(info.Conn) },
		WroteHeaders: func() { w.wrote.Store(true) },
	})
}

func (w *wire) got(conn net.Conn) {
	c := countedOf(conn)
	if c == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.used = append(w.used, mark{c, c.sent.Load()})
}

// untouched tells for certain that nothing was sent. The error's text does not
// say it, so the bytes are counted; a transport of another kind is believed what
// it traces, and one that traces nothing proves nothing.
func (w *wire) untouched() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.asked.Load() {
		return false
	}
	if len(w.used) == 0 {
		return !w.wrote.Load()
	}
	for _, u := range w.used {
		u.conn.Close() // from now on nothing more can be sent
		if u.conn.sent.Load() != u.from {
			return false
		}
	}
	return true
}
