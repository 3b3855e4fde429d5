package answer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pbxsync/internal/report"
	"pbxsync/schema/route"
	"pbxsync/schema/wording"
)

// Week is where the calls to numbers go in seven days.
type Week struct {
	Version string    `json:"format_version"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Zone    string    `json:"zone"`
	Numbers []Number  `json:"numbers"`
	Gaps    int       `json:"gaps"` // numbers that reach nobody at some time
	Limits

	zoned bool
}

// Number is the week of one.
type Number struct {
	To    string `json:"to"`
	Times []Time `json:"times"`
}

// Time is a part of the week in which calls go to the same.
type Time struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	GoesTo string    `json:"goes_to"`
	Gap    bool      `json:"gap"` // the call ends, and nobody has heard of it

	reach route.Reach
}

// OfWeek makes the document of a week. What could not be read is named with it.
func OfWeek(b *route.Board, w *route.Week, notRead []string) *Week {
	out := &Week{Version: report.ListVersion, From: w.From, Until: w.To, Zone: b.Zone.String(), zoned: b.Zoned,
		Limits: Limits{partsOf(w.Parts), partsOf(w.Assumed), append([]string{}, notRead...)}, Numbers: []Number{}}
	for _, row := range w.Rows {
		n := Number{To: row.To, Times: []Time{}}
		for _, s := range row.Spans {
			n.Times = append(n.Times, Time{s.From, s.To, s.Says, s.Reach == route.NoOne, s.Reach})
		}
		if slices.ContainsFunc(n.Times, func(t Time) bool { return t.Gap }) {
			out.Gaps++
		}
		out.Numbers = append(out.Numbers, n)
	}
	return out
}

// WeekText tells a week: a line of columns for each number, and the exact times below it. Numbers
// with the same week stand together.
func WeekText(out *report.Printer, w *Week) {
	out.Linef("week of %s (%s), a column is %d hours; %s is a gap", w.From.Format("Monday 2 January 2006"), w.Zone, hoursOfColumn, gap)
	for _, same := range w.alike() {
		names, times := same.names(), same.numbers[0].Times
		if len(times) == 1 {
			out.Linef("%s%s: always %s", marked(times[0]), names, times[0].GoesTo)
			continue
		}
		letters, legend := lettersOf(times)
		out.Linef("%s:", names)
		out.Linef("    %s", days())
		out.Linef("    %s", w.columns(times, letters))
		for _, l := range legend {
			out.Linef("    %s %s: %s", letters[l.goesTo], l.goesTo, route.Ranges(l.times))
		}
	}
	w.Limits.text(out)
	unzoned(out, w.zoned)
	out.Linef("%s, %s", wording.CountOf(len(w.Numbers), "number"), w.gaps())
}

func (w *Week) gaps() string {
	if w.Gaps == 0 {
		return "no gap"
	}
	return wording.Thousands(w.Gaps) + " with a gap"
}

// marked stands before a number whose calls always go nowhere.
func marked(t Time) string {
	if t.Gap {
		return gap + " "
	}
	return ""
}

// alike are numbers with the same week.
type alike struct{ numbers []Number }

func (a *alike) names() string {
	var names []string
	for _, n := range a.numbers {
		names = append(names, n.To)
	}
	return wording.Few(names)
}

// alike puts numbers with the same week together, in the order of the first of each.
func (w *Week) alike() []*alike {
	var out []*alike
	by := map[string]*alike{}
	for _, n := range w.Numbers {
		var key strings.Builder
		for _, t := range n.Times {
			fmt.Fprintf(&key, "%d %s\n", t.From.Unix(), t.GoesTo)
		}
		if by[key.String()] == nil {
			by[key.String()] = &alike{}
			out = append(out, by[key.String()])
		}
		by[key.String()].numbers = append(by[key.String()].numbers, n)
	}
	return out
}
