package simulator

import (
	"bufio"
	"net"
	"net/http"
	"slices"
	"sync"
)

// historyCap bounds what a server that runs for days remembers.
const historyCap = 200_000

// Call is one API request that the server received. Both paths are those below
// the API's base.
type Call struct {
	Method   string
	Path     string // with the real ids
	Template string // as the catalogue has it, "" if no kind offers the path
	Status   int    // 0 if the connection was dropped
}

// Counts are the numbers of requests by sort.
type Counts struct{ Token, Reads, Writes int }

type history struct {
	mu     sync.Mutex
	counts Counts
	calls  []Call
}

func (h *history) token() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts.Token++
}

func (h *history) add(c Call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.Method == http.MethodGet {
		h.counts.Reads++
	} else {
		h.counts.Writes++
	}
	if len(h.calls) >= historyCap {
		h.calls = slices.Delete(h.calls, 0, historyCap/2)
	}
	h.calls = append(h.calls, c)
}

// Counts returns how many requests came since the start or the last ResetCounts.
func (s *Server) Counts() Counts {
	s.history.mu.Lock()
	defer s.history.mu.Unlock()
	return s.history.counts
}

// History returns the API requests since the start or the last ResetCounts, in
// the order in which they were answered. Requests for tokens are not among them.
func (s *Server) History() []Call {
	s.history.mu.Lock()
	defer s.history.mu.Unlock()
	return slices.Clone(s.history.calls)
}

// ResetCounts empties the history and its counts.
func (s *Server) ResetCounts() {
	s.history.mu.Lock()
	defer s.history.mu.Unlock()
	s.history.counts, s.history.calls = Counts{}, nil
}

func (s *Server) describe(r *http.Request, status int) Call {
	c := Call{Method: r.Method, Path: r.URL.Path, Status: status}
	path, ok := below(r.URL.EscapedPath())
	if !ok {
		return c
	}
	c.Path, _ = below(r.URL.Path)
	if m, err := s.routes.find(path); err == nil {
		c.Template = m.at.template
	}
	return c
}

// recorder remembers the status for the history.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Hijack lets an interceptor break the connection in the middle of an answer.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(r.ResponseWriter).Hijack()
}

// Flush lets an interceptor send half of an answer.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }
