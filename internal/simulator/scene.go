package simulator

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"pbxsync/internal/faults"
)

// mostPlayed is more than any body, so that a call can be kept and played later.
const mostPlayed = 64 << 20

// scene is one call that is played with faults.
type scene struct {
	*rehearsal
	w      http.ResponseWriter
	r      *http.Request
	match  match
	body   []byte
	broken bool // the client went away before it had asked
	fired  []faults.Fired
	rec    Record
	reply  *reply // what the server answers, if the call was carried out
}

func (h *rehearsal) scene(w http.ResponseWriter, r *http.Request) *scene {
	c := &scene{rehearsal: h, w: w, r: r, rec: Record{What: RecordToken, Number: h.s.stage.calls.Add(1),
		Start: h.since(), Method: r.Method}}
	var err error
	c.body, err = io.ReadAll(io.LimitReader(r.Body, mostPlayed))
	call := faults.Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query()}
	if r.URL.Path != tokenPath {
		call.Path = c.describe()
	}
	if c.broken = err != nil; c.broken {
		c.rec.Error = "the request broke off"
	} else if h.run != nil {
		c.fired = h.run.Next(call, c.rec.Start)
		c.rec.Faults = faultsOf(c.fired)
	}
	return c
}

// describe notes what is asked, and returns the path below the API's base.
func (c *scene) describe() string {
	known := c.s.describe(c.r, 0)
	c.rec.What, c.rec.Path, c.rec.Template = RecordCall, known.Path, known.Template
	if c.r.URL.RawQuery != "" {
		c.rec.Path += "?" + c.r.URL.RawQuery
	}
	c.rec.Body = c.s.Digest(c.body)
	path, _ := below(c.r.URL.EscapedPath())
	if m, err := c.s.routes.find(path, c.s.opts.Slash); err == nil {
		c.match = m
		if m.at.kind != nil {
			c.rec.Kind = m.at.kind.Word
		}
	}
	return known.Path
}

// play does what other clients do first, carries the call out or not, holds the
// answer up, and gives one, or none.
func (c *scene) play() {
	if c.broken {
		panic(http.ErrAbortHandler)
	}
	c.edit()
	order := c.turn()
	end := c.outcome()
	if end.Do == faults.Expire {
		c.s.ExpireTokens()
	}
	switch {
	case end.After > 0:
		c.later(end.After)
	case carriedOut(end):
		c.reply = c.carryOut(c.r, &c.rec)
		c.rearrange(order)
	}
	pace := c.hold()
	c.finish(end, pace)
}

// outcome returns the rule that decides what the client gets.
func (c *scene) outcome() *faults.Rule {
	if i := slices.IndexFunc(c.fired, func(f faults.Fired) bool { return f.Do.Outcome() }); i >= 0 {
		return c.fired[i].Rule
	}
	return &faults.Rule{}
}

func carriedOut(r *faults.Rule) bool {
	switch r.Do {
	case faults.Status, faults.Drop:
		return r.Commit
	case faults.Content:
		return !r.Lost
	}
	return r.Do != faults.RateLimit
}

// carryOut lets the server answer the call, and notes what it did.
func (c *scene) carryOut(r *http.Request, rec *Record) *reply {
	p := &reply{}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(c.body))
	if rec.What == RecordToken {
		c.s.answerToken(p, r)
	} else {
		c.s.Answer(p, r)
	}
	rec.note(c.match, p)
	return p
}

// later has the call carried out when its client has gone.
func (c *scene) later(after time.Duration) {
	r, rec := c.r.Clone(context.WithoutCancel(c.r.Context())), c.rec
	if rec.What == RecordCall {
		rec.What = RecordLate
	}
	c.s.stage.late.Add(1)
	time.AfterFunc(after, func() {
		defer c.s.stage.late.Add(-1)
		rec.Start = c.since()
		c.carryOut(r, &rec)
		rec.End = c.since()
		c.s.write(rec)
	})
}

// wait returns false if the client has gone first. Healing ends every wait.
func (c *scene) wait(d time.Duration) bool {
	var done <-chan time.Time
	if d != faults.Never {
		t := time.NewTimer(d)
		defer t.Stop()
		done = t.C
	}
	select {
	case <-done:
	case <-c.over:
	case <-c.r.Context().Done():
		return false
	}
	return true
}

// pacing is how the body of an answer comes.
type pacing struct {
	speed int           // bytes in a second; 0: at once
	at    int           // after so many
	stall time.Duration // there is a wait
}

// hold waits for what is due before the answer and returns what is due in it.
func (c *scene) hold() pacing {
	var p pacing
	for _, f := range c.fired {
		if f.Do != faults.Delay {
			continue
		}
		if f.Speed > 0 {
			p.speed = f.Speed
		}
		if f.Bytes > 0 {
			p.at, p.stall = f.Bytes, f.Wait
		} else if f.Wait > 0 && !c.wait(f.Wait) {
			panic(http.ErrAbortHandler)
		}
	}
	return p
}
