package route

import (
	"time"

	"pbxsync/schema/pattern"
)

// conditions are what rules ask: the time of a call, and who calls.
type conditions struct {
	at       time.Time
	from     From
	on       map[*Hours]bool
	patterns pattern.Read
}

// has reports whether a rule has the call at this time and of this caller, and whether that can be said.
func (q *conditions) has(r *Rule) (takes, known bool) {
	on, timed := q.isOn(r.Hours)
	has, named := q.takes(r.Caller)
	switch {
	case timed && !on, named && !has:
		return false, true
	}
	return true, timed && named
}

// isOn reports whether hours are on, and whether that can be said.
func (q *conditions) isOn(h *Hours) (on, known bool) {
	switch {
	case h == nil:
		return true, true
	case h.Unread || q.at.IsZero():
		return false, false
	}
	on, known = q.on[h]
	if !known {
		on = h.On(q.at)
		q.on[h] = on
	}
	return on, true
}

// takes reports whether a condition holds of the caller, and whether that can be said.
func (q *conditions) takes(c *Caller) (takes, known bool) {
	switch {
	case c == nil:
		return true, true
	case !q.from.Known():
		return false, false
	case c.Anonymous:
		return q.from.Hidden, true
	case q.from.Hidden:
		return c.Not, true
	}
	p := q.patterns.Of(c.Pattern)
	if p == nil {
		return false, false
	}
	return p.Takes(q.from.Number) != c.Not, true
}

// condition says which calls a rule has, as far as that cannot be decided, and which are the others.
func (q *conditions) condition(r *Rule) (when, other string) {
	_, timed := q.isOn(r.Hours)
	_, named := q.takes(r.Caller)
	switch {
	case timed:
		return "a caller " + r.Caller.String(), "any other caller"
	case named:
		return "the time of " + r.Hours.Name, "any other time"
	}
	return "a caller " + r.Caller.String() + " in the time of " + r.Hours.Name, "any other call"
}

// next is where a call goes on when what a rule does is in vain: to the rules behind it, or to
// those of who sent the call here.
func (q *conditions) next(a arrival, from int) frame {
	for _, r := range a.at.Rules[from:] {
		if takes, known := q.has(r); takes || !known {
			return frame{a.at, from}
		}
	}
	return a.back
}
