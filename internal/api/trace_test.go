package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tracer keeps what it is told, and is ready for so many exchanges.
type tracer struct {
	mu    sync.Mutex
	all   []Exchange
	ready int
}

func (t *tracer) Ready() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all) >= t.ready {
		return errors.New("no space left")
	}
	return nil
}

func (t *tracer) Note(e Exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, e)
}

func TestTrace(t *testing.T) {
	tr := &tracer{ready: 100}
	c := serverWith(t, Config{Tracer: tr}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/ver1.0/gone":
			drop(w)
		case "/api/ver1.0/bad":
			answer(w, 400, `{"message":"no"}`)
		default:
			answer(w, 200, `{"id":7}`)
		}
	})
	_, _ = c.Get(t.Context(), "/one?name=x")
	_, _ = c.Send(t.Context(), "PUT", "/two", map[string]any{"a": 1})
	_, _ = c.Send(t.Context(), "POST", "/bad", map[string]any{"b": 2})
	_, _ = c.SendForm(t.Context(), "/form", map[string]string{"title": "T"}, "file", "a.wav", []byte("RIFF"))
	_, _ = c.Send(t.Context(), "POST", "/gone", map[string]any{"c": 3})
	var got []string
	for _, e := range tr.all {
		sent := string(e.Sent)
		if strings.Contains(e.SentType, "multipart") {
			sent = "a form"
		}
		line := strings.Join([]string{e.Method, e.Path, http.StatusText(e.Status), sent, string(e.Received)}, " ")
		if e.Err != nil {
			line += " and an error"
		}
		got = append(got, line)
		if e.Took < 0 || e.Start.IsZero() || e.Size < int64(len(e.Received)) {
			t.Errorf("%+v", e)
		}
	}
	want := []string{
		"POST /oauth/token OK  ",
		`GET /api/ver1.0/one?name=x OK  {"id":7}`,
		`PUT /api/ver1.0/two OK {"a":1} {"id":7}`,
		`POST /api/ver1.0/bad Bad Request {"b":2} {"message":"no"}`,
		`POST /api/ver1.0/form OK a form {"id":7}`,
		`POST /api/ver1.0/gone  {"c":3}  and an error`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Whoever cannot be told of a call does not get it sent, and a write counts as not done.
func TestNothingIsSentThatTheTraceCannotTell(t *testing.T) {
	for ready := range 4 {
		tr, writes := &tracer{ready: ready}, 0
		c := serverWith(t, Config{Tracer: tr}, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "GET" {
				writes++
			}
			answer(w, 200, `{}`)
		})
		_, _ = c.Get(t.Context(), "/one")
		_, err := c.Send(t.Context(), "POST", "/two", nil)
		var e *Error
		if ready < 2 && (!errors.As(err, &e) || e.Doubtful || !strings.Contains(e.Message, "no space left") || writes > 0) {
			t.Errorf("ready for %d: %v, %d writes", ready, err, writes)
		}
		if ready == 3 && (err != nil || writes != 1) {
			t.Errorf("ready for %d: %v, %d writes", ready, err, writes)
		}
		if len(tr.all) > ready {
			t.Errorf("ready for %d: %d were sent", ready, len(tr.all))
		}
	}
}

// The trace says how long a call took, and keeps no more of what was sent than it may.
func TestTraceOfALongCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &tracer{ready: 100}
		c := client(t, Config{Endpoint: "https://pbx.example", Tracer: tr, Transport: fake(func(r *http.Request) (*http.Response, error) {
			_, _ = io.Copy(io.Discard, r.Body)
			time.Sleep(3 * time.Second)
			return reply(200, `{}`), nil
		})})
		if _, err := c.SendForm(t.Context(), "/x", nil, "file", "a.wav", bytes.Repeat([]byte("x"), mostTraced+mostTraced/2)); err != nil {
			t.Fatal(err)
		}
		e := tr.all[len(tr.all)-1]
		if e.Took != 3*time.Second || len(e.Sent) < mostTraced || len(e.Sent) > mostTraced+1<<20 {
			t.Errorf("took %v, %d bytes are kept", e.Took, len(e.Sent))
		}
	})
}

// Once as much is kept of an answer as may be, nothing more is.
func TestTraceOfALongAnswer(t *testing.T) {
	n := &noted{body: io.NopCloser(strings.NewReader("xyz")), e: Exchange{Received: make([]byte, mostTraced-1)}}
	for size := range int64(3) {
		_, _ = n.Read(make([]byte, 1))
		if n.e.Size != size+1 || len(n.e.Received) != mostTraced {
			t.Errorf("%d bytes of %d are kept", len(n.e.Received), n.e.Size)
		}
	}
}
