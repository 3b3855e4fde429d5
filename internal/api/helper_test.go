package api

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const goodToken = `{"access_token":"tok-1","token_type":"Bearer","expires_in":3600,"scope":"all"}`

// server answers the token itself and the rest with next.
func server(t *testing.T, next http.HandlerFunc) *Client {
	t.Helper()
	return serverWith(t, Config{}, next)
}

func serverWith(t *testing.T, cfg Config, next http.HandlerFunc) *Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, goodToken)
	})
	mux.HandleFunc("/api/ver1.0/", next)
	return dialTo(t, cfg, mux)
}

func dialTo(t *testing.T, cfg Config, h http.Handler) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	cfg.Endpoint = srv.URL
	return client(t, cfg)
}

func client(t *testing.T, cfg Config) *Client {
	t.Helper()
	cfg.AppID, cfg.AppSecret = "app", "s3cr3t value&"
	if cfg.RetryBase == 0 {
		cfg.RetryBase = time.Microsecond
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

func drop(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

// script answers the n-th call with the n-th entry, the last one for ever.
func script(calls *atomic.Int64, steps ...http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := int(calls.Add(1))
		steps[min(n, len(steps))-1](w, r)
	}
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { answer(w, code, body) }
}

func dropped(w http.ResponseWriter, r *http.Request) { drop(w) }

func wantError(t *testing.T, err error, text string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error %q", err, text)
	}
	if e.Error() != text {
		t.Errorf("got  %s\nwant %s", e, text)
	}
	return e
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

var quiet = log.New(io.Discard, "", 0)

// fake is a transport without a network, for tests in virtual time.
type fake func(*http.Request) (*http.Response, error)

func (f fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/oauth/token" {
		return reply(200, goodToken), nil
	}
	return f(r)
}

func reply(code int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: code, Header: h, ContentLength: -1, Body: io.NopCloser(strings.NewReader(body))}
}

func rows(from, n int) string {
	var parts []string
	for i := range n {
		parts = append(parts, fmt.Sprintf(`{"id":%d}`, from+i+1))
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// trace tells what became of a request, as net/http would.
func trace(r *http.Request, wrote bool) {
	tr := httptrace.ContextClientTrace(r.Context())
	tr.GetConn("pbx.example:443")
	if wrote && tr.WroteHeaders != nil {
		tr.WroteHeaders()
	}
}
