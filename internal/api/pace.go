package api

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What follows a 429, in longest first waits (half a second each).
const (
	busyFactor = 20 // the window, where the server names none; then twice as long
	slowFactor = 2  // the time between two calls after it
	slowSteps  = 20 // good answers until one more call fits into that time
	fullSpeed  = 50 // this many times the slow pace is as good as no limit
	slowest    = 16 // and it never gets slower than the slow pace by this
)

// A short window that the server named says that the pace was too high for a moment:
// calls go on at half of it, and soon at all of it. Where another follows before long,
// they stay a little below the pace at which it came.
const (
	shortWindow = 5 * time.Second
	rampTime    = 2 * time.Second // from half the pace to all of it
	calm        = time.Minute     // windows further apart have nothing to do with each other
	below       = 0.9
	// carefulSteps are the good answers until one more call in a while goes, after a short
	// window not long ago.
	carefulSteps = 80
)

// pacer lets calls go. All of the client pass through it, the token's too, so
// that a window which the server named holds for every one of them.
type pacer struct {
	limiter *rate.Limiter
	top     rate.Limit // what the limit is when the server is well
	slow    rate.Limit
	first   time.Duration // the window of a 429 without a time
	rested  func(time.Duration)
	turn    chan struct{}

	mu      sync.Mutex
	until   time.Time     // nothing is sent before
	busy    time.Duration // the last window that the server did not name
	lowered time.Time     // what was sent before tells nothing new
	meter   meter         // of the pace, where no limit says it
	dipped  time.Time     // when the last short window was named
	ramp    ramp
}

// ramp is the way back after a short window.
type ramp struct {
	begin    time.Time // zero: there is none
	from, to rate.Limit
	goal     rate.Limit // the limit at its end
}

// meter measures how many answers came in a second, the last seconds more than those
// before.
type meter struct {
	first, last time.Time
	weight      float64
}

const meterTime = 2 * time.Second

func (m *meter) note(now time.Time) {
	if m.first.IsZero() {
		m.first, m.last = now, now
	}
	m.weight = m.weight*math.Exp(-now.Sub(m.last).Seconds()/meterTime.Seconds()) + 1
	m.last = now
}

// pace is the measure, which a young meter makes of what it has.
func (m *meter) pace() rate.Limit {
	lived := 1 - math.Exp(-m.last.Sub(m.first).Seconds()/meterTime.Seconds())
	if lived <= 0 {
		return 0
	}
	return rate.Limit(m.weight / meterTime.Seconds() / lived)
}

func newPacer(cfg Config, rested func(time.Duration)) *pacer {
	p := &pacer{top: rate.Inf, slow: rate.Every(slowFactor * cfg.RetryBase), first: busyFactor * cfg.RetryBase, rested: rested, turn: make(chan struct{}, 1)}
	if cfg.Rate > 0 {
		p.top = rate.Limit(cfg.Rate)
	}
	p.limiter = rate.NewLimiter(p.top, 1)
	return p
}

// wait returns when a call may go. One waits at a time and the others behind it,
// so that whoever goes next goes by the pace and the window of that moment.
func (p *pacer) wait(ctx context.Context) *Error {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return unsent(ctx.Err())
	}
	for {
		left := p.closed()
		if left > maxHeed {
			return &Error{Message: fmt.Sprintf("not sent: the server asked to wait another %v, and %v is the most that is waited", left.Round(time.Second), maxHeed),
				Hint: "run it again then", early: true}
		}
		if err := p.rest(ctx, left); err != nil {
			return unsent(err)
		}
		if err := p.limiter.Wait(ctx); err != nil {
			return unsent(err)
		}
		if p.closed() <= 0 { // it may have shut in the meantime
			return nil
		}
	}
}

func unsent(err error) *Error {
	return &Error{Message: "stopped before it was sent: " + err.Error(), cause: err, early: true}
}

// closed tells how long the window still is.
func (p *pacer) closed() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.until)
}

func (p *pacer) rest(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	p.rested(d)
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// close shuts the window for the time that the server named.
func (p *pacer) close(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut(d)
}

func (p *pacer) shut(d time.Duration) {
	if until := time.Now().Add(d); until.After(p.until) {
		p.until = until
	}
}

// tooMany heeds a 429: the window is shut, and the pace lowered once for all
// calls that were under way together. It returns how long the window is.
func (p *pacer) tooMany(sent time.Time, named time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !sent.After(p.lowered):
	case named > 0 && named <= shortWindow:
		p.dip(named)
	default:
		p.lower()
		if named == 0 {
			p.busy = min(max(p.first, 2*p.busy), maxHeed)
		}
	}
	if named == 0 {
		named = max(p.first, p.busy)
	}
	p.shut(named)
	return named
}

// dip goes on at half the pace after a short window, and from there back to it.
func (p *pacer) dip(window time.Duration) {
	now := time.Now()
	pace := p.limiter.Limit()
	if pace >= rate.Inf {
		pace = p.meter.pace()
	}
	goal := p.top
	if !p.dipped.IsZero() && now.Sub(p.dipped) < calm {
		goal = min(p.top, max(below*pace, p.slow/slowest))
	}
	half := min(max(pace/2, p.slow), p.top, goal)
	p.ramp = ramp{begin: now.Add(window), from: half, to: min(max(pace, half), goal), goal: goal}
	p.lowered, p.dipped, p.meter = now, now, meter{}
	p.limiter.SetLimit(half)
}

// climb goes up the ramp, or leaves it.
func (p *pacer) climb(now time.Time) {
	r := p.ramp
	part := float64(now.Sub(r.begin)) / float64(rampTime)
	if part >= 1 {
		p.ramp = ramp{}
		p.limiter.SetLimit(r.goal)
		return
	}
	p.limiter.SetLimit(r.from + (r.to-r.from)*rate.Limit(max(part, 0)))
}

func (p *pacer) lower() {
	p.lowered, p.ramp = time.Now(), ramp{}
	limit := p.limiter.Limit()
	if limit > p.slow {
		p.limiter.SetLimit(p.slow)
		return
	}
	p.limiter.SetLimit(max(limit/2, p.slow/slowest))
}

// good lets calls go a little faster again, after an answer to one that was
// sent at the lower pace.
func (p *pacer) good(sent time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !sent.After(p.lowered) {
		return
	}
	now := time.Now()
	p.meter.note(now)
	p.busy = 0
	if !p.ramp.begin.IsZero() {
		p.climb(now)
		return
	}
	if p.limiter.Limit() >= p.top {
		return
	}
	soon := !p.dipped.IsZero() && now.Sub(p.dipped) < calm
	steps := rate.Limit(slowSteps)
	if soon {
		steps = carefulSteps
	}
	limit := p.limiter.Limit() + p.slow/steps
	if limit >= p.top || limit >= p.slow*fullSpeed && !soon {
		limit = p.top
	}
	p.limiter.SetLimit(limit)
}
