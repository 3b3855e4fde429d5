package pattern

import (
	"fmt"
	"regexp/syntax"
	"slices"
)

// Verdict is what was found of patterns that stand in a row.
type Verdict int

// The verdicts.
const (
	Free      Verdict = iota // the last takes something that none of the others does
	Covered                  // it never gets anything
	Undecided                // nobody looked to the end
)

// most is how many states are looked at.
const most = 20000

// Cover says whether patterns leave another one anything to take, and if they do, the shortest such text.
func Cover(last *Pattern, before []*Pattern) (Verdict, string) {
	machines := []*machine{{prog: last.prog}}
	for _, p := range before {
		machines = append(machines, &machine{prog: p.prog})
	}
	letters := alphabet(last, before)
	start := make(row, len(machines))
	for i, m := range machines {
		start[i] = m.follow([]uint32{uint32(m.prog.Start)}, syntax.EmptyBeginText)
	}
	type visit struct {
		at   row
		text string
	}
	seen, queue := map[string]bool{start.key(): true}, []visit{{start, ""}}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		if v.at.free(machines, v.text == "") {
			return Free, v.text
		}
		for _, c := range letters {
			next := v.at.step(machines, c)
			if key := next.key(); !next[0].dead() && !seen[key] {
				seen[key] = true
				queue = append(queue, visit{next, v.text + string(c)})
			}
		}
		if len(seen) > most {
			return Undecided, ""
		}
	}
	return Covered, ""
}

// machine runs a pattern over text, in all ways at once.
type machine struct{ prog *syntax.Prog }

// state is where all those ways stand. Once one has reached the end, the rest of the text does not count.
type state struct {
	done bool
	at   []uint32 // instructions that wait for a character, or for the end of the text
}

func (s state) dead() bool { return !s.done && len(s.at) == 0 }

// follow goes on from instructions without a character.
func (m *machine) follow(from []uint32, holds syntax.EmptyOp) state {
	var s state
	seen := map[uint32]bool{}
	var visit func(pc uint32)
	visit = func(pc uint32) {
		if seen[pc] || s.done {
			return
		}
		seen[pc] = true
		switch i := &m.prog.Inst[pc]; i.Op {
		case syntax.InstMatch:
			s.done = true
		case syntax.InstAlt, syntax.InstAltMatch:
			visit(i.Out)
			visit(i.Arg)
		case syntax.InstCapture, syntax.InstNop:
			visit(i.Out)
		case syntax.InstEmptyWidth:
			if needs := syntax.EmptyOp(i.Arg); needs&^holds == 0 {
				visit(i.Out)
			} else if needs&syntax.EmptyBeginText == 0 {
				s.at = append(s.at, pc)
			}
		case syntax.InstFail:
		default:
			s.at = append(s.at, pc)
		}
	}
	for _, pc := range from {
		visit(pc)
	}
	if s.done {
		return state{done: true}
	}
	slices.Sort(s.at)
	return s
}

// step takes a character. A pattern may begin anywhere.
func (m *machine) step(s state, c rune) state {
	if s.done {
		return s
	}
	from := []uint32{uint32(m.prog.Start)}
	for _, pc := range s.at {
		if i := &m.prog.Inst[pc]; i.Op != syntax.InstEmptyWidth && i.MatchRune(c) {
			from = append(from, i.Out)
		}
	}
	return m.follow(from, 0)
}

// takes reports whether a text that ends here is taken.
func (m *machine) takes(s state, empty bool) bool {
	holds := syntax.EmptyEndText
	if empty {
		holds |= syntax.EmptyBeginText
	}
	return s.done || m.follow(s.at, holds).done
}

// row is where all machines stand.
type row []state

func (r row) key() string { return fmt.Sprint([]state(r)) }

func (r row) step(ms []*machine, c rune) row {
	next := make(row, len(r))
	for i, m := range ms {
		next[i] = m.step(r[i], c)
	}
	return next
}

// free reports that the first takes the text, and none of the others.
func (r row) free(ms []*machine, empty bool) bool {
	for i, m := range ms {
		if m.takes(r[i], empty) != (i == 0) {
			return false
		}
	}
	return true
}

// classes tells characters apart as a pattern does.
func classes(prog *syntax.Prog) []string {
	out := make([]string, len(dialled))
	for i, c := range dialled {
		var key []byte
		for pc := range prog.Inst {
			if in := &prog.Inst[pc]; in.Op >= syntax.InstRune {
				key = append(key, map[bool]byte{true: '1', false: '0'}[in.MatchRune(c)])
			}
		}
		out[i] = string(key)
	}
	return out
}

// alphabet has one character of each set that all patterns treat alike, digits first.
func alphabet(last *Pattern, before []*Pattern) []rune {
	seen := map[string]bool{}
	var out []rune
	for i, c := range dialled {
		key := last.alike[i]
		for _, p := range before {
			key += p.alike[i]
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	return out
}

// dialled are the characters of which a number can be made, those of telephones first.
var dialled = func() []rune {
	out := []rune("0123456789+*#")
	for c := '!'; c <= '~'; c++ {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}()
