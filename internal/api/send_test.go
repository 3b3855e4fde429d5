package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"reflect"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestSend(t *testing.T) {
	for _, tt := range []struct {
		name, method string
		answer       http.HandlerFunc
		want         map[string]any
		err          string
	}{
		{"200", "POST", status(200, `{"id":7}`), map[string]any{"id": json.Number("7")}, ""},
		{"201", "POST", status(201, `{"id":7}`), map[string]any{"id": json.Number("7")}, ""},
		{"204", "PUT", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }, nil, ""},
		{"array", "POST", status(200, `[{"id":7}]`), nil, ""},
		{"array for PUT", "PUT", status(200, `[]`), nil, "PUT /x: the server sent an array, an object was expected; is this the PBX's API?"},
		{"text", "POST", status(200, `"done"`), nil, "POST /x: the server sent a text, an object was expected; is this the PBX's API?"},
		{"empty POST", "POST", status(201, ``), nil, "POST /x: the server sent an empty answer (201), JSON was expected; is this the PBX's API?"},
		{"empty DELETE", "DELETE", status(200, ``), nil, ""},
		{"html", "PUT", kind("text/html", "<html>"), nil, "PUT /x: the server sent text/html (200), JSON was expected; is this the PBX's API?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := server(t, func(w http.ResponseWriter, r *http.Request) {
				equal(t, "method", r.Method, tt.method)
				equal(t, "type", r.Header.Get("Content-Type"), "application/json")
				body, _ := io.ReadAll(r.Body)
				equal(t, "body", string(body), `{"name":"101"}`)
				tt.answer(w, r)
			})
			got, err := c.Send(t.Context(), tt.method, "/x", map[string]any{"name": "101"})
			if tt.err != "" {
				equal(t, "doubtful", wantError(t, err, tt.err).IsDoubtful(), true)
			} else if err != nil {
				t.Error(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			equal(t, "counts", c.Counts(), Counts{Token: 1, Writes: 1})
		})
	}
}

func TestDoubtByStatus(t *testing.T) {
	certain := map[int]bool{400: true, 401: true, 403: true, 404: true, 405: true, 413: true, 415: true, 422: true, 429: true}
	for _, code := range []int{301, 400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 418, 422, 423, 425, 429, 500, 501, 502, 503, 504} {
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			c := server(t, status(code, `{"message":"no"}`))
			_, err := c.Send(t.Context(), method, "/x", nil)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%s %d: %v", method, code, err)
			}
			if e.Status != code || e.Doubtful == certain[code] {
				t.Errorf("%s: %v: doubtful %v", method, err, e.Doubtful)
			}
		}
	}
}

func TestPostIsNeverRepeated(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"502 after the commit", status(502, `{"message":"bad gateway"}`), "POST /x: 502: bad gateway"},
		{"lost answer", dropped, "POST /x: no answer from the server: EOF"},
		{"cut answer", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			answer(w, 200, `{"id":1`)
		}, "POST /x: the answer broke off: unexpected EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int64
			c := server(t, script(&n, status(200, `{}`), tt.answer))
			if _, err := c.Send(t.Context(), "POST", "/x", nil); err != nil { // the connection is used again
				t.Fatal(err)
			}
			_, err := c.Send(t.Context(), "POST", "/x", map[string]any{"name": "101"})
			equal(t, "doubtful", wantError(t, err, tt.want).IsDoubtful(), true)
			equal(t, "POSTs seen", n.Load(), 2)
		})
	}
}

func TestBusyPost(t *testing.T) {
	var n atomic.Int64
	c := server(t, script(&n, status(429, `{"message":"busy"}`), status(429, ``), status(200, `{"id":1}`)))
	if _, err := c.Send(t.Context(), "POST", "/x", map[string]any{}); err != nil {
		t.Error(err)
	}
	equal(t, "counts", c.Counts(), Counts{Token: 1, Writes: 3, Retries: 2, Busy: 2, Pauses: 2, Paused: 60 * time.Microsecond})
	n.Store(0)
	c = server(t, script(&n, status(429, `{"message":"busy"}`), status(500, `{"message":"oops"}`)))
	_, err := c.Send(t.Context(), "POST", "/x", map[string]any{})
	equal(t, "doubtful", wantError(t, err, "POST /x: 500: oops; tried 2 times").IsDoubtful(), true)
	c = server(t, status(429, `{"message":"busy"}`))
	_, err = c.Send(t.Context(), "POST", "/x", map[string]any{})
	equal(t, "doubtful", wantError(t, err, "POST /x: 429: busy; tried 4 times; run it again when the server is well").IsDoubtful(), false)
	equal(t, "writes", c.Counts().Writes, 4)
}

func TestLostPutIsDoubtfulForGood(t *testing.T) {
	for _, tt := range []struct {
		name  string
		steps []http.HandlerFunc
		want  string
		doubt bool
	}{
		{"then refused", []http.HandlerFunc{dropped, status(400, `{"message":"no"}`)}, "DELETE /x: 400: no; tried 2 times", true},
		{"refused", []http.HandlerFunc{status(404, `{"message":"Not found"}`)}, "DELETE /x: 404: Not found", false},
		{"lost", []http.HandlerFunc{dropped}, "DELETE /x: no answer from the server: EOF; tried 4 times; run it again when the server is well", true},
		{"busy, then refused", []http.HandlerFunc{status(429, ``), status(400, `{"message":"no"}`)}, "DELETE /x: 400: no; tried 2 times", false},
	} {
		var n atomic.Int64
		_, err := server(t, script(&n, tt.steps...)).Send(t.Context(), "DELETE", "/x", nil)
		equal(t, tt.name, wantError(t, err, tt.want).IsDoubtful(), tt.doubt)
	}
}

// After a try without an answer, 404 says that the DELETE was carried out.
func TestLostDeleteThatIsGone(t *testing.T) {
	var n atomic.Int64
	c := server(t, script(&n, dropped, status(404, `{"message":"Not found"}`)))
	if _, err := c.Send(t.Context(), "DELETE", "/x", nil); err != nil {
		t.Error(err)
	}
	equal(t, "tries", n.Load(), int64(2))
}

// The token is there, then the server is gone: nothing can be written.
func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c := client(t, Config{Endpoint: "http://" + addr})
	c.tokens.current = token{value: "t", generation: 1}
	_, err = c.Send(t.Context(), "POST", "/x", map[string]any{})
	e := wantError(t, err, "POST /x: no answer from the server: dial tcp "+addr+": connect: connection refused; is the endpoint right, and is the server running?; tried 4 times")
	equal(t, "doubtful", e.IsDoubtful(), false)
	equal(t, "unreachable", e.Unreachable, true)
	_, err = c.Send(t.Context(), "DELETE", "/x", nil)
	errors.As(err, &e)
	equal(t, "doubtful", e.IsDoubtful(), false)
	equal(t, "writes", c.Counts().Writes, 2*maxTries)
}

// A transport that tells nothing proves nothing.
func TestSilentTransportIsDoubtful(t *testing.T) {
	c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("gone")
	})})
	_, err := c.Send(t.Context(), "POST", "/x", nil)
	equal(t, "doubtful", wantError(t, err, "POST /x: no answer from the server: gone").IsDoubtful(), true)
}

func TestInterruptedPost(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := server(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := c.Send(ctx, "POST", "/x", nil)
	e := wantError(t, err, "POST /x: stopped while waiting for the answer: context canceled")
	equal(t, "doubtful", e.IsDoubtful(), true)
	equal(t, "cause", errors.Is(err, context.Canceled), true)
	_, err = c.Send(ctx, "POST", "/x", nil)
	e = wantError(t, err, "POST /x: stopped before it was sent: context canceled")
	equal(t, "doubtful", e.IsDoubtful(), false)
	equal(t, "writes", c.Counts().Writes, 1)
}

func TestCallDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: fake(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})})
		start := time.Now()
		_, err := c.Send(t.Context(), "POST", "/x", nil)
		wantError(t, err, "POST /x: the server did not answer in time: nothing came for 30s")
		equal(t, "time", time.Since(start), headerTimeout)
	})
}

// An object that is gone after a lost answer is deleted, and not updated.
func TestGoneAfterALostAnswer(t *testing.T) {
	for method, deleted := range map[string]bool{"DELETE": true, "PUT": false} {
		var n atomic.Int64
		c := server(t, script(&n, dropped, status(404, `{"message":"Not found"}`)))
		_, err := c.Send(t.Context(), method, "/x", nil)
		if deleted != (err == nil) || n.Load() != 2 {
			t.Errorf("%s: %v after %d calls", method, err, n.Load())
		}
	}
}
