package proof

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/api"
	"pbxsync/internal/contrary"
	"pbxsync/internal/simulator"
)

// patient keeps the client's deadlines from a transport. They pass in real time, and a
// read that was too slow for one is sent again: on a machine that stood still for a
// moment the server would count more calls than the plan.
type patient struct{ next http.RoundTripper }

func (p patient) RoundTrip(req *http.Request) (*http.Response, error) {
	asked := req.Context()
	ctx, cancel := context.WithCancel(context.WithoutCancel(asked))
	context.AfterFunc(asked, func() {
		var passed interface{ Timeout() bool }
		if !errors.As(context.Cause(asked), &passed) {
			cancel()
		}
	})
	return p.next.RoundTrip(req.WithContext(ctx))
}

// wired is how boxes speak with a server: without sockets, which may break while another
// test holds the machine, and without deadlines.
func wired(h http.Handler) api.Config {
	return api.Config{Endpoint: "http://127.0.0.1", Transport: patient{simulator.Transport(h)}, RetryBase: time.Microsecond}
}

// TestASlowServerIsAskedOnce holds that a server may take longer than the client waits, at
// a read and at a write, and what the plan and the server count is the same.
func TestASlowServerIsAskedOnce(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *box{
		"simulator": func(t *testing.T) *box { return testBox(t, simulator.Options{}) },
		"contrary":  func(t *testing.T) *box { return otherBox(t, contrary.Dialect{Name: "plain"}, seedFile(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := start(t)
				began, held := time.Now(), map[string]bool{}
				b.options.Parallelism = 1
				b.server.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
					if call := r.Method + " " + r.URL.Path; !held[call] {
						held[call] = true
						time.Sleep(time.Minute + time.Second)
					}
					return false
				})
				b.apply(head + "extension_groups: {g: {}}\nvariables: {A: \"1\"}\n")
				if took := time.Since(began); len(held) == 0 || took < time.Duration(len(held))*time.Minute {
					t.Errorf("%d calls in %v", len(held), took)
				}
			})
		})
	}
}
