package answer

import (
	"fmt"
	"strings"
	"time"

	"pbxsync/schema/route"
)

const (
	hoursOfColumn = 3
	gap           = "-"
	unknown       = "?"
)

// answered are the times of one answer.
type answered struct {
	goesTo string
	times  []route.Period
}

// lettersOf gives each answer a letter, in the order in which they come.
func lettersOf(times []Time) (letters map[string]string, legend []*answered) {
	letters = map[string]string{}
	by := map[string]*answered{}
	next := 'a'
	for _, t := range times {
		if by[t.GoesTo] == nil {
			by[t.GoesTo] = &answered{goesTo: t.GoesTo}
			legend = append(legend, by[t.GoesTo])
			switch {
			case t.Gap:
				letters[t.GoesTo] = gap
			case t.reach == route.Unsure:
				letters[t.GoesTo] = unknown
			case next > 'z':
				letters[t.GoesTo] = "*"
			default:
				letters[t.GoesTo] = string(next)
				next++
			}
		}
		by[t.GoesTo].times = append(by[t.GoesTo].times, route.Period{From: t.From, Until: t.Until})
	}
	return letters, legend
}

// days is the line above the columns.
func days() string {
	var b strings.Builder
	for _, day := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		fmt.Fprintf(&b, "%-*s", 24/hoursOfColumn+1, day)
	}
	return strings.TrimRight(b.String(), " ")
}

// columns shows a week at a glance: a letter for the answer that holds longest in each column, and a
// gap wherever there is one.
func (w *Week) columns(times []Time, letters map[string]string) string {
	var b strings.Builder
	for day := range 7 {
		if day > 0 {
			b.WriteByte(' ')
		}
		for hour := 0; hour < 24; hour += hoursOfColumn {
			from := clockOn(w.From, day, hour)
			b.WriteString(letterOf(times, letters, from, clockOn(w.From, day, hour+hoursOfColumn)))
		}
	}
	return b.String()
}

func clockOn(first time.Time, day, hour int) time.Time {
	return time.Date(first.Year(), first.Month(), first.Day()+day, hour, 0, 0, 0, first.Location())
}

func letterOf(times []Time, letters map[string]string, from, until time.Time) string {
	longest, letter := time.Duration(0), " "
	for _, t := range times {
		within := earlier(t.Until, until).Sub(later(t.From, from))
		if within <= time.Second { // the first second belongs to what was before
			continue
		}
		if t.Gap {
			return gap
		}
		if within > longest {
			longest, letter = within, letters[t.GoesTo]
		}
	}
	return letter
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
