package simulator

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"pbxsync/internal/faults"
)

// stage is where calls are played with faults, or recorded, or both. Without
// either there is no rehearsal, and calls do not come here.
type stage struct {
	now   atomic.Pointer[rehearsal]
	calls atomic.Int64
	late  atomic.Int64 // calls that will be carried out later

	out sync.Mutex // lets one record out at a time

	mu    sync.Mutex // guards what follows
	last  *faults.Run
	start time.Time
	key   []byte
}

// rehearsal is what holds for calls at one time. It is never changed.
type rehearsal struct {
	s    *Server
	run  *faults.Run // nil: nothing goes wrong
	log  func(Record)
	over chan struct{} // closed when the faults are over
}

// Rehearse lets calls go wrong as the set says, from now on and counted anew.
// What the set before held up is answered at once. For virtual time, server and
// call have to be in one bubble of testing/synctest.
func (s *Server) Rehearse(set faults.Set) {
	s.change(func(h *rehearsal) {
		h.run, h.over = set.Start(), make(chan struct{})
		s.stage.last = h.run
	})
}

// Heal ends what Rehearse began. What is to be carried out later still will be.
func (s *Server) Heal() { s.change(func(h *rehearsal) { h.run, h.over = nil, nil }) }

// Record gives f a record of each call when it ends, one at a time, and of each
// write that a rehearsal makes. f may change the rehearsal. What an
// interceptor answers is not recorded. A nil f ends that.
func (s *Server) Record(f func(Record)) { s.change(func(h *rehearsal) { h.log = f }) }

// Fired returns how many calls each rule of the last rehearsal matched so far, and
// how many met its fault.
func (s *Server) Fired() (seen, fired []int) {
	s.stage.mu.Lock()
	defer s.stage.mu.Unlock()
	if s.stage.last == nil {
		return nil, nil
	}
	return s.stage.last.Counts()
}

// Late returns how many calls are still to be carried out, after their clients
// were told nothing or something else.
func (s *Server) Late() int { return int(s.stage.late.Load()) }

// Digest returns what records have for a body. The key is made again for each
// server, so that nobody can try passwords with the digests in a file.
func (s *Server) Digest(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	mac := hmac.New(sha256.New, s.stage.key)
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func (s *Server) change(f func(*rehearsal)) {
	s.stage.mu.Lock()
	defer s.stage.mu.Unlock()
	next := rehearsal{s: s}
	var over chan struct{}
	if old := s.stage.now.Load(); old != nil {
		next, over = *old, old.over
	}
	f(&next)
	if s.stage.start.IsZero() {
		s.stage.start, s.stage.key = time.Now(), []byte(rand.Text())
	}
	if over != nil && over != next.over {
		close(over)
	}
	if next.run == nil && next.log == nil {
		s.stage.now.Store(nil)
		return
	}
	s.stage.now.Store(&next)
}

// write lets one record out, to whoever wants records now.
func (s *Server) write(r Record) {
	if h := s.stage.now.Load(); h != nil && h.log != nil {
		s.stage.out.Lock()
		defer s.stage.out.Unlock()
		h.log(r)
	}
}

func (h *rehearsal) since() time.Duration { return time.Since(h.s.stage.start) }

// serve plays one call. It panics with http.ErrAbortHandler to break the connection.
func (h *rehearsal) serve(w http.ResponseWriter, r *http.Request) {
	c := h.scene(w, r)
	defer func() {
		c.rec.End = h.since()
		h.s.write(c.rec)
	}()
	c.play()
}
