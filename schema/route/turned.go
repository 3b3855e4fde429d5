package route

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"pbxsync/schema/wording"
)

// Turned is what numbers reached and what they will reach. Those that turn alike stand together.
type Turned struct {
	Numbers    []string `json:"numbers"`
	Times      []Period `json:"times,omitempty"`      // when, in a week; none: always
	Unanswered bool     `json:"unanswered,omitempty"` // the first to ring stays, and this follows when nobody answers there
	Was        string   `json:"was"`
	Will       string   `json:"will"`
	Cut        bool     `json:"cut,omitempty"` // somebody was reached, and nobody will be
}

// String tells it in a line.
func (t *Turned) String() string { return t.Line("was ", ", will be ") }

// Line tells it in a line, with words before each of the two answers.
func (t *Turned) Line(was, will string) string {
	text := wording.Few(t.Numbers)
	if len(t.Times) > 0 {
		text += ", " + Ranges(t.Times)
	}
	if t.Unanswered {
		text += ", when nobody answers"
	}
	return text + ": " + was + t.Was + will + t.Will
}

// Turns are the answers that differ between two boards, what is cut off first. Where they depend on
// the hour, they are those of the week from Monday on that has a day. What either of the boards does
// not know is no difference, and another name for the same is none.
func Turns(before, after *Board, day time.Time) []*Turned {
	t := &turning{before: before, after: after, by: map[turn]*Turned{}}
	moved := t.moved()
	was, will := before.ear(time.Time{}, moved), after.ear(time.Time{}, moved)
	var timed []timely
	for _, p := range t.numbers() {
		a, b := was.heard(p.before), will.heard(p.after)
		if hours := [2][]*Hours{was.hours(), will.hours()}; a.moved() || b.moved() || (a.asked() || b.asked()) && !a.same(b) {
			timed = append(timed, timely{p, hours})
			continue
		}
		t.compare(p.name, nil, a, b)
	}
	t.week(timed, day)
	return t.sorted()
}

// pair is a number on both boards, nil on one that does not have it.
type pair struct {
	name          string
	before, after *Number
}

// turning collects what turns.
type turning struct {
	before, after *Board
	by            map[turn]*Turned
	list          []*Turned
}

// turn is what one number has in common with others.
type turn struct {
	times      string
	unanswered bool
	was, will  string
}

// numbers pairs those of both boards, in the order of their names.
func (t *turning) numbers() []pair {
	var out []pair
	for _, n := range t.before.Numbers {
		out = append(out, pair{n.Name, n, t.after.numbers[n.Name]})
	}
	for _, n := range t.after.Numbers {
		if t.before.numbers[n.Name] == nil {
			out = append(out, pair{n.Name, nil, n})
		}
	}
	slices.SortFunc(out, func(x, y pair) int {
		return cmp.Or(cmp.Compare(len(x.name), len(y.name)), cmp.Compare(x.name, y.name))
	})
	return out
}

// moved returns the names of hours that are not the same on both boards.
func (t *turning) moved() map[string]bool {
	was, will := spansByName(t.before.Hours), spansByName(t.after.Hours)
	out := map[string]bool{}
	for name := range was {
		out[name] = !reflect.DeepEqual(was[name], will[name])
	}
	return out
}

func spansByName(list []*Hours) map[string]any {
	out := map[string]any{}
	for _, h := range list {
		out[h.Name] = []any{h.Zone.String(), h.Spans, h.Unread}
	}
	return out
}

// compare takes in how two answers differ.
func (t *turning) compare(name string, times []Period, was, will heard) {
	switch {
	case was.first.key != will.first.key:
		t.add(name, times, false, was.first, will.first)
	case was.behind.key != will.behind.key:
		t.add(name, times, true, was.behind, will.behind)
	}
}

func (t *turning) add(name string, times []Period, unanswered bool, was, will outcome) {
	if was.reach == Unsure || will.reach == Unsure {
		return
	}
	key := turn{Ranges(times), unanswered, was.says, will.says}
	if t.by[key] == nil {
		t.by[key] = &Turned{Times: times, Unanswered: unanswered, Was: was.says, Will: will.says, Cut: !unanswered && was.reach == Someone && will.reach == NoOne}
		t.list = append(t.list, t.by[key])
	}
	t.by[key].Numbers = append(t.by[key].Numbers, name)
}

// sorted puts what is cut off first, then what turns always, then what does at some hours.
func (t *turning) sorted() []*Turned {
	rank := func(x *Turned) int {
		return 4*order(!x.Cut) + 2*order(x.Unanswered) + order(len(x.Times) > 0)
	}
	slices.SortStableFunc(t.list, func(x, y *Turned) int { return cmp.Compare(rank(x), rank(y)) })
	return t.list
}

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}
