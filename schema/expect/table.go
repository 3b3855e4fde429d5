package expect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

// A table says where calls go in a week, whatever the hours are that decide it: each row is a time of
// the week and a place, and no minute is left out.

// period is a part of a week, in minutes from Monday's midnight on.
type period struct{ from, until int }

const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
)

// otherwise is the row for all times that no other row has.
const otherwise = "otherwise"

const tableExample = "week: 2027-01-11 and goes to: {mon-fri 08:00-18:00: queue/200, otherwise: voicemail}"

var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// row is one row while it is read.
type row struct {
	*Expectation
	key file.SettingEntry
}

// table reads the rows of a table, each of which is an expectation.
func (p *parser) table(x *Expectation, to, week, at file.SettingEntry) []*Expectation {
	if at.Key != "" {
		p.Report(at.Place, "leave one of them out", "at: has no place beside a table of a week")
	}
	if week.Key == "" {
		p.Report(to.Place, "write "+tableExample, "a table needs week:, a day of the week that it is about")
		return nil
	}
	x.Week = p.text(week.Value, wordWeek)
	if _, err := time.Parse(time.DateOnly, x.Week.Text); err != nil && x.Week.Text != "" {
		p.Report(week.Value.Place, "write a day, such as 2027-01-11", "week: %q is no day", x.Week.Text)
	}
	var rows []*row
	for _, entry := range to.Value.Entries {
		r := *x
		r.Place, r.Times, r.GoesTo = entry.Place, Text{entry.Key, entry.Place}, p.text(entry.Value, wordGoesTo)
		if entry.Key != otherwise {
			r.spans = p.spans(entry)
		}
		rows = append(rows, &row{&r, entry})
	}
	p.whole(rows, to.Place)
	var out []*Expectation
	for _, r := range rows {
		out = append(out, r.Expectation)
	}
	return out
}

// spans reads the times of a row: days, and perhaps from when until when.
func (p *parser) spans(entry file.SettingEntry) []period {
	days, times, _ := strings.Cut(strings.TrimSpace(entry.Key), " ")
	from, until, ok := clocks(strings.TrimSpace(times))
	list, known := daysOf(days)
	switch {
	case !known || !ok:
		p.Report(entry.Place, `write it as mon-fri 08:00-18:00, as sat,sun, or as otherwise`, "%q is no time of a week", entry.Key)
		return nil
	case from >= until:
		p.Report(entry.Place, "part it at midnight: a row until 24:00, and one from 00:00 on for the next day", "%q ends before it begins", entry.Key)
		return nil
	}
	var out []period
	for _, day := range list {
		out = append(out, period{day*minutesOfDay + from, day*minutesOfDay + until})
	}
	return out
}

// clocks reads 08:00-18:00; nothing is the whole day.
func clocks(text string) (from, until int, ok bool) {
	if text == "" {
		return 0, minutesOfDay, true
	}
	a, b, two := strings.Cut(text, "-")
	from, okFrom := clock(a)
	until, okUntil := clock(b)
	return from, until, two && okFrom && okUntil
}

// clock reads 08:00, up to 24:00.
func clock(text string) (minutes int, ok bool) {
	text = strings.TrimSpace(text)
	if text == "24:00" {
		return minutesOfDay, true
	}
	at, err := time.Parse("15:04", text)
	return at.Hour()*60 + at.Minute(), err == nil
}

// daysOf reads mon-fri, or sat,sun.
func daysOf(text string) (days []int, known bool) {
	for _, part := range strings.Split(text, ",") {
		first, last, span := strings.Cut(part, "-")
		if !span {
			last = first
		}
		from, until := slices.Index(weekdays, first), slices.Index(weekdays, last)
		if from < 0 || until < 0 {
			return nil, false
		}
		for day := from; ; day = (day + 1) % 7 {
			if days = append(days, day); day == until {
				break
			}
		}
	}
	return days, true
}

// whole refuses rows that share a minute, and a week of which minutes are left out; what no row has is
// that of otherwise.
func (p *parser) whole(rows []*row, at schema.Place) {
	type share struct {
		period
		row *row
	}
	var all []share
	var rest *row
	for _, r := range rows {
		if r.key.Key == otherwise {
			rest = r
		}
		for _, s := range r.spans {
			all = append(all, share{s, r})
		}
	}
	slices.SortStableFunc(all, func(a, b share) int { return a.from - b.from })
	var taken []period
	for i, s := range all {
		if i > 0 && s.from < all[i-1].until {
			p.Report(s.row.Place, "change one of them, so that no minute is in both", "%s is in %q too", period{s.from, min(s.until, all[i-1].until)}, all[i-1].row.key.Key)
			return
		}
		taken = append(taken, s.period)
	}
	left := gaps(taken)
	switch {
	case rest != nil && len(left) == 0:
		p.Report(rest.Place, "delete it", "the other rows have the whole week, and nothing is left for otherwise")
	case rest != nil:
		rest.spans = left
	case len(left) > 0:
		p.Report(at, "write a row for it, or one for otherwise", "%s: nothing is expected", left[0])
	}
}

// gaps are the parts of a week that are in none of some periods, which are in order.
func gaps(list []period) (out []period) {
	at := 0
	for _, s := range append(list, period{minutesOfWeek, minutesOfWeek}) {
		if s.from > at {
			out = append(out, period{at, s.from})
		}
		at = s.until
	}
	return out
}

// String is Sat 13:00 to Mon 08:00.
func (s period) String() string { return minute(s.from) + " to " + minute(s.until) }

func minute(n int) string {
	day := weekdays[n/minutesOfDay%7]
	return fmt.Sprintf("%s%s %02d:%02d", strings.ToUpper(day[:1]), day[1:], n%minutesOfDay/60, n%60)
}
