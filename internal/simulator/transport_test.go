package simulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestTransport shows what a client sees of handlers that end in other ways.
func TestTransport(t *testing.T) {
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		want    string
		err     error
	}{
		{"nothing", func(http.ResponseWriter, *http.Request) {}, "200", nil},
		{"a body", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }, "200hello", nil},
		{"an echo", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }, "200asked", nil},
		{"less than announced", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "hello")
		}, "200hello", io.ErrUnexpectedEOF},
		{"broken before", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "", io.ErrUnexpectedEOF},
		{"broken within", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "hello")
			panic(http.ErrAbortHandler)
		}, "200hello", io.ErrUnexpectedEOF},
		{"a late header counts for nothing", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			w.Header().Set("Content-Length", "9")
		}, "418", nil},
		{"too late", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "", context.DeadlineExceeded},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			r, _ := http.NewRequestWithContext(ctx, "POST", "http://pbx.example/x", strings.NewReader("asked"))
			resp, err := Transport(tt.handler).RoundTrip(r)
			got := ""
			if err == nil {
				var data []byte
				data, err = io.ReadAll(resp.Body)
				got = resp.Status[:3] + string(data)
				_ = resp.Body.Close()
			}
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%s: %q %v", tt.name, got, err)
			}
		})
	}
}

// TestTransportTellsThatTheClientHasGone: a handler can stop, and the bubble ends.
func TestTransportTellsThatTheClientHasGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var werr error
		ended := false
		h := func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "first")
			<-r.Context().Done()
			_, werr = io.WriteString(w, "second")
			ended = true
		}
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://pbx.example/x", nil)
		resp, err := Transport(http.HandlerFunc(h)).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		synctest.Wait()
		if !ended || werr == nil {
			t.Errorf("ended: %v, %v", ended, werr)
		}
		if _, err := resp.Body.Read(make([]byte, 1)); err == nil {
			t.Error("a closed body can be read")
		}
	})
}
