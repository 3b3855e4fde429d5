package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// inProcess is a transport that calls a handler. It tells by the trace how far a
// request came and ends with its context, so that the client knows as much as it
// would over a network.
type inProcess struct {
	http.Handler
	down bool // no connection is made
}

func (p *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(r.Context())
	if trace != nil && trace.GetConn != nil {
		trace.GetConn(r.URL.Host)
	}
	if p.down {
		return nil, fmt.Errorf("%s is down", r.URL.Host)
	}
	if trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if trace != nil && trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	answered := make(chan *http.Response, 1)
	go func() {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		answered <- w.Result()
	}()
	select {
	case resp := <-answered:
		return resp, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// A day with a server that is busy, slow and down at times, in an instant.
func TestDayInProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		posts := map[string]int{}
		mux := http.NewServeMux()
		mux.HandleFunc("POST /oauth/token", status(200, goodToken))
		mux.HandleFunc("/api/ver1.0/", func(w http.ResponseWriter, r *http.Request) {
			switch hour := int(time.Since(start).Hours()); {
			case hour%6 == 2:
				w.Header().Set("Retry-After", "90")
				answer(w, 429, `{"message":"busy"}`)
				return
			case hour%6 == 4:
				time.Sleep(20 * time.Second)
			}
			mu.Lock()
			posts[r.URL.Path]++
			mu.Unlock()
			answer(w, 201, `{"id":1}`)
		})
		p := &inProcess{Handler: mux}
		c := client(t, Config{Endpoint: "https://pbx.example", Transport: p, RetryBase: 500 * time.Millisecond})
		done := 0
		for i := 0; time.Since(start) < 24*time.Hour; i++ {
			p.down = int(time.Since(start).Hours())%12 == 10
			_, err := c.Send(t.Context(), "POST", fmt.Sprintf("/x/%d", i), map[string]any{})
			if e, ok := err.(*Error); ok && e.Doubtful {
				t.Errorf("call %d is doubtful: %v", i, err)
			} else if !ok {
				done++
			}
			time.Sleep(5 * time.Minute)
		}
		for path, n := range posts {
			equal(t, path, n, 1)
		}
		equal(t, "objects", len(posts), done)
		n := c.Counts()
		t.Logf("%d of %d calls done, %+v, amplification %.2f", done, c.budget.calls.Load(), n, n.Amplification())
		equal(t, "done", done > 150 && n.Busy > 0 && n.Token > 20, true)
		equal(t, "amplification", n.Amplification() <= 1.1, true)
	})
}
