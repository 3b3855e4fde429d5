package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// Deadlines of one try. The wait for a free connection counts to the whole.
const (
	dialTimeout   = 10 * time.Second
	tlsTimeout    = 10 * time.Second
	headerTimeout = 30 * time.Second // from the last byte of the call to the end of the answer's head
	idleTimeout   = 15 * time.Second // between two bytes of the answer
	callTimeout   = 60 * time.Second // the whole, and more where files go over the line
	slowestLine   = 64 << 10         // bytes a second that a file may count on
)

// late is a deadline that passed.
type late string

func (l late) Error() string { return string(l) }

// Timeout makes it an error like those of package net.
func (l late) Timeout() bool { return true }

// whole ends a try that takes too long, however busy it is. The size is that of
// the files in it.
func whole(ctx context.Context, size int64) (context.Context, context.CancelFunc) {
	limit := callTimeout + time.Duration(size/slowestLine)*time.Second
	return context.WithTimeoutCause(ctx, limit, late(fmt.Sprintf("it was not done after %v", limit)))
}

// deadlines keeps the deadlines of the phases, over any transport. One that
// traces is given headerTimeout from the end of the request, any other one from
// its beginning; both have to heed the context, also in the body.
type deadlines struct{ next http.RoundTripper }

func (d *deadlines) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	w := &watch{ctx: ctx, cancel: cancel}
	w.timer = time.AfterFunc(headerTimeout, w.end)
	trace := &httptrace.ClientTrace{
		GetConn:      func(string) { w.head(false) }, // connecting has deadlines of its own
		WroteRequest: func(httptrace.WroteRequestInfo) { w.head(true) },
	}
	resp, err := d.next.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		w.stop()
		return nil, w.reason(err)
	}
	w.body(resp.Body)
	resp.Body = w
	return resp, nil
}

// CloseIdleConnections is for http.Client.
func (d *deadlines) CloseIdleConnections() {
	(&http.Client{Transport: d.next}).CloseIdleConnections()
}

// watch follows one try. It is the body of its answer too.
type watch struct {
	ctx    context.Context
	cancel context.CancelCauseFunc

	mu     sync.Mutex
	timer  *time.Timer
	answer io.ReadCloser // once the head is there
}

// head starts or halts the wait for the answer's head.
func (w *watch) head(runs bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.answer != nil: // the server was faster than the last byte of the call
	case runs:
		w.timer.Reset(headerTimeout)
	default:
		w.timer.Stop()
	}
}

func (w *watch) body(answer io.ReadCloser) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = answer
	w.timer.Reset(idleTimeout)
}

func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answer == nil {
		w.cancel(late(fmt.Sprintf("nothing came for %v", headerTimeout)))
		return
	}
	w.cancel(late(fmt.Sprintf("no byte more for %v", idleTimeout)))
}

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(nil)
}

// reason finds the deadline behind an error.
func (w *watch) reason(err error) error {
	var passed late
	if errors.As(context.Cause(w.ctx), &passed) {
		return passed
	}
	return err
}

// Read reads the body.
func (w *watch) Read(p []byte) (int, error) {
	n, err := w.answer.Read(p)
	if n > 0 {
		w.timer.Reset(idleTimeout)
	}
	if err != nil && err != io.EOF {
		err = w.reason(err)
	}
	return n, err
}

// Close ends the watch.
func (w *watch) Close() error {
	defer w.stop()
	return w.answer.Close()
}
