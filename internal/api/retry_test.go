package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetries(t *testing.T) {
	for _, tt := range []struct {
		name  string
		steps []http.HandlerFunc
		want  string
		tries int64
	}{
		{"500 once", []http.HandlerFunc{status(500, ``), status(200, `{}`)}, "", 2},
		{"dropped twice", []http.HandlerFunc{dropped, dropped, status(200, `{}`)}, "", 3},
		{"good at last", []http.HandlerFunc{status(503, ``), status(429, ``), status(502, ``), status(200, `{}`)}, "", 4},
		{"never", []http.HandlerFunc{status(503, `{"message":"down"}`)}, "503: down; tried 4 times; run it again when the server is well", 4},
		{"refused last", []http.HandlerFunc{status(503, ``), status(503, ``), status(503, ``), status(400, `{"message":"Not so"}`)}, "400: Not so; tried 4 times", 4},
		{"not found", []http.HandlerFunc{status(404, `{"message":"Not found"}`)}, "404: Not found", 1},
		{"bad JSON", []http.HandlerFunc{status(200, `{`)}, "the server sent broken JSON (200): unexpected EOF; is this the PBX's API?", 1},
	} {
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			t.Run(tt.name+" "+method, func(t *testing.T) {
				var n atomic.Int64
				// Connections used once: net/http itself repeats on old ones.
				c := server(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Connection", "close")
					script(&n, tt.steps...)(w, r)
				})
				c.tokens.current = token{value: "t", generation: 1}
				var err error
				if method == "GET" {
					_, err = c.Get(t.Context(), "/x")
				} else {
					_, err = c.Send(t.Context(), method, "/x", map[string]any{})
				}
				if tt.want == "" && err != nil {
					t.Error(err)
				} else if tt.want != "" {
					wantError(t, err, method+" /x: "+tt.want)
				}
				equal(t, "tries", n.Load(), tt.tries)
				equal(t, "retries", c.Counts().Retries, int(tt.tries)-1)
			})
		}
	}
}

// pauses answers with one error for ever and tells the time that took.
func pauses(t *testing.T, ctx context.Context, code int, header ...string) (time.Duration, error) {
	c := client(t, Config{Endpoint: "https://pbx.example", RetryBase: 500 * time.Millisecond,
		Transport: fake(func(*http.Request) (*http.Response, error) {
			return reply(code, `{"message":"no"}`, header...), nil
		})})
	start := time.Now()
	_, err := c.Get(ctx, "/x")
	return time.Since(start), err
}

func TestPauses(t *testing.T) {
	for _, tt := range []struct {
		name     string
		code     int
		after    string
		min, max time.Duration
		want     string
	}{
		{"jitter", 503, "", 0, 3500 * time.Millisecond, "503: no; tried 4 times; run it again when the server is well"},
		{"busy", 429, "", 70 * time.Second, 70 * time.Second, "429: no; tried 4 times; run it again when the server is well"},
		{"seconds", 429, "7", 21 * time.Second, 21 * time.Second, "429: no; tried 4 times; run it again when the server is well"},
		{"seconds of 503", 503, "7", 21 * time.Second, 21 * time.Second, "503: no; tried 4 times; run it again when the server is well"},
		{"two minutes", 429, "120", 6 * time.Minute, 6 * time.Minute, "429: no; tried 4 times; run it again when the server is well"},
		{"longer", 429, "121", 0, 0, "429: no; the server asks to wait longer than 2m0s (Retry-After: 121)"},
		{"overflow", 429, "9999999999", 0, 0, "429: no; the server asks to wait longer than 2m0s (Retry-After: 9999999999)"},
		{"overflow of a float", 429, "1e300", 0, 0, "429: no; the server asks to wait longer than 2m0s (Retry-After: 1e300)"},
		{"nothing", 429, "0", 70 * time.Second, 70 * time.Second, "429: no; tried 4 times; run it again when the server is well"},
		{"back in time", 429, "-5", 70 * time.Second, 70 * time.Second, "429: no; tried 4 times; run it again when the server is well"},
		{"no number", 429, "NaN", 70 * time.Second, 70 * time.Second, "429: no; tried 4 times; run it again when the server is well"},
		{"past date", 429, "Sat, 21 Oct 1995 07:28:00 GMT", 70 * time.Second, 70 * time.Second, "429: no; tried 4 times; run it again when the server is well"},
		{"far date", 429, "Wed, 21 Oct 2215 07:28:00 GMT", 0, 0, "429: no; the server asks to wait longer than 2m0s (Retry-After: Wed, 21 Oct 2215 07:28:00 GMT)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, err := pauses(t, t.Context(), tt.code, "Retry-After", tt.after)
				wantError(t, err, "GET /x: "+tt.want)
				if d < tt.min || d > tt.max {
					t.Errorf("took %v, want %v to %v", d, tt.min, tt.max)
				}
			})
		})
	}
}

func TestJitterIsFull(t *testing.T) {
	var shortest, longest time.Duration = time.Hour, 0
	for range 2000 {
		p := newPause(500*time.Millisecond, func(time.Duration) {})
		p.last = &Error{}
		d := p.NextBackOff()
		shortest, longest = min(shortest, d), max(longest, d)
	}
	if shortest > 20*time.Millisecond || longest < 480*time.Millisecond || longest > 501*time.Millisecond {
		t.Errorf("first pauses lie between %v and %v", shortest, longest)
	}
}

func TestPauseEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		d, err := pauses(t, ctx, 429)
		wantError(t, err, "GET /x: 429: no; stopped before the next try")
		equal(t, "time", d, 3*time.Second)
		equal(t, "cause", errors.Is(err, context.DeadlineExceeded), true)
	})
}

func TestWrongAuthority(t *testing.T) {
	srv := httptest.NewUnstartedServer(status(200, goodToken))
	srv.Config.ErrorLog = quiet
	srv.StartTLS()
	defer srv.Close()
	c := client(t, Config{Endpoint: srv.URL})
	_, err := c.Get(t.Context(), "/x")
	e := wantError(t, err, "POST /oauth/token: no answer from the server: tls: failed to verify certificate: x509: certificate signed by unknown authority; is the endpoint right? A private authority is named by SSL_CERT_FILE")
	equal(t, "unreachable", e.Unreachable, true)
	equal(t, "tokens", c.Counts().Token, 1)

	plain := httptest.NewServer(status(200, goodToken))
	defer plain.Close()
	c = client(t, Config{Endpoint: "https" + plain.URL[len("http"):]})
	c.tokens.current = token{value: "t", generation: 1}
	_, err = c.Send(t.Context(), "POST", "/x", nil)
	e = wantError(t, err, "POST /x: no answer from the server: tls: first record does not look like a TLS handshake; does the server speak https on this port?")
	equal(t, "doubtful", e.IsDoubtful(), false)
}

// No wait between two tries is longer than what is said to be the longest.
func TestLongestPause(t *testing.T) {
	for range 200 { // waits are random
		p := newPause(20*time.Second, func(time.Duration) {})
		p.last = &Error{}
		for n := range maxTries - 1 {
			if wait := p.NextBackOff(); wait < 0 || wait > maxPause || n == 0 && wait > 20*time.Second {
				t.Fatalf("wait %d: %v", n+1, wait)
			}
		}
	}
}
