package api

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// Exchange is one call and its answer, as they went over the wire. Those for a token
// have no bodies.
type Exchange struct {
	Method, Path string // with the query
	Status       int    // 0: there was no answer
	Start        time.Time
	Took         time.Duration
	Sent         []byte
	SentType     string // Content-Type
	Received     []byte
	Size         int64 // bytes received, more than are kept of a long answer
	Err          error // why there was no answer, or no whole one
}

// Tracer is told of each exchange. Nothing is sent once it is not ready.
type Tracer interface {
	Ready() error
	Note(Exchange)
}

// mostTraced is kept of an answer. A file is longer, and its bytes say nothing.
const mostTraced = 8 << 20

// traced tells a tracer what goes through a transport.
type traced struct {
	next      http.RoundTripper
	tracer    Tracer
	tokenPath string
}

// RoundTrip notes a call that has no answer; one with an answer is noted when its
// body was read.
func (t *traced) RoundTrip(r *http.Request) (*http.Response, error) {
	n := &noted{t: t, secret: r.URL.Path == t.tokenPath, e: Exchange{Method: r.Method, Path: r.URL.RequestURI(), Start: time.Now(), SentType: r.Header.Get("Content-Type")}}
	if r.Body != nil && r.Body != http.NoBody && !n.secret {
		inner := *r // a transport may not change what it was given
		inner.Body = &sending{r.Body, n}
		r = &inner
	}
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		n.fail(err)
		n.note()
		return nil, err
	}
	n.answered(resp.StatusCode)
	n.body = resp.Body
	resp.Body = n
	return resp, nil
}

// sending keeps a body while it is sent.
type sending struct {
	io.ReadCloser
	n *noted
}

func (s *sending) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	s.n.mu.Lock() // net/http may still send when the answer is there
	defer s.n.mu.Unlock()
	if len(s.n.e.Sent) < mostTraced && !s.n.done {
		s.n.e.Sent = append(s.n.e.Sent, b[:n]...)
	}
	return n, err
}

// noted keeps a body while it is read.
type noted struct {
	t      *traced
	body   io.ReadCloser
	secret bool

	mu   sync.Mutex
	e    Exchange
	done bool
}

func (n *noted) Read(b []byte) (int, error) {
	got, err := n.body.Read(b)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.e.Size += int64(got)
	if !n.secret && len(n.e.Received) < mostTraced {
		n.e.Received = append(n.e.Received, b[:got]...)
	}
	if err != nil && err != io.EOF {
		n.e.Err = err
	}
	return got, err
}

func (n *noted) Close() error {
	err := n.body.Close()
	n.note()
	return err
}

func (n *noted) fail(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.e.Err = err
}

func (n *noted) answered(status int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.e.Status = status
}

func (n *noted) note() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.done {
		return
	}
	n.done = true
	n.e.Took = time.Since(n.e.Start)
	n.t.tracer.Note(n.e)
}

// CloseIdleConnections is for http.Client.
func (t *traced) CloseIdleConnections() {
	(&http.Client{Transport: t.next}).CloseIdleConnections()
}
