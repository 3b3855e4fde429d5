package playback

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"pbxsync/internal/survey"
)

const (
	base      = "/api/ver1.0"
	tokenPath = "/oauth/token"
)

// Server answers each path with the answers that the record has for it: the page that
// is asked for, else one after the other, and then from the first again.
type Server struct {
	mu    sync.Mutex
	paths []*path
}

type path struct {
	template []string
	answers  []survey.Answer
	next     int // that of the next call
	ids      int // given out so far
	last     []byte
}

// New returns a server for a record.
func New(r *survey.Record) *Server {
	s := &Server{}
	byPath := map[string]*path{}
	for _, a := range r.Answers {
		p := byPath[a.Path]
		if p == nil {
			p = &path{template: strings.Split(a.Path, "/")}
			byPath[a.Path] = p
			s.paths = append(s.paths, p)
		}
		p.answers = append(p.answers, a)
	}
	return s
}

// ServeHTTP gives every caller a token, and takes any.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == tokenPath {
		write(w, http.StatusOK, map[string]any{"access_token": "playback", "token_type": "Bearer", "expires_in": 3600})
		return
	}
	p := s.find(strings.TrimPrefix(r.URL.Path, base))
	switch {
	case p == nil:
		write(w, http.StatusNotFound, map[string]any{"message": "the record has no such path"})
	case r.Method != http.MethodGet:
		write(w, http.StatusMethodNotAllowed, map[string]any{"message": "a record can only be read"})
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		p.answer(w, r.URL.Query().Get("page"))
	}
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone
}

// find prefers paths that are more literal, as servers do.
func (s *Server) find(at string) *path {
	segs := strings.Split(at, "/")
	var best *path
	most := -1
	for _, p := range s.paths {
		if n := p.fits(segs); n > most {
			best, most = p, n
		}
	}
	return best
}

// fits counts the segments that are equal, or is -1.
func (p *path) fits(segs []string) int {
	if len(segs) != len(p.template) {
		return -1
	}
	equal := 0
	for i, t := range p.template {
		switch {
		case t == segs[i]:
			equal++
		case !strings.HasPrefix(t, "{") || segs[i] == "":
			return -1
		}
	}
	return equal
}

// pick returns the answer to the next call, false for a page beyond the last.
func (p *path) pick(page string) (survey.Answer, bool) {
	if p.answers[0].Page > 0 {
		n, _ := strconv.Atoi(page) // none is the first
		n = max(1, n)
		if n == 1 {
			p.ids = 0 // the list is read from its beginning
		}
		if n > len(p.answers) {
			return survey.Answer{}, false
		}
		return p.answers[n-1], true
	}
	a := p.answers[p.next%len(p.answers)]
	p.next++
	return a, true
}

func (p *path) answer(w http.ResponseWriter, page string) {
	a, there := p.pick(page)
	switch {
	case !there:
		write(w, http.StatusOK, []any{})
	case a.Status == 0:
		panic(http.ErrAbortHandler) // there was no answer
	case a.Broken:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(a.Status)
		_, _ = w.Write([]byte("<html>"))
	case a.Status/100 != 2:
		write(w, a.Status, map[string]any{"message": "as in the record"})
	default:
		if !a.Same {
			p.last, _ = json.Marshal(p.made(a)) // of plain values
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(p.last)
	}
}
