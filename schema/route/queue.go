package route

import (
	"fmt"
	"strings"
)

// queue follows a call to a queue. Rules of its agents' extensions are not run.
func (w *Walker) queue(e *Extension) *Step {
	q := e.Queue
	if q == nil {
		return w.end(Step{Source: e.Source, Does: Waits, Name: e.String(), Says: "queue " + e.String() + ": who answers, and what happens when nobody does, is not said here"})
	}
	return w.once(q, Step{Source: q.Source, Does: Waits, Name: e.String(), Says: "queue " + e.String() + q.says()}, func(s *Step) {
		if q.Key != "" {
			s.then("key "+q.Key, w.exit(e, q.Exit))
		}
		if q.Waits > 0 {
			s.then(fmt.Sprintf("after %d s", q.Waits), w.exit(e, q.Late))
		}
		switch {
		case q.Leaves:
			s.then("no agent can answer", w.exit(e, q.Unmanned))
		case q.Idle > 0:
			s.then(fmt.Sprintf("no agent can answer for %d s", q.Idle), w.exit(e, q.Unmanned))
		}
		if !q.After.To.Nowhere() {
			s.then("the agent hangs up", w.exit(e, q.After))
		}
	})
}

func (q *Queue) says() string {
	says := ""
	if q.Strategy != "" {
		says = ", " + q.Strategy
	}
	switch {
	case q.Unread:
		return says + ": which agents it has is not known"
	case len(q.Agents) == 0:
		return says + ": it has no agents"
	}
	var names []string
	for _, a := range q.Agents {
		names = append(names, a.Name)
	}
	return says + ": agents " + strings.Join(names, ", ")
}

// exit follows a call out of a queue or a menu.
func (w *Walker) exit(e *Extension, x Exit) *Step {
	if x.To.Nowhere() {
		return w.nobody(Source{e.Address, x.At})
	}
	return w.target(e, x.To, true, frame{})
}
