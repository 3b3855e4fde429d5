package canned

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path"
	"strings"
	"sync"

	"pbxsync/schema"
	"pbxsync/sync/call"
)

// Server is a tenant that notes what is sent to it. What becomes of a call, and what a list
// tells, is up to the test.
type Server struct {
	Tenant
	Sent   []string         // method, path and body of each call that was sent, in their order
	Next   int64            // how many objects were made; ids begin behind 900
	Fail   map[string]error // method and path -> what such a call ends with, without being carried out
	Refuse map[string]error // path -> why it cannot be read
	// On is told each call, reads too, before it is answered.
	On func(method, at string)
	// Told takes a line for each call, and those of the journal where it has the same.
	Told func(line string)
	// Lose may carry out a call, and says whether its answer is lost.
	Lose func(method, at string, body map[string]any) bool
	// Rows may tell other rows than are there.
	Rows func(at string, nth int) (rows []map[string]any, pages int, told bool)
	Nth  map[string]int // path -> how often Rows was asked
	// Keeps says that what is sent changes the tenant, and Kept what it makes of a row.
	Keeps bool
	Kept  func(at string, row map[string]any)
	// Answer may change what a call is answered with.
	Answer func(method, at string, row map[string]any) map[string]any

	mu sync.Mutex
}

// NewServer is a server with the answers of Small.
func NewServer() *Server { return &Server{Tenant: Small(), Nth: map[string]int{}} }

// Get answers with an error as a server does that knows no such object.
func (s *Server) Get(ctx context.Context, at string) (any, error) {
	s.on(http.MethodGet, at)
	if err := s.Refuse[at]; err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.Tenant.Get(ctx, at)
	if v == nil && err == nil {
		return nil, Status(http.StatusNotFound)
	}
	return v, err
}

// List returns rows, or what Rows says.
func (s *Server) List(ctx context.Context, at string, how schema.Listing) ([]map[string]any, int, int, error) {
	s.on("LIST", at)
	if err := s.Refuse[at]; err != nil {
		return nil, 1, 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Rows != nil {
		s.Nth[at]++
		if rows, pages, told := s.Rows(at, s.Nth[at]); told {
			return rows, pages, 0, nil
		}
	}
	return s.Tenant.List(ctx, at, how)
}

// Send notes a call, and answers with the object that it has made, or has changed where
// the server keeps what is sent.
func (s *Server) Send(_ context.Context, method, at string, body map[string]any) (map[string]any, error) {
	s.on(method, at)
	return s.send(method, at, body)
}

// SendForm notes a call with a file, whose bytes stand behind its fields.
func (s *Server) SendForm(_ context.Context, at string, fields map[string]string, file call.File) (map[string]any, error) {
	s.on(http.MethodPost, at)
	body := map[string]any{file.Field: fmt.Sprintf("%s: %s", file.Name, file.Data)}
	for name, v := range fields {
		body[name] = v
	}
	return s.send(http.MethodPost, at, body)
}

func (s *Server) on(method, at string) {
	if s.Told != nil && (method == http.MethodGet || method == "LIST") {
		s.Told(method + " " + at)
	}
	if s.On != nil {
		s.On(method, at)
	}
}

func (s *Server) send(method, at string, body map[string]any) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := fmt.Sprintf("%s %s %s", method, at, compact(body))
	if s.Sent = append(s.Sent, line); s.Told != nil {
		s.Told(line)
	}
	if err := s.Fail[method+" "+at]; err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		s.Next++
	}
	if s.Lose != nil && s.Lose(method, at, body) {
		return nil, NoAnswer
	}
	row := s.made(method, at, body)
	if s.Answer != nil {
		row = s.Answer(method, at, row)
	}
	return row, nil
}

func (s *Server) made(method, at string, body map[string]any) map[string]any {
	switch {
	case s.Keeps:
		return s.keep(method, at, decoded(body))
	case method != http.MethodPost:
		return nil
	}
	return map[string]any{"id": Num(int(900 + s.Next)), "name": body["name"]}
}

// keep carries a call out and answers as a server does.
func (s *Server) keep(method, at string, body map[string]any) map[string]any {
	if rows := together(body); rows != nil {
		for _, row := range rows {
			s.kept(at, row)
		}
		s.Tenant[at] = rows
		return body
	}
	id := int(900 + s.Next)
	s.kept(at, body)
	if method == http.MethodPost {
		s.Put(at, id, body, nil)
		return s.row(at, id)
	}
	if one, ok := s.Tenant[at].(map[string]any); ok {
		maps.Copy(one, body)
		return maps.Clone(one)
	}
	list := path.Dir(at) + "/"
	if _, ok := s.Tenant[list].([]map[string]any); !ok {
		return body
	}
	s.Change(method, at, body)
	return s.row(list, path.Base(at))
}

func (s *Server) kept(at string, row map[string]any) {
	if s.Kept != nil {
		s.Kept(at, row)
	}
}

// Posts counts the creates that were sent.
func (s *Server) Posts() (n int) {
	for _, text := range s.Sent {
		if strings.HasPrefix(text, "POST ") {
			n++
		}
	}
	return n
}
