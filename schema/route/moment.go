package route

import (
	"fmt"
	"time"
)

// layouts are the forms in which people write a point in time without a zone.
var layouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05", time.DateOnly}

// zoned is the form with one.
var zoned = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00"}

// Moment reads a point in time, and reports whether it has a zone. Without one it is of the tenant's
// zone, which some times do not have and others twice.
func (b *Board) Moment(text string) (at time.Time, itself bool, err error) {
	for _, l := range zoned {
		if t, err := time.Parse(l, text); err == nil {
			return t.In(b.Zone), true, nil
		}
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, text); err == nil {
			at, err := b.at(text, t)
			return at, false, err
		}
	}
	return time.Time{}, false, fmt.Errorf("%q is no point in time; write it as 2026-12-24T18:10", text)
}

// at returns the point in time with the reading of a clock in the tenant's zone.
func (b *Board) at(text string, clock time.Time) (time.Time, error) {
	all := readings(clock, b.Zone)
	switch len(all) {
	case 1:
		return all[0], nil
	case 0:
		next := time.Date(clock.Year(), clock.Month(), clock.Day(), clock.Hour(), clock.Minute(), 0, 0, b.Zone)
		return time.Time{}, fmt.Errorf("%s does not exist in %s, where clocks go forward; write a time such as %s", text, b.Zone, next.Format("2006-01-02T15:04"))
	}
	return time.Time{}, fmt.Errorf("%s exists twice in %s, where clocks go back; write %s or %s", text, b.Zone, all[0].Format(zoned[1]), all[1].Format(zoned[1]))
}

// readings returns the points in time at which clocks in a zone read the same.
func readings(clock time.Time, zone *time.Location) []time.Time {
	var out []time.Time
	for _, near := range []time.Duration{-day, day} {
		_, offset := clock.Add(near).In(zone).Zone()
		t := clock.Add(-time.Duration(offset) * time.Second).In(zone)
		if t.Format(time.DateTime) == clock.Format(time.DateTime) && (len(out) == 0 || !out[0].Equal(t)) {
			out = append(out, t)
		}
	}
	return out
}

const day = 24 * time.Hour
