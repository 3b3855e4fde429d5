package contrary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

const (
	basePath  = "/api/ver1.0"
	tokenPath = "/oauth/token"
	mostBody  = 1 << 24
)

// Server is the server. Its zero value is of no use; see New. It stands on those who keep
// what was sent, who show what there is, and who hold it; each knows those below it.
type Server struct {
	keeper
	reads   int
	writes  []string
	refused []string // what was asked of a refused collection, or wrongly
}

// keeper checks what was sent by the documents, and keeps it.
type keeper struct{ speaker }

// speaker shows what there is, in the dialect.
type speaker struct{ holder }

// holder is what the server holds.
type holder struct {
	Dialect Dialect

	mu      sync.Mutex
	docs    *documents
	tenants []*Tenant
	me      *Tenant // of the application
	nextID  int64
	lastIDs map[string]int64 // by collection, where each counts for itself
}

// New returns a server without tenants that speaks a dialect. The documents are those of
// contract.json.
func New(contract []byte, d Dialect) (*Server, error) {
	docs, err := readDocuments(contract)
	if err != nil {
		return nil, err
	}
	s := &Server{}
	s.Dialect, s.docs, s.nextID, s.lastIDs = d, docs, 100, map[string]int64{}
	return s, nil
}

// AddTenant adds an empty tenant. The first is that of the application.
func (s *holder) AddTenant(name, prefix string) *Tenant {
	s.nextID++
	t := &Tenant{ID: s.nextID, Prefix: prefix, rows: map[string][]*Row{}, Values: map[string]any{
		"name": name, "dealer_id": int64(1), "domain_id": int64(1), "email": "office@" + name + ".example", "extension_len": int64(3)}}
	s.tenants = append(s.tenants, t)
	if s.me == nil {
		s.me = t
	}
	return t
}

// Become makes another tenant that of the application.
func (s *holder) Become(t *Tenant) { s.me = t }

// StartAt makes ids higher than one that tests use themselves.
func (s *holder) StartAt(id int64) { s.nextID = max(s.nextID, id) }

// Put adds a row as if it had been there for ever. A sound has a file.
func (s *holder) Put(t *Tenant, r *Row) *Row {
	if r.Collection == "sound" && r.file == nil {
		r.file = silence(0)
	}
	return s.add(t, r)
}

// Forget sets the counters back.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads, s.writes, s.refused = 0, nil, nil
}

// Writes returns the writing calls since the last Forget.
func (s *Server) Writes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.writes...)
}

// Refused returns the calls that were answered with 400.
func (s *Server) Refused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.refused...)
}

// refusal is an answer that is no success.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func bad(format string, args ...any) error {
	return &refusal{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

var notFound = &refusal{http.StatusNotFound, "Not found"}

// call is one call that was understood so far.
type call struct {
	op     *operation
	vars   map[string]string
	tenant *Tenant
	r      *http.Request
	body   []byte
}

// ServeHTTP answers one call; all calls go one after the other.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handle(w, r)
}

// Look answers a call in the plain dialect and does not count it: with it a test looks at
// what the server holds, whatever it speaks otherwise, and changes it as an operator would.
func (s *Server) Look(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	dialect, reads, writes, refused := s.Dialect, s.reads, s.writes, s.refused
	defer func() { s.Dialect, s.reads, s.writes, s.refused = dialect, reads, writes, refused }()
	s.Dialect = Dialect{Name: "plain", NullOnGone: true}
	s.handle(w, r)
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == tokenPath {
		s.answer(w, http.StatusOK, map[string]any{"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": "all"})
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
	if r.Method == http.MethodGet {
		s.reads++
	} else {
		s.writes = append(s.writes, r.Method+" "+strings.TrimPrefix(r.URL.Path, basePath)+" "+short(body))
	}
	if err == nil {
		err = s.serve(w, r, body)
	}
	if err != nil {
		s.refuse(w, r, body, err)
	}
}

func short(b []byte) string { return string(b[:min(len(b), 300)]) }

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, body []byte, err error) {
	status := http.StatusInternalServerError
	if known, ok := err.(*refusal); ok {
		status = known.status
	}
	if status == http.StatusBadRequest {
		s.refused = append(s.refused, fmt.Sprintf("%s %s %s: %v", r.Method, r.URL.Path, short(body), err))
	}
	s.answer(w, status, map[string]any{"message": err.Error()})
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, body []byte) error {
	if r.Header.Get("Authorization") != "Bearer t" {
		return &refusal{http.StatusUnauthorized, "the access token is missing"}
	}
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), basePath)
	op, vars := s.docs.match(r.Method, path)
	switch {
	case !ok || op == nil:
		return notFound
	case op.Method != r.Method:
		return &refusal{http.StatusMethodNotAllowed, "method not allowed"}
	}
	if s.Dialect.refuses(w, op) {
		return nil
	}
	c := &call{op: op, vars: vars, r: r, body: body}
	if err := s.find(c); err != nil {
		return err
	}
	if err := c.query(); err != nil {
		return err
	}
	return s.act(w, c)
}

// find finds the tenant of a call.
func (s *Server) find(c *call) error {
	if strings.HasPrefix(c.op.Path, "/extension/") {
		for _, t := range s.tenants {
			if t.byID("extension", number(c.vars["extension_id"])) != nil {
				c.tenant = t
			}
		}
	}
	for _, t := range s.tenants {
		if id := c.vars["client_id"]; id == strconv.FormatInt(t.ID, 10) || id == "@me" && t == s.me {
			c.tenant = t
		}
	}
	if c.tenant == nil && strings.Contains(c.op.Path, "{") {
		return notFound
	}
	return nil
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// query refuses parameters that the documents do not have.
func (c *call) query() error {
	for name := range c.r.URL.Query() {
		admin := strings.HasPrefix(c.op.Path, "/admin/") && (name == "page" || name == "per_page")
		if named(c.op.Query, name) == nil && !admin {
			return bad("unknown parameter %s", name)
		}
	}
	return nil
}

// object reads a body that is a JSON object.
func (c *call) object() (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil || v == nil {
		return nil, bad("the body has to be a JSON object")
	}
	return plain(v).(map[string]any), nil
}

// plain turns the numbers of a decoded value into int64 where they are whole.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v
	case map[string]any:
		for k, x := range v {
			v[k] = plain(x)
		}
	case []any:
		for i, x := range v {
			v[i] = plain(x)
		}
	}
	return v
}

func (s *Server) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone needs no answer
}
