package simulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
)

// Transport lets a client speak with a handler without sockets, so that both can
// live in one bubble of testing/synctest, where waits take no time. A broken
// connection is io.ErrUnexpectedEOF, before the answer or in its body. Nothing
// outlives a call whose answer was read to its end, closed or given up.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ handler http.Handler }

// RoundTrip carries one call to the handler.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		closeBody(req.Body)
		return nil, err
	}
	ctx, cancel := context.WithCancel(req.Context())
	l := newLine(ctx, cancel)
	go l.serve(t.handler, asServer(req, ctx))
	traced(req)
	select {
	case <-l.ready:
	case <-ctx.Done():
	}
	if err := req.Context().Err(); err != nil {
		cancel()
		return nil, err
	}
	if l.status == 0 {
		cancel()
		return nil, io.ErrUnexpectedEOF
	}
	return l.response(req), nil
}

func closeBody(b io.ReadCloser) {
	if b != nil {
		_ = b.Close()
	}
}

// asServer turns a request as clients write it into one as servers get it.
func asServer(req *http.Request, ctx context.Context) *http.Request {
	r := req.Clone(ctx)
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	r.RequestURI, r.RemoteAddr = req.URL.RequestURI(), "simulator"
	if r.Host == "" {
		r.Host = req.URL.Host
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	return r
}

// traced tells the client's trace what net/http would tell, since clients judge by
// it whether something was sent.
func traced(req *http.Request) {
	trace := httptrace.ContextClientTrace(req.Context())
	if trace == nil {
		return
	}
	if trace.GetConn != nil {
		trace.GetConn(req.URL.Host)
	}
	if trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

// line is the connection of one call. The handler writes at one end and never
// waits for the client, which reads at the other.
type line struct {
	cancel context.CancelFunc
	unhook func() bool
	ready  chan struct{} // closed when the status is there, or never will be
	now    http.Header   // the handler's

	mu     sync.Mutex // guards what follows
	more   *sync.Cond // something came, or nothing more will
	begun  bool
	status int
	header http.Header // as it was when the answer began
	buf    bytes.Buffer
	sent   int64
	err    error // how the body ends, or nil
	closed bool  // the client has gone
}

func newLine(ctx context.Context, cancel context.CancelFunc) *line {
	l := &line{cancel: cancel, ready: make(chan struct{}), now: http.Header{}}
	l.more = sync.NewCond(&l.mu)
	l.unhook = context.AfterFunc(ctx, func() { l.end(ctx.Err(), true) })
	return l
}

// serve runs the handler to its end.
func (l *line) serve(h http.Handler, r *http.Request) {
	err := run(h, l, r)
	if err == nil {
		l.WriteHeader(http.StatusOK)
		err = io.EOF
		if l.length() > l.sent {
			err = io.ErrUnexpectedEOF
		}
	}
	closeBody(r.Body)
	l.unhook()
	l.end(err, false)
	l.cancel()
}

func run(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			panic(fmt.Sprintf("%s %s: %v", r.Method, r.URL.Path, p))
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// end says how the body ends; gone: the client does not want what is there either.
func (l *line) end(err error, gone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
	}
	if gone {
		l.closed = true
		l.buf.Reset()
	}
	l.begin(0)
	l.more.Broadcast()
}

// begin fixes the head of the answer. Without a status there is none, and the
// handler may be writing to its header.
func (l *line) begin(status int) {
	if l.begun {
		return
	}
	l.begun, l.status, l.header = true, status, http.Header{}
	if status != 0 {
		l.header = l.now.Clone()
		l.header.Del("Transfer-Encoding") // as net/http does; from here on both ends read it
	}
	close(l.ready)
}

func (l *line) length() int64 {
	n, err := strconv.ParseInt(l.header.Get("Content-Length"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (l *line) response(req *http.Request) *http.Response {
	return &http.Response{Status: strconv.Itoa(l.status) + " " + http.StatusText(l.status), StatusCode: l.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: l.header, ContentLength: l.length(), Request: req, Body: body{l}}
}

// Header is that of http.ResponseWriter.
func (l *line) Header() http.Header { return l.now }

// WriteHeader is that of http.ResponseWriter.
func (l *line) WriteHeader(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin(status)
}

// Write is that of http.ResponseWriter.
func (l *line) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin(http.StatusOK)
	if l.closed {
		return 0, io.ErrClosedPipe
	}
	l.sent += int64(len(b))
	l.more.Broadcast()
	return l.buf.Write(b)
}

// Flush is that of http.Flusher.
func (l *line) Flush() { l.WriteHeader(http.StatusOK) }

// body is the client's end.
type body struct{ *line }

// Read is that of the answer's body.
func (b body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.buf.Len() == 0 && b.err == nil && len(p) > 0 {
		b.more.Wait()
	}
	if b.buf.Len() == 0 && b.err != nil {
		return 0, b.err
	}
	return b.buf.Read(p)
}

// Close is that of the answer's body. The handler finds out that the client has gone.
func (b body) Close() error {
	b.end(http.ErrBodyReadAfterClose, true)
	b.cancel()
	return nil
}
