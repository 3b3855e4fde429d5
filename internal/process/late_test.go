//go:build unix

package process

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	gosync "sync"
	"time"

	"pbxsync/internal/simulator"
)

const (
	lateness = 100 * time.Millisecond // what is carried out after a kill comes so late
	looks    = 2                      // a look for what a call made, and the plan that follows or one more look
	unseen   = settle / 4             // what is carried out after these comes so late
)

// lateCalls are calls that the server has taken and not carried out yet.
type lateCalls struct {
	all gosync.WaitGroup

	mu      gosync.Mutex
	awaited map[string]*reads // of lists that have to be read first
}

// reads are those that are still to come.
type reads struct {
	left int
	over chan struct{} // closed when none is left
}

// add carries out a call a moment later or, so that no machine is too slow for it, a moment
// after lists were read that do not have what it makes.
func (c *lateCalls) add(s *simulator.Server, call *http.Request, looked bool) {
	if !looked {
		c.all.Go(func() { carryOut(s, call, lateness) })
		return
	}
	read := c.reading(call.URL.Path)
	c.all.Go(func() {
		<-read.over
		carryOut(s, call, unseen)
	})
}

func carryOut(s *simulator.Server, call *http.Request, after time.Duration) {
	time.Sleep(after)
	s.Answer(httptest.NewRecorder(), call)
}

// reading counts how often a list is read from now on.
func (c *lateCalls) reading(path string) *reads {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.awaited == nil {
		c.awaited = map[string]*reads{}
	}
	if c.awaited[path] == nil {
		c.awaited[path] = &reads{left: looks, over: make(chan struct{})}
	}
	return c.awaited[path]
}

// read says that a list was read some times more.
func (c *lateCalls) read(path string, times int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.awaited[path]
	if r == nil {
		return
	}
	if r.left -= times; r.left <= 0 {
		close(r.over)
		delete(c.awaited, path)
	}
}

// wait returns when all are carried out, also those that nobody has looked for.
func (c *lateCalls) wait() {
	c.mu.Lock()
	paths := keys(c.awaited)
	c.mu.Unlock()
	for _, path := range paths {
		c.read(path, looks)
	}
	c.all.Wait()
}

func copied(r *http.Request) *body {
	var b bytes.Buffer
	_, _ = b.ReadFrom(r.Body)
	return &body{b}
}

type body struct{ bytes.Buffer }

func (*body) Close() error { return nil }
