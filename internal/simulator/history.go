package simulator

import (
	"bufio"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"pbxsync/internal/faults"
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
	if m, err := s.routes.find(path, s.opts.Slash); err == nil {
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

// What a record is about.
const (
	RecordCall  = "call"  // a request for the API
	RecordToken = "token" // a request for a token
	RecordLate  = "late"  // a call that was carried out after its client had gone
	RecordEdit  = "edit"  // a write by another client
)

// Record is a line of the history by which a run can be judged later: what was
// asked, what went wrong, what was changed, and what the client was told. It
// holds no secret: of bodies there are digests (see Server.Digest), of calls for
// tokens nothing.
type Record struct {
	What     string        `json:"what"`
	Number   int64         `json:"number"` // of the call, in the order of arrival; of an edit: of the call that it came before
	Start    time.Duration `json:"start_ns"`
	End      time.Duration `json:"end_ns"`
	Method   string        `json:"method,omitempty"`
	Path     string        `json:"path,omitempty"` // below the API's base, with the query
	Template string        `json:"template,omitempty"`
	Body     string        `json:"body,omitempty"` // digest
	Faults   []Fault       `json:"faults,omitempty"`

	Committed bool    `json:"committed"`         // something was written
	Kind      string  `json:"kind,omitempty"`    // of what was or would have been written
	IDs       []int64 `json:"ids,omitempty"`     // of what was written, as far as the answer or the path tells
	Server    int     `json:"server,omitempty"`  // the status that the server had for the call, if it was carried out
	Status    int     `json:"status,omitempty"`  // the status that was sent
	Answered  bool    `json:"answered"`          // the answer was sent whole
	Foreign   bool    `json:"foreign,omitempty"` // by another client
	Error     string  `json:"error,omitempty"`   // why an edit was not made
}

// Fault is a rule that met the call.
type Fault struct {
	Do   faults.Do `json:"do"`
	Rule int       `json:"rule"` // from 1
	Nth  int       `json:"nth"`  // which of the calls that the rule matches
}

func faultsOf(fired []faults.Fired) []Fault {
	var out []Fault
	for _, f := range fired {
		out = append(out, Fault{f.Do, f.Index + 1, f.Nth})
	}
	return out
}

// note puts what the server did into the record.
func (r *Record) note(m match, answer *reply) {
	r.Server = answer.code()
	r.Committed = r.What != RecordToken && r.Method != http.MethodGet && r.Server/100 == 2
	if !r.Committed {
		return
	}
	if !m.at.item && r.Method == http.MethodPost {
		r.IDs = idsOf(answer.body)
	} else if n := len(m.vars); m.at.item && n > 0 && number(m.vars[n-1]) != 0 {
		r.IDs = []int64{number(m.vars[n-1])}
	}
}

// idsOf returns the ids of the object in an answer, or of those in a list.
func idsOf(body []byte) []int64 {
	type object struct {
		ID int64 `json:"id"`
	}
	var one object
	var many []object
	if json.Unmarshal(body, &one) == nil && one.ID != 0 {
		return []int64{one.ID}
	}
	var ids []int64
	if json.Unmarshal(body, &many) == nil {
		for _, o := range many {
			if o.ID != 0 {
				ids = append(ids, o.ID)
			}
		}
	}
	return ids
}
