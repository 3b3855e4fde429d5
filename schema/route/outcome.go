package route

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// heard is what a caller comes to: who is called first, and what follows when nobody answers there.
type heard struct{ first, behind outcome }

// same reports whether a caller comes to the same.
func (h heard) same(other heard) bool {
	return h.first.key == other.first.key && h.behind.key == other.behind.key
}

func (h heard) asked() bool { return h.first.asked || h.behind.asked }

func (h heard) moved() bool { return h.first.moved || h.behind.moved }

// none is the key of calls that end, and nobody has heard of them.
const none = "nobody"

// outcome is what a call comes to.
type outcome struct {
	key   string // the same for the same, whatever its label is
	says  string
	reach Reach
	asked bool // it depends on the time or on who calls
	moved bool // on hours that are not the same on both boards
}

// ear hears what calls come to.
type ear struct {
	*Walker
	moved map[string]bool // names of hours that differ
	met   map[*Hours]bool // what the calls since depend on
}

func (b *Board) ear(at time.Time, moved map[string]bool) *ear {
	return &ear{b.Walker(at, From{}), moved, map[*Hours]bool{}}
}

// hours are those on which the calls since the last time depend, in the order of their names.
func (w *ear) hours() []*Hours {
	out := slices.SortedFunc(maps.Keys(w.met), func(x, y *Hours) int { return cmp.Compare(x.Name, y.Name) })
	clear(w.met)
	return out
}

// heard follows the call to a number, of which there may be none.
func (w *ear) heard(n *Number) heard {
	if n == nil {
		return heard{first: outcome{key: none, says: "no number of the tenant", reach: NoOne}}
	}
	first := w.Call(n)
	h := heard{first: w.outcome(first, map[*Step]bool{})}
	if a, ok := first.Answer(); ok && a.Does == Rings {
		for _, b := range a.Then() {
			if strings.Contains(b.When, said[NoAnswer]) {
				h.behind = w.outcome(b.Step, map[*Step]bool{})
			}
		}
	}
	return h
}

// outcome tells what a call comes to. One that depends on something comes to each that it may.
func (w *ear) outcome(s *Step, seen map[*Step]bool) outcome {
	a, ok := s.Answer()
	out := outcome{key: a.identity(), says: s.Said(), reach: s.Reach()}
	switch {
	case !ok:
		out.key = none
		return out
	case seen[a] || a.Does != Asked:
		return out
	}
	seen[a] = true
	all := outcome{reach: out.reach, asked: true}
	if a.hours != nil {
		w.met[a.hours], all.moved = true, w.moved[a.hours.Name]
	}
	var keys, says []string
	for _, b := range a.Then() {
		o := w.outcome(b.Step, seen)
		keys, says = append(keys, b.When+" "+o.key), append(says, o.says+" for "+b.When)
		all.moved = all.moved || o.moved
	}
	all.key, all.says = strings.Join(keys, "\n"), strings.Join(says, ", ")
	return all
}

// identity is the same for answers that are the same to a caller, whatever they are called.
func (s *Step) identity() string {
	switch s.Does {
	case Rings, Waits, Chooses, Voicemail, Faxed, Confers:
		return string(s.Does) + " " + s.Address
	case Outside, Announced:
		return string(s.Does) + " " + s.Name
	case Nobody, Nowhere, Blocked:
		return none
	}
	return string(s.Does)
}
