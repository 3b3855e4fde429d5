package expect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pbxsync/schema"
	"pbxsync/schema/route"
	"pbxsync/schema/wording"
)

// Result is what became of an expectation at one time.
type Result struct {
	*Expectation
	At     Text      // as it was written; none: at any time
	Time   time.Time // zero: at any time
	Got    string    // where the call goes
	Failed *schema.Problem
}

// Judged is what became of all expectations.
type Judged struct {
	Results []*Result
	Without []string // numbers of which nothing is expected
	Menus   []string // that no expectation comes to
	Hours   []string // of rules, that are on in no expectation
}

// Failed are the problems of expectations that are not met.
func (j *Judged) Failed() schema.Problems {
	var out schema.Problems
	for _, r := range j.Results {
		if r.Failed != nil {
			out = append(out, *r.Failed)
		}
	}
	return out
}

// Judge holds expectations against a board. Problems are those of expectations that make no sense
// there, and of these there are no results.
func Judge(b *route.Board, list []*Expectation) (*Judged, schema.Problems) {
	j := &judge{board: b, walkers: map[route.From]map[int64]*route.Walker{}, seen: map[[3]string]schema.Place{}, asked: map[string]bool{}}
	for _, x := range list {
		j.expectation(x)
	}
	for _, n := range b.Numbers {
		if !j.asked[n.Name] {
			j.Without = append(j.Without, n.Name)
		}
	}
	j.Menus, j.Hours = b.Untouched(j.all)
	return &j.Judged, j.problems.Sort()
}

type judge struct {
	Judged
	board    *route.Board
	problems schema.Problems
	walkers  map[route.From]map[int64]*route.Walker
	seen     map[[3]string]schema.Place // of what is asked
	asked    map[string]bool            // numbers
}

// all gives every walker.
func (j *judge) all(yield func(*route.Walker) bool) {
	for _, at := range j.walkers {
		for _, w := range at {
			if !yield(w) {
				return
			}
		}
	}
}

func (j *judge) report(at schema.Place, err error) {
	j.problems = append(j.problems, schema.Problem{Place: at, Message: err.Error()})
}

func (j *judge) expectation(x *Expectation) {
	q, place, err := j.question(x)
	if err != nil {
		j.report(place, err)
	}
	want, wrong := wanted(j.board, x.GoesTo.Text)
	if wrong != nil {
		j.report(x.GoesTo.Place, wrong)
	}
	if err == nil && wrong == nil && x.Week.Text != "" {
		j.row(x, q, want)
	}
	times := x.At
	if len(times) == 0 && x.Week.Text == "" {
		times = []Text{{}}
	}
	for _, at := range times {
		t, ok := j.moment(at)
		if err != nil || wrong != nil || !ok || j.twice(x, q, at, t) {
			continue
		}
		j.Results = append(j.Results, j.result(x, q, want, at, t))
	}
	if err == nil {
		j.asked[q.To] = true
	}
}

// row holds a row of a table against the board, at each moment of its times at which hours turn. The
// first second of a time still belongs to hours that end then: they hold until 18:00:00.
func (j *judge) row(x *Expectation, q *route.Question, want *target) {
	day, err := time.ParseInLocation(time.DateOnly, x.Week.Text, j.board.Zone)
	if err != nil || !j.board.Zoned {
		j.report(x.Week.Place, fmt.Errorf("which week is meant is not known; say the tenant's zone with settings: {timezone: …}"))
		return
	}
	if j.twice(x, q, x.Times, day) {
		return
	}
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	clock := func(minutes int) time.Time {
		return time.Date(monday.Year(), monday.Month(), monday.Day(), 0, minutes, 0, 0, j.board.Zone)
	}
	var last *Result
	for _, s := range x.spans {
		for _, at := range j.board.Moments(clock(s.from).Add(time.Second), clock(s.until)) {
			if last = j.result(x, q, want, Text{at.Format("2006-01-02 15:04"), x.Place}, at); last.Failed != nil {
				j.Results = append(j.Results, last)
				return
			}
		}
	}
	if last != nil {
		j.Results = append(j.Results, last)
	}
}

// question makes a question of an expectation, or says what of it is wrong.
func (j *judge) question(x *Expectation) (*route.Question, schema.Place, error) {
	if _, err := j.board.Caller(x.From.Text); err != nil {
		return nil, x.From.Place, err
	}
	q, err := j.board.Ask(x.Call.Text, x.From.Text)
	return q, x.Call.Place, err
}

// moment reads a time.
func (j *judge) moment(at Text) (time.Time, bool) {
	if at.Text == "" {
		return time.Time{}, true
	}
	t, zoned, err := j.board.Moment(at.Text)
	if err == nil && !zoned && !j.board.Zoned {
		err = fmt.Errorf("in which zone %s is meant is not known; write %s, or say the tenant's zone with settings: {timezone: …}", at.Text, t.Format("2006-01-02 15:04Z07:00"))
	}
	if err != nil {
		j.report(at.Place, err)
		return t, false
	}
	return t, true
}

// twice reports whether the same is asked elsewhere.
func (j *judge) twice(x *Expectation, q *route.Question, at Text, t time.Time) bool {
	key := [3]string{q.To, x.From.Text, t.UTC().Format(time.RFC3339) + x.Times.Text}
	first, twice := j.seen[key]
	if !twice {
		j.seen[key] = x.Place
		return false
	}
	place := at.Place
	if at.Text == "" {
		place = x.Place
	}
	j.report(place, fmt.Errorf("the same is asked at %s; delete one of them", first))
	return true
}

func (j *judge) walker(from route.From, at time.Time) *route.Walker {
	if j.walkers[from] == nil {
		j.walkers[from] = map[int64]*route.Walker{}
	}
	w := j.walkers[from][at.Unix()]
	if w == nil {
		w = j.board.Walker(at, from)
		j.walkers[from][at.Unix()] = w
	}
	return w
}

func (j *judge) result(x *Expectation, q *route.Question, want *target, at Text, t time.Time) *Result {
	first := q.With(j.walker(q.From, t))
	r := &Result{Expectation: x, At: at, Time: t, Got: first.Said()}
	if want.is(j.board, first) {
		return r
	}
	place := at.Place
	if len(x.At) < 2 {
		place = x.Place
	}
	r.Failed = &schema.Problem{Place: place, Message: fmt.Sprintf("a call to %s%s goes to %s, not to %s", x.Call.Text, r.circumstances(), r.Got, x.GoesTo.Text), Hint: r.hint(first)}
	return r
}

// circumstances say when somebody calls, and who.
func (r *Result) circumstances() string {
	text := r.caller()
	if r.At.Text != "" {
		text += " at " + r.At.Text
	}
	return text
}

func (r *Result) caller() string {
	if r.From.Text == "" {
		return ""
	}
	return " from " + r.From.Text
}

// Name tells an expectation in a line.
func (r *Result) Name() string {
	if r.Times.Text != "" {
		return "call to " + r.Call.Text + r.caller() + " in the week of " + r.Week.Text + ", " + r.Times.Text + ", goes to " + r.GoesTo.Text
	}
	return "call to " + r.Call.Text + r.circumstances() + " goes to " + r.GoesTo.Text
}

// hint says how to find out more.
func (r *Result) hint(first *route.Step) string {
	if a, _ := first.Answer(); a.Does == route.Asked {
		return "write at: and from: where it depends on them"
	}
	command := []string{"pbxsync", "route", "--to", wording.ShellWord(r.Call.Text)}
	if r.From.Text != "" {
		command = append(command, "--from", wording.ShellWord(r.From.Text))
	}
	if r.At.Text != "" {
		command = append(command, "--at", wording.ShellWord(r.At.Text))
	}
	return strings.Join(command, " ") + " says why"
}

// Cases are how many times expectations were held against the board, and how many were met.
func (j *Judged) Cases() (all, met int) {
	failed := slices.DeleteFunc(slices.Clone(j.Results), func(r *Result) bool { return r.Failed == nil })
	return len(j.Results), len(j.Results) - len(failed)
}
