package route

import (
	"strings"
	"time"
)

// piece is a span of time as people say it: a day, or days in a row with the same hours.
type piece struct {
	first, last time.Time // the days
	hours       string    // "" for whole days
	whole       bool      // from one day to another, not folded
}

// Period is a span of time.
type Period struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Ranges tells the times of a week in words: Mon-Fri 08:00-18:00, Sat 09:00-13:00.
func Ranges(times []Period) string {
	var pieces []*piece
	for _, t := range times {
		p := pieceOf(t)
		if before := follows(pieces, p); before != nil {
			before.last = p.last
			continue
		}
		pieces = append(pieces, p)
	}
	var out []string
	for _, p := range pieces {
		out = append(out, p.String())
	}
	return strings.Join(out, ", ")
}

// follows returns the piece that one goes on on the next day.
func follows(pieces []*piece, p *piece) *piece {
	for _, before := range pieces {
		if !p.whole && !before.whole && before.hours == p.hours && before.hours != "" && before.last.AddDate(0, 0, 1).Equal(p.first) {
			return before
		}
	}
	return nil
}

func pieceOf(t Period) *piece {
	from, until := t.From.Truncate(time.Minute), t.Until.Truncate(time.Minute)
	first, last := midnight(from), midnight(until)
	end := until.Format("15:04")
	if until.Equal(last) {
		last, end = last.AddDate(0, 0, -1), "24:00"
	}
	begin := from.Format("15:04")
	switch over := !last.Equal(first); {
	case begin == "00:00" && end == "24:00":
		return &piece{first: first, last: last}
	case over && (last.After(first.AddDate(0, 0, 1)) || end >= begin):
		return &piece{first: first, last: last, hours: begin + " to " + last.Format("Mon") + " " + end, whole: true}
	}
	return &piece{first: first, last: first, hours: begin + "-" + end}
}

func (p *piece) String() string {
	text := p.first.Format("Mon")
	if !p.whole && !p.last.Equal(p.first) {
		text += "-" + p.last.Format("Mon")
	}
	return strings.TrimSpace(text + " " + p.hours)
}
