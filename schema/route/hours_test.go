package route_test

import (
	"testing"
	"time"

	"pbxsync/schema/route"
)

func TestHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	week := route.Span{Days: true, FirstDay: time.Friday, LastDay: time.Monday}
	for _, one := range []struct {
		name string
		span route.Span
		at   string
		on   bool
	}{
		{"nothing matters", route.Span{}, "2026-12-24 18:10:00", true},
		{"a day past the end of the week", week, "2026-12-27 10:00:00", true},
		{"a day between", week, "2026-12-23 10:00:00", false},
		{"the last second", route.Span{Begins: "08:00:00", Ends: "18:00:00"}, "2026-12-24 18:00:00", true},
		{"after it", route.Span{Begins: "08:00:00", Ends: "18:00:00"}, "2026-12-24 18:00:01", false},
		{"before the first", route.Span{Begins: "08:00:00", Ends: "18:00:00"}, "2026-12-24 07:59:59", false},
		{"days of a month", route.Span{Month: 12, FirstDate: 24, LastDate: 26}, "2026-12-26 23:59:59", true},
		{"another month", route.Span{Month: 12, FirstDate: 24, LastDate: 26}, "2026-11-25 23:59:59", false},
		{"after the days of a month", route.Span{Month: 12, FirstDate: 24, LastDate: 26}, "2026-12-27 00:00:00", false},
		{"one span, and nothing else matters", route.Span{From: "2026-12-24 14:00:00", Until: "2026-12-26 23:59:59", Month: 1}, "2026-12-24 14:00:00", true},
		{"before that span", route.Span{From: "2026-12-24 14:00:00", Until: "2026-12-26 23:59:59"}, "2026-12-24 13:59:59", false},
		{"in turn, the first day", route.Span{Since: "2026-11-30", On: 7, Off: 14}, "2026-11-30 00:00:00", true},
		{"in turn, the first day off", route.Span{Since: "2026-11-30", On: 7, Off: 14}, "2026-12-07 00:00:00", false},
		{"in turn, again", route.Span{Since: "2026-11-30", On: 7, Off: 14}, "2026-12-21 12:00:00", true},
		{"in turn, before it began", route.Span{Since: "2026-11-30", On: 7, Off: 14}, "2026-11-29 12:00:00", false},
	} {
		at, _ := time.ParseInLocation(time.DateTime, one.at, berlin)
		h := &route.Hours{Zone: berlin, Spans: []route.Span{one.span}}
		if h.On(at.UTC()) != one.on {
			t.Errorf("%s: %v at %s", one.name, !one.on, one.at)
		}
	}
	if never := (&route.Hours{Zone: berlin}); never.On(time.Now()) {
		t.Error("hours without spans are on")
	}
}

// What is on at a point in time is what was on at the last turn before it.
func TestTurns(t *testing.T) {
	berlin, _ := time.LoadLocation("Europe/Berlin")
	h := &route.Hours{Zone: berlin, Spans: []route.Span{
		{Days: true, FirstDay: time.Monday, LastDay: time.Friday, Begins: "08:30:00", Ends: "18:00:00"},
		{From: "2026-10-24 12:15:00", Until: "2026-10-26 09:00:00"}, {Since: "2026-10-20", On: 1, Off: 2},
		{Month: 10, FirstDate: 28, LastDate: 28, Begins: "02:30:00", Ends: "02:59:59"},
	}}
	from := time.Date(2026, 10, 22, 0, 0, 0, 0, berlin) // clocks go back in this week
	turns := h.Turns(from, from.AddDate(0, 0, 7))
	on := false
	for at := from; at.Before(from.AddDate(0, 0, 7)); at = at.Add(time.Minute) {
		for len(turns) > 0 && !turns[0].After(at) {
			on, turns = h.On(turns[0]), turns[1:]
		}
		if h.On(at) != on {
			t.Fatalf("%s: %v, and no turn says so", at, h.On(at))
		}
	}
}

func TestMoments(t *testing.T) {
	b := board(t, office)
	for text, want := range map[string]string{
		"2026-12-24T18:10":       "2026-12-24T18:10:00+01:00",
		"2026-12-24 18:10":       "2026-12-24T18:10:00+01:00",
		"2026-07-01":             "2026-07-01T00:00:00+02:00",
		"2026-12-24T18:10Z":      "2026-12-24T19:10:00+01:00",
		"2026-10-25T02:30+02:00": "2026-10-25T02:30:00+02:00",
		"2026-10-25T03:00":       "2026-10-25T03:00:00+01:00",
	} {
		if at, _, err := b.Moment(text); err != nil || at.Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %v", text, at, err)
		}
	}
	for text, want := range map[string]string{
		"2026-03-29T02:30": "2026-03-29T02:30 does not exist in Europe/Berlin, where clocks go forward; write a time such as 2026-03-29T03:30",
		"2026-10-25T02:30": "2026-10-25T02:30 exists twice in Europe/Berlin, where clocks go back; write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00",
		"tomorrow":         `"tomorrow" is no point in time; write it as 2026-12-24T18:10`,
		"2026-02-30T10:00": `"2026-02-30T10:00" is no point in time; write it as 2026-12-24T18:10`,
	} {
		if _, _, err := b.Moment(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
