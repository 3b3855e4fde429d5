package faults

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Run counts calls and decides what they meet. It may be used by many goroutines.
type Run struct {
	set   Set
	mu    sync.Mutex
	rules []counts
}

// counts is what is known of one rule.
type counts struct {
	seen, fired int
	window      time.Duration // when the second, or what Per says, began
	inWindow    int
}

// Fired is a rule that meets a call.
type Fired struct {
	*Rule
	Index int // of the rule, from 0
	Nth   int // which of the calls that the rule matches, from 1
	seed  uint64
}

// Start begins to count.
func (s Set) Start() *Run { return &Run{set: s, rules: make([]counts, len(s.Rules))} }

// Next takes the next call, which came so long after the start, and returns what
// it meets: every edit, page rule and delay that fires, in their order, and the
// first of the rules that decide what the client gets.
func (r *Run) Next(c Call, at time.Duration) []Fired {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Fired
	decided := false
	for i := range r.set.Rules {
		rule, n := &r.set.Rules[i], &r.rules[i]
		if !rule.matches(c) {
			continue
		}
		n.seen++
		f := Fired{Rule: rule, Index: i, Nth: n.seen, seed: r.set.Seed}
		fires := f.fires()
		if rule.Do == RateLimit {
			fires = n.over(rule, at)
		}
		if !fires || decided && rule.Do.Outcome() {
			continue
		}
		decided = decided || rule.Do.Outcome()
		n.fired++
		out = append(out, f)
	}
	return out
}

// Counts returns how many calls each rule matched, and how many met its fault.
func (r *Run) Counts() (seen, fired []int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.rules {
		seen, fired = append(seen, n.seen), append(fired, n.fired)
	}
	return seen, fired
}

// over counts a call and reports whether it is one too many. A window begins with
// the first call after the end of the last.
func (n *counts) over(r *Rule, at time.Duration) bool {
	per := r.Per
	if per <= 0 {
		per = time.Second
	}
	if n.inWindow == 0 || at-n.window >= per {
		n.window, n.inWindow = at, 0
	}
	n.inWindow++
	return n.inWindow > r.Calls
}

func (f Fired) fires() bool {
	if f.Nth < f.From || f.To > 0 && f.Nth > f.To {
		return false
	}
	switch {
	case len(f.At) > 0:
		return slices.Contains(f.At, f.Nth)
	case f.Every > 0:
		return f.Nth%f.Every == 0
	case f.Rate > 0:
		return f.dice(0).Float64() < f.Rate
	}
	return true
}

// Rand returns the source of what the fault chooses. It depends on the seed, the
// rule and the number of the call, so the same call chooses the same.
func (f Fired) Rand() *rand.Rand { return f.dice(1) }

// dice has a state of its own for each rule and number. The first numbers of
// states that are near to each other are alike, so they are thrown away.
func (f Fired) dice(use uint64) *rand.Rand {
	r := rand.New(rand.NewPCG(f.seed, uint64(f.Index)<<33|uint64(f.Nth)<<1|use))
	for range 4 {
		r.Uint64()
	}
	return r
}
