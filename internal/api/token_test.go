package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestTokenRequest(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/oauth/token", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		equal(t, "form", r.PostForm.Encode(), "client_id=app&client_secret=s3cr3t+value%26&grant_type=client_credentials")
		equal(t, "query", r.URL.RawQuery, "")
		equal(t, "basic", r.Header.Get("Authorization"), "")
		answer(w, 200, `{"access_token":"t"}`)
	})
	mux.HandleFunc("/api/ver1.0/x", status(200, `{}`))
	if _, err := dialTo(t, Config{}, mux).Get(t.Context(), "/x"); err != nil {
		t.Error(err)
	}
}

func TestTokenLife(t *testing.T) {
	for _, tt := range []struct {
		name, expires string
		after         time.Duration
		want          int // tokens asked for
	}{
		{"number, before 80 %", `,"expires_in":100`, 79 * time.Second, 1},
		{"number, after 80 %", `,"expires_in":100`, 81 * time.Second, 2},
		{"text, before 80 %", `,"expires_in":"100"`, 79 * time.Second, 1},
		{"text, after 80 %", `,"expires_in":"100"`, 81 * time.Second, 2},
		{"missing", ``, 1000 * time.Hour, 1},
		{"null", `,"expires_in":null`, 1000 * time.Hour, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := client(t, Config{Endpoint: "https://pbx.example", Transport: both(func(r *http.Request) (*http.Response, error) {
					if r.URL.Path == "/oauth/token" {
						return reply(200, `{"access_token":"t"`+tt.expires+`}`), nil
					}
					return reply(200, `{}`), nil
				})})
				for range 2 {
					if _, err := c.Get(t.Context(), "/x"); err != nil {
						t.Fatal(err)
					}
					time.Sleep(tt.after)
				}
				equal(t, "tokens", c.Counts().Token, tt.want)
			})
		})
	}
}

// both is a transport that also answers for the token.
type both func(*http.Request) (*http.Response, error)

func (f both) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTokenErrors(t *testing.T) {
	const at = "POST /oauth/token: "
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
		auth   bool
	}{
		{"401", status(401, `{"error":"invalid_client"}`), at + "401: the credentials were refused: invalid_client; check the app id and the app secret", true},
		{"400", status(400, `{"error":"invalid_client","error_description":"no app \"app\""}`), at + `400: the credentials were refused: invalid_client: no app "app"; check the app id and the app secret`, true},
		{"200", status(200, `{"error":"denied","message":"blocked"}`), at + "the credentials were refused: denied: blocked; check the app id and the app secret", true},
		{"echo", status(401, `{"error":"x","message":"bad s3cr3t value& s3cr3t+value%26"}`), at + "401: the credentials were refused: x: bad [secret] [secret]; check the app id and the app secret", true},
		{"no error key", status(401, `{"message":"who?"}`), at + "401: no token: who?; are the endpoint and the credentials right?", true},
		{"404", kindStatus("text/html", 404, "<p>lost</p>"), at + "404: no token: <p>lost</p>; are the endpoint and the credentials right?", false},
		{"500", status(500, ``), at + "500: no token: Internal Server Error; tried 4 times; run it again when the server is well", false},
		{"501", status(501, ``), at + "501: no token: Not Implemented", false},
		{"html", kind("text/html", "<html>"), at + "the server sent no token: oauth2: cannot parse json: invalid character '<' looking for beginning of value; is this the PBX's API?", false},
		{"nothing in it", status(200, `{}`), at + "the server sent no token: oauth2: server response missing access_token; is this the PBX's API?", false},
		{"line break", status(200, `{"access_token":"a\r\nX: y"}`), at + "the server sent no token: it holds characters that no token may have; is this the PBX's API?", false},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example/", http.StatusPermanentRedirect)
		}, at + "308: the server redirects to https://evil.example/, and redirects are not followed; is the endpoint right?", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.HandleFunc("/oauth/token", tt.answer)
			mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { t.Errorf("sent %s", r.URL) })
			_, err := dialTo(t, Config{}, mux).Send(t.Context(), "POST", "/x", nil)
			e := wantError(t, err, tt.want)
			equal(t, "auth", e.Auth, tt.auth)
			equal(t, "doubtful", e.IsDoubtful(), false)
			for err := err; err != nil; err = errors.Unwrap(err) {
				if strings.Contains(err.Error(), "s3cr3t") {
					t.Errorf("the secret leaves: %v", err)
				}
			}
		})
	}
}

func kindStatus(contentType string, code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(code)
		w.Write([]byte(body))
	}
}

// lapsing refuses every token but the newest; each POST is counted.
func lapsing(t *testing.T, tokens, posts *atomic.Int64) *Client {
	mux := http.NewServeMux()
	mux.HandleFunc("/oauth/token", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, fmt.Sprintf(`{"access_token":"t%d"}`, tokens.Add(1)))
	})
	mux.HandleFunc("/api/ver1.0/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer t1" {
			answer(w, 401, `{"message":"expired"}`)
			return
		}
		if r.Method == "POST" {
			posts.Add(1)
		}
		answer(w, 200, `{"id":1}`)
	})
	return dialTo(t, Config{}, mux)
}

func TestRenewal(t *testing.T) {
	var tokens, posts atomic.Int64
	c := lapsing(t, &tokens, &posts)
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if _, err := c.Send(context.Background(), "POST", "/x", map[string]any{"a": "b"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	equal(t, "tokens", tokens.Load(), 2)
	equal(t, "POSTs done", posts.Load(), 40)
	n := c.Counts()
	equal(t, "calls", n.Writes-n.Retries, 40)
}

func TestSecond401(t *testing.T) {
	c := server(t, status(401, `{"message":"go away"}`))
	for _, method := range []string{"GET", "POST", "DELETE"} {
		var err error
		if method == "GET" {
			_, err = c.Get(t.Context(), "/x")
		} else {
			_, err = c.Send(t.Context(), method, "/x", nil)
		}
		e := wantError(t, err, method+" /x: 401: go away; the token is new, so the credentials have no right to this call")
		equal(t, "auth", e.Auth, true)
		equal(t, "doubtful", e.IsDoubtful(), false)
	}
	equal(t, "counts", c.Counts(), Counts{Token: 2, Reads: 2, Writes: 2, Retries: 1})
}

// The first caller gives up; the one that waits with it gets the token.
func TestTokenOutlivesItsFirstCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: both(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/oauth/token" {
				time.Sleep(5 * time.Second)
				return reply(200, goodToken), r.Context().Err()
			}
			return reply(200, `{}`), nil
		})})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go func() {
			time.Sleep(time.Millisecond)
			if _, err := c.Get(t.Context(), "/x"); err != nil {
				t.Error(err)
			}
		}()
		_, err := c.Get(ctx, "/x")
		wantError(t, err, "POST /oauth/token: stopped while waiting for the token: context deadline exceeded")
		time.Sleep(10 * time.Second)
		equal(t, "counts", c.Counts(), Counts{Token: 1, Reads: 1})
	})
}

// A storm of refusals costs no more tokens than it has to, and is over when the
// server takes one.
func TestStormOfRefusals(t *testing.T) {
	storm := true
	s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
		if storm {
			return reply(401, `{"message":"who?"}`)
		}
		return reply(200, `{}`)
	}}
	virtual(t, Config{}, s, func(t *testing.T, c *Client) {
		equal(t, "errors", failures(many(c, 100, "POST")), 100)
		equal(t, "tokens", c.Counts().Token, 2)
		equal(t, "errors", failures(many(c, 100, "GET")), 100)
		equal(t, "tokens", c.Counts().Token, 2)
		storm = false
		equal(t, "errors", failures(many(c, 100, "PUT")), 0)
		storm = true
		equal(t, "errors", failures(many(c, 100, "PUT")), 100)
		equal(t, "tokens after one was taken", c.Counts().Token, 3)
		time.Sleep(time.Hour) // by now a token may have lapsed unused
		storm = false
		equal(t, "errors", failures(many(c, 100, "GET")), 0)
	})
}

// A token that lapses before it was ever used is renewed.
func TestUnusedTokenLapses(t *testing.T) {
	tokens := 0
	synctest.Test(t, func(t *testing.T) {
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: both(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/oauth/token" {
				tokens++
				return reply(200, fmt.Sprintf(`{"access_token":"t%d"}`, tokens)), nil
			}
			if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", max(tokens, 3)) {
				return reply(401, `{}`), nil
			}
			return reply(200, `{}`), nil
		})})
		_, err := c.Get(t.Context(), "/x")
		equal(t, "first", err != nil, true)
		time.Sleep(2 * time.Minute)
		if _, err := c.Get(t.Context(), "/x"); err != nil {
			t.Error(err)
		}
		equal(t, "tokens", tokens, 3)
	})
}
