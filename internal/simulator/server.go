package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pbxsync/internal/simulator/beyond"
	"pbxsync/schema"
)

const (
	base      = "/api/ver1.0"
	tokenPath = "/oauth/token"
)

// OnDelete says what a delete does when something still refers to the object.
// The real API's answer is unknown, so clients are tested against both.
type OnDelete int

const (
	// Refuse answers 400 and names a referrer.
	Refuse OnDelete = iota
	// Null sets the references to null. A referrer that cannot be without its
	// reference (it is required on create) is deleted too.
	Null
)

// Slash says what becomes of a path with a slash too many or too few at its end.
// The documents have one form; real servers are said to forgive the other.
type Slash int

const (
	Strict   Slash = iota // 404
	Lenient               // the same as the documented form
	Redirect              // 301 to the documented form
)

// Options are the ways in which installations differ, or might. The zero value
// is a fast server that takes any credentials.
type Options struct {
	Catalogue        *schema.Catalogue // nil: schema.Builtin()
	OnDelete         OnDelete
	PageCap          int           // the server's own cap on per_page; 0: 1000
	Latency          time.Duration // waited before each answer
	AppID, AppSecret string        // "": any are accepted
	TokenLife        time.Duration // 0: one hour
	OmitExpiresIn    bool          // leave expires_in out of the token's answer
	Admin            bool          // every token is an administrator's: @me is nobody
	Extension        int64         // every token is that of a user of this extension: only its realm is open
	Slash            Slash         // what a path with a slash too many or too few leads to
	VariablesReplace bool          // a many-in-one-call POST replaces the whole set
}

// Server is the simulated PBX. It is safe for concurrent use.
type Server struct {
	router
	intercept atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]
	stage     stage // faults and records
	tokens    tokens
	history   history
}

// router knows what answers at which path.
type router struct {
	viewer
	routes *node
}

// viewer answers at the paths that no kind has.
type viewer struct{ answerer }

// answerer carries out what is asked of the kinds.
type answerer struct{ planter }

// planter puts into tenants what no call has asked for: the seed, and what tests change.
type planter struct{ store }

// store holds the tenants.
type store struct {
	opts   Options
	cat    *schema.Catalogue // with the kinds of package beyond
	shapes map[*schema.Kind]*shape
	root   *schema.Kind
	limits *schema.Kind // the kind that holds the limits, or nil

	orders  map[*schema.Kind]beyond.Order
	refused []beyond.Refused

	mu      sync.RWMutex // guards what the API shows
	tenants []*tenant
	nextID  int64
	edition int64 // counts changes
	saved   int64 // edition that was last saved or loaded
}

// New returns a server without tenants: Seed or Load gives it some.
func New(o Options) *Server {
	if o.Catalogue == nil {
		o.Catalogue = schema.Builtin()
	}
	if o.PageCap <= 0 {
		o.PageCap = 1000
	}
	if o.TokenLife <= 0 {
		o.TokenLife = time.Hour
	}
	cat, more := widened(o.Catalogue)
	s := &Server{}
	s.opts, s.cat, s.root, s.nextID = o, cat, cat.Root(), firstID
	s.orders, s.refused = map[*schema.Kind]beyond.Order{}, more.Refused
	for _, order := range more.Orders {
		s.orders[cat.Kind(order.Kind)] = order
	}
	s.shapes = shapes(s.cat)
	s.limits = s.cat.Limits()
	s.routes = s.buildRoutes(more.Views)
	return s
}

// widened returns the catalogue with what package beyond adds. Its files are part of
// the program, so a mistake in them is one of ours.
func widened(c *schema.Catalogue) (*schema.Catalogue, *beyond.Document) {
	more, err := beyond.Read()
	if err != nil {
		panic(err)
	}
	cat, err := beyond.Catalogue(c)
	if err != nil {
		panic(err)
	}
	if cat, err = cat.Served(); err != nil {
		panic(err)
	}
	return cat, more
}

// ServeHTTP answers one request, and keeps it in the history.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == tokenPath {
		s.history.token()
		if h := s.stage.now.Load(); h != nil {
			h.serve(w, r)
			return
		}
		s.answerToken(w, r)
		return
	}
	rec := &recorder{ResponseWriter: w}
	// Deferred, because an interceptor may drop the connection by a panic.
	defer func() { s.history.add(s.describe(r, rec.status)) }()
	if f := s.intercept.Load(); f != nil && (*f)(rec, r) {
		return
	}
	if h := s.stage.now.Load(); h != nil {
		h.serve(rec, r)
		return
	}
	s.Answer(rec, r)
}

func (s *Server) answerToken(w http.ResponseWriter, r *http.Request) {
	if s.pause(r.Context()) {
		s.serveToken(w, r)
	}
}

// Answer answers one API request without asking the interceptor or keeping it in
// the history. An interceptor that wants a request carried out and its answer
// lost or changed calls it.
func (s *Server) Answer(w http.ResponseWriter, r *http.Request) {
	if !s.pause(r.Context()) {
		return
	}
	body, err := s.handle(r)
	if err != nil {
		writeFault(w, err)
		return
	}
	if file, ok := body.(download); ok {
		file.write(w)
		return
	}
	if body == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	writeJSON(w, http.StatusOK, body)
}

// pause waits for the latency; false means that the client has gone.
func (s *Server) pause(ctx context.Context) bool {
	if s.opts.Latency <= 0 {
		return true
	}
	t := time.NewTimer(s.opts.Latency)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// fault is an answer that is no success.
type fault struct {
	status int
	text   string
	allow  string // methods, with 405
	to     string // address, with 301
}

func (f *fault) Error() string { return f.text }

func refuse(status int, format string, args ...any) *fault {
	return &fault{status: status, text: fmt.Sprintf(format, args...)}
}

// bad is the answer to a request that breaks a rule of the reference pages.
func bad(field, why string, args ...any) *fault {
	return refuse(http.StatusBadRequest, "%s: %s", field, fmt.Sprintf(why, args...))
}

func notFound() *fault { return refuse(http.StatusNotFound, "Not found") }

func writeFault(w http.ResponseWriter, err error) {
	f := new(fault)
	if !errors.As(err, &f) {
		f = refuse(http.StatusInternalServerError, "%v", err)
	}
	if f.allow != "" {
		w.Header().Set("Allow", f.allow)
	}
	if f.to != "" {
		w.Header().Set("Location", f.to)
	}
	writeJSON(w, f.status, map[string]any{"message": f.text})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // URLs stay readable
	_ = e.Encode(body)     // the client has gone; there is nobody to tell
}

// below returns the path below the API's base.
func below(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, base)
	return rest, ok && strings.HasPrefix(rest, "/")
}
