package route

import (
	"slices"
	"time"
)

// Hours are spans of time by a name, in a zone of their own.
type Hours struct {
	Source
	Name   string
	Zone   *time.Location
	Spans  []Span
	Unread bool // when they are on is not in what was read
}

// Span is one condition; what is zero or empty does not matter, and all else has to hold. Texts are
// in the forms of tenant files.
type Span struct {
	FirstDay, LastDay   time.Weekday
	Days                bool // FirstDay and LastDay matter; a span may pass the end of the week
	Begins, Ends        string
	FirstDate, LastDate int64 // days of the month
	Month               int64
	From, Until         string // one span as a whole; all else is ignored
	Since               string // first day of days on and off in turn
	On, Off             int64
}

// On reports whether the hours are on at a point in time.
func (h *Hours) On(at time.Time) bool {
	local := at.In(h.Zone)
	return slices.ContainsFunc(h.Spans, func(s Span) bool { return s.holds(local) })
}

func (s Span) holds(at time.Time) bool {
	if s.From != "" && s.Until != "" {
		now := at.Format(time.DateTime)
		return s.From <= now && now <= s.Until
	}
	now, day := at.Format(time.TimeOnly), int64(at.Day())
	return s.onDay(at.Weekday()) && s.inTurn(at) &&
		(s.Begins == "" || s.Begins <= now) && (s.Ends == "" || now <= s.Ends) &&
		(s.FirstDate == 0 || s.FirstDate <= day) && (s.LastDate == 0 || day <= s.LastDate) &&
		(s.Month == 0 || s.Month == int64(at.Month()))
}

func (s Span) onDay(day time.Weekday) bool {
	switch {
	case !s.Days:
		return true
	case s.FirstDay <= s.LastDay:
		return s.FirstDay <= day && day <= s.LastDay
	}
	return day >= s.FirstDay || day <= s.LastDay
}

// inTurn reports whether the day is one of those on.
func (s Span) inTurn(at time.Time) bool {
	first, err := time.Parse(time.DateOnly, s.Since)
	if s.Since == "" || err != nil || s.On+s.Off <= 0 {
		return s.Since == ""
	}
	today := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	past := int64(today.Sub(first).Hours() / 24)
	return past >= 0 && past%(s.On+s.Off) < s.On
}

// Turns returns the points in time from one to another at which hours may turn on or off, in order.
func (h *Hours) Turns(from, to time.Time) []time.Time {
	local := from.In(h.Zone)
	var out []time.Time
	add := func(t time.Time) {
		if !t.Before(from) && t.Before(to) {
			out = append(out, t)
		}
	}
	for day := midnight(local).AddDate(0, 0, -1); day.Before(to); day = day.AddDate(0, 0, 1) {
		add(day)
		for _, s := range h.Spans {
			s.turns(day, add)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// turns adds the points of a day at which a span begins, and the first ones after it.
func (s Span) turns(day time.Time, add func(time.Time)) {
	begin, end := day.Format(time.DateOnly+" ")+s.Begins, day.Format(time.DateOnly+" ")+s.Ends
	if s.From != "" && s.Until != "" {
		begin, end = s.From, s.Until
	}
	if t, err := time.ParseInLocation(time.DateTime, begin, day.Location()); err == nil {
		add(t)
	}
	if t, err := time.ParseInLocation(time.DateTime, end, day.Location()); err == nil {
		add(t.Add(time.Second))
	}
}
