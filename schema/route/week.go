package route

import (
	"iter"
	"slices"
	"time"
)

// Week is where the calls to numbers go in seven days.
type Week struct {
	From, To time.Time
	Rows     []Row
	Parts    []Part // what may have a say and is not followed, by whose it is
	Assumed  []Part
}

// Row is the week of one number.
type Row struct {
	To    string // the number, or the extension
	Spans []Answered
}

// Answered is a time in which calls go to the same.
type Answered struct {
	From, To time.Time
	Says     string
	Reach    Reach
}

// Reach is how far a call gets.
type Reach int

// What calls reach.
const (
	Someone Reach = iota // a person may answer, or a machine takes a message
	NoOne                // it ends, and nobody has heard of it
	Unsure               // what happens is not in what was read
)

// WeekOf is the seven days from Monday on that have a point in time.
func (b *Board) WeekOf(at time.Time, from From, to ...*Question) *Week {
	first := monday(at.In(b.Zone))
	w := &Week{From: first, To: first.AddDate(0, 0, 7)}
	if len(to) == 0 {
		to = b.everyNumber(from)
	}
	times := b.times(w.From, w.To)
	for _, q := range to {
		w.Rows = append(w.Rows, Row{To: q.To})
	}
	met := map[*Extension]bool{}
	for _, t := range times {
		t.walk(b, from, to, met)
	}
	for i := range w.Rows {
		w.Rows[i].Spans = spansOf(times, i)
	}
	for _, e := range b.Extensions {
		if met[e] && len(e.Unread) > 0 {
			w.Parts = append(w.Parts, Part{e.Source, e.String(), e.Unread})
		}
		if met[e] && len(e.Assumed) > 0 {
			w.Assumed = append(w.Assumed, Part{e.Source, e.String(), e.Assumed})
		}
	}
	w.Parts = append(slices.Clone(b.Unread), w.Parts...)
	return w
}

// Untouched are the menus that no call of some walkers came to, and the hours of rules that were on in
// none of these.
func (b *Board) Untouched(walkers iter.Seq[*Walker]) (menus, hours []string) {
	met, on := map[*Extension]bool{}, map[*Hours]bool{nil: true}
	for w := range walkers {
		for _, s := range w.steps {
			met[b.owners[s.Address]] = true
		}
		for h, is := range w.on {
			on[h] = on[h] || is
		}
	}
	for _, e := range b.Extensions {
		if e.Type == AMenu && !met[e] {
			menus = append(menus, e.Name)
		}
		for _, r := range e.Rules {
			if !on[r.Hours] {
				on[r.Hours], hours = true, append(hours, r.Hours.Name)
			}
		}
	}
	return menus, hours
}

// monday is the midnight at which the week of a point in time begins.
func monday(at time.Time) time.Time {
	first := midnight(at)
	return first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
}

// everyNumber asks about all of them.
func (b *Board) everyNumber(from From) []*Question {
	var out []*Question
	for _, n := range b.Numbers {
		out = append(out, &Question{board: b, To: n.Name, From: from, what: func(w *Walker) *Step { return w.Call(n) }})
	}
	return out
}

// stretch is a part of the week in which no hours turn on or off. Those with the same hours on have
// the same answers.
type stretch struct {
	from, to time.Time
	answers  *answers
}

// answers are those to all questions while the same hours are on.
type answers struct {
	says  []string
	reach []Reach
}

// times parts a span of time where hours turn on or off.
func (b *Board) times(from, to time.Time) []*stretch {
	turns := b.Moments(from, to)
	same := map[string]*answers{}
	var out []*stretch
	for i, t := range turns {
		until := to
		if i+1 < len(turns) {
			until = turns[i+1]
		}
		state := stateOf(b.Hours, t)
		if same[state] == nil {
			same[state] = &answers{}
		}
		out = append(out, &stretch{t, until, same[state]})
	}
	return out
}

// Moments are the beginning of a span of time, and the points in it at which hours turn on or off: calls
// go to the same until the next of them.
func (b *Board) Moments(from, to time.Time) []time.Time {
	turns := []time.Time{from}
	for _, h := range b.Hours {
		turns = append(turns, h.Turns(from, to)...)
	}
	slices.SortFunc(turns, time.Time.Compare)
	return slices.CompactFunc(turns, time.Time.Equal)
}

// walk follows all calls, unless that was done while the same hours were on.
func (t *stretch) walk(b *Board, from From, to []*Question, met map[*Extension]bool) {
	if t.answers.says != nil {
		return
	}
	w := b.Walker(t.from, from)
	for _, q := range to {
		first := q.With(w)
		t.answers.says = append(t.answers.says, first.Said())
		t.answers.reach = append(t.answers.reach, first.Reach())
	}
	for _, s := range w.steps {
		if e := b.owners[s.Address]; e != nil {
			met[e] = true
		}
	}
}

// spansOf puts together what is answered alike.
func spansOf(times []*stretch, i int) []Answered {
	var out []Answered
	for _, t := range times {
		says := t.answers.says[i]
		if n := len(out); n > 0 && out[n-1].Says == says {
			out[n-1].To = t.to
			continue
		}
		out = append(out, Answered{t.from, t.to, says, t.answers.reach[i]})
	}
	return out
}
