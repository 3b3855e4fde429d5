package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	maxTries = 4
	maxPause = 30 * time.Second  // between tries, where the server asks for nothing
	maxHeed  = 120 * time.Second // longest Retry-After that is waited
	maxNamed = 365 * 24 * time.Hour
)

// repeat tries up to four times. The library does the arithmetic; what may be
// repeated is decided here.
func (k *call) repeat(ctx context.Context) (any, *Error) {
	pause := newPause(k.wait, k.rested)
	tries := 0
	v, err := backoff.Retry(ctx, func() (any, error) {
		tries++
		v, e := k.once(ctx)
		pause.last = e
		switch {
		case e == nil:
			return v, nil
		case tries == maxTries || !k.mayRepeat(e):
			return nil, backoff.Permanent(e)
		}
		return nil, e
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(maxTries), backoff.WithMaxElapsedTime(0))
	if err == nil {
		return v, nil
	}
	return nil, k.giveUp(ctx, pause.last, err, tries)
}

// mayRepeat keeps POST apart: it is sent again only if it was not done for
// certain, because the server was too busy or nothing of it was sent.
func (k *call) mayRepeat(e *Error) bool {
	switch {
	case !e.again || k.method == http.MethodPost && e.Doubtful:
		return false
	case k.breaker.open():
		e.addHint(fmt.Sprintf("the server failed %d times in a row, so nothing more is sent to it", maxRow))
		return false
	case e.Status != http.StatusTooManyRequests && !k.budget.take():
		e.addHint(fmt.Sprintf("not tried again: the repeats of this run, %d and at most a tenth of its calls, are used up", budgetFloor))
		return false
	}
	return true
}

func (k *call) giveUp(ctx context.Context, last *Error, err error, tries int) *Error {
	if !errors.Is(err, last) { // the context ended during a pause
		last.addHint("stopped before the next try")
		last.cause = ctx.Err()
	}
	bare := last.Hint == ""
	if tries > 1 {
		last.addHint(fmt.Sprintf("tried %d times", tries))
	}
	if bare && tries == maxTries && last.again {
		last.addHint("run it again when the server is well")
	}
	return last
}

// heed reads Retry-After, in seconds or as a date.
func (e *Error) heed(h http.Header) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	wait, ok := retryAfter(text, serverTime(h))
	if !ok {
		return
	}
	e.after = wait
	if wait > maxHeed {
		e.again = false
		e.addHint(fmt.Sprintf("the server asks to wait longer than %v (Retry-After: %s)", maxHeed, shorten(text)))
	}
}

// retryAfter is the wait that a server names, no longer than a year. What is no
// time, or names none, is as good as nothing.
func retryAfter(text string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		// Compared before it is multiplied: the product may overflow.
		seconds = min(seconds, maxNamed.Seconds())
		wait := time.Duration(max(seconds, 0) * float64(time.Second))
		return wait, seconds > 0 && wait > 0
	}
	at, err := http.ParseTime(text)
	wait := min(at.Sub(now), maxNamed)
	return wait, err == nil && wait > 0
}

// serverTime is the clock that a date in the answer goes by.
func serverTime(h http.Header) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t
	}
	return time.Now()
}

// pause says how long to wait before the next try.
type pause struct {
	*backoff.ExponentialBackOff
	rested func(time.Duration)
	last   *Error
}

// newPause makes full jitter: anything from nothing to base, then to twice as
// much, up to maxPause.
func newPause(base time.Duration, rested func(time.Duration)) *pause {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = base / 2
	b.RandomizationFactor = 1 // of the interval, to both sides
	b.Multiplier = 2
	b.MaxInterval = maxPause / 2
	return &pause{ExponentialBackOff: b, rested: rested}
}

// NextBackOff is called by the library after a failed try. What the server named
// is heeded by the pacer for all calls; this one would wait there as well.
func (p *pause) NextBackOff() time.Duration {
	wait := p.ExponentialBackOff.NextBackOff()
	if p.last.after > 0 {
		wait = p.last.after
	}
	p.rested(wait)
	return wait
}
