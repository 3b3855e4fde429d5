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
	// A server that says "too many" without a time gets this many first waits.
	busyFactor = 20
)

// repeat tries up to four times. The library does the arithmetic; what may be
// repeated is decided here.
func (k *call) repeat(ctx context.Context) (any, *Error) {
	pause := newPause(k.wait)
	tries := 0
	v, err := backoff.Retry(ctx, func() (any, error) {
		tries++
		v, e := k.once(ctx)
		pause.last = e
		switch {
		case e == nil:
			return v, nil
		case !k.mayRepeat(e):
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
// certain because the server was too busy, or if it was never sent.
func (k *call) mayRepeat(e *Error) bool {
	return e.again && (k.method != http.MethodPost || e.early || e.Status == http.StatusTooManyRequests)
}

func (k *call) giveUp(ctx context.Context, last *Error, err error, tries int) *Error {
	if !errors.Is(err, last) { // the context ended during a pause
		last.addHint("stopped before the next try")
		last.cause = ctx.Err()
	}
	if tries > 1 {
		last.addHint(fmt.Sprintf("tried %d times", tries))
	}
	return last
}

// heed reads Retry-After, in seconds or as a date.
func (e *Error) heed(h http.Header) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	wait, ok := retryAfter(text)
	switch {
	case !ok:
	case wait > maxHeed:
		e.again = false
		e.addHint(fmt.Sprintf("the server asks to wait longer than %v (Retry-After: %s)", maxHeed, shorten(text)))
	default:
		e.after = wait
	}
}

func retryAfter(text string) (time.Duration, bool) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		// Compared before it is multiplied: the product may overflow.
		seconds = min(seconds, 2*maxHeed.Seconds())
		return time.Duration(seconds * float64(time.Second)), seconds > 0
	}
	at, err := http.ParseTime(text)
	wait := time.Until(at)
	return wait, err == nil && wait > 0
}

// pause says how long to wait before the next try.
type pause struct {
	*backoff.ExponentialBackOff
	busy time.Duration
	last *Error
}

// newPause makes full jitter: anything from nothing to base, then to twice as
// much, up to maxPause.
func newPause(base time.Duration) *pause {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = base / 2
	b.RandomizationFactor = 1 // of the interval, to both sides
	b.Multiplier = 2
	b.MaxInterval = maxPause / 2
	return &pause{ExponentialBackOff: b, busy: busyFactor * base}
}

// NextBackOff is called by the library after a failed try.
func (p *pause) NextBackOff() time.Duration {
	jitter := p.ExponentialBackOff.NextBackOff()
	switch {
	case p.last.after > 0:
		return p.last.after
	case p.last.Status == http.StatusTooManyRequests:
		wait := p.busy
		p.busy *= 2
		return wait
	}
	return jitter
}
