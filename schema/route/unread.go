package route

import "slices"

// Unfollowed names what may have a say in the call and is not followed, by whose it is: what no kind
// stands for, of every extension on the way.
func (q *Question) Unfollowed(first *Step) []Part {
	return append(slices.Clone(q.board.Unread), q.parts(first, func(e *Extension) []string { return e.Unread })...)
}

// Assumed names what is not in what was read and taken for what is usual, by whose it is.
func (q *Question) Assumed(first *Step) []Part {
	return q.parts(first, func(e *Extension) []string { return e.Assumed })
}

// parts returns something of every extension that calls or is called.
func (q *Question) parts(first *Step, of func(*Extension) []string) []Part {
	var out []Part
	seen := map[*Extension]bool{nil: true}
	add := func(e *Extension) {
		if !seen[e] && len(of(e)) > 0 {
			out = append(out, Part{e.Source, e.String(), of(e)})
		}
		seen[e] = true
	}
	add(q.By)
	for _, s := range first.all() {
		add(q.board.owners[s.Address])
	}
	return out
}

// all returns the steps of a call, each once, as they are met.
func (s *Step) all() []*Step {
	var out []*Step
	met := map[*Step]bool{}
	var meet func(*Step)
	meet = func(s *Step) {
		if met[s] {
			return
		}
		met[s] = true
		out = append(out, s)
		for _, b := range s.Then() {
			meet(b.Step)
		}
	}
	meet(s)
	return out
}
