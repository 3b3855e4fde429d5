package route_test

import (
	"fmt"
	"testing"
	"time"

	"pbxsync/schema/route"
)

// shop is a number with rules by the hour: open from Monday to Friday, closed else, on a holiday nowhere.
func shop(t testing.TB) *route.Board {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	b := desk()
	b.Zone = berlin
	holiday := &route.Hours{Name: "Holiday", Zone: berlin, Spans: []route.Span{{From: "2026-10-26 00:00:00", Until: "2026-10-26 23:59:59"}}}
	open := &route.Hours{Name: "Open", Zone: berlin, Spans: []route.Span{{Days: true, FirstDay: time.Monday, LastDay: time.Friday, Begins: "08:00:00", Ends: "18:00:00"}}}
	b.Hours = []*route.Hours{holiday, open}
	day := sends(b, route.Transfer, "101")
	day.Hours = open
	b.Extension("100").Rules = []*route.Rule{{Does: route.Hangup, Hours: holiday}, day, {Does: route.ToVoicemail}}
	return b
}

func TestWeek(t *testing.T) {
	b := shop(t)
	week := b.WeekOf(time.Date(2026, 10, 25, 12, 0, 0, 0, b.Zone), route.From{}) // Sunday, when clocks go back
	if len(week.Rows) != 1 || !week.From.Equal(time.Date(2026, 10, 19, 0, 0, 0, 0, b.Zone)) || week.To.Sub(week.From) != (7*24+1)*time.Hour {
		t.Fatalf("%+v", week)
	}
	spans := week.Rows[0].Spans
	if len(spans) != 11 || spans[0].Says != "voicemail of 100" || spans[1].Says != "101" || !spans[10].To.Equal(week.To) || spans[1].Reach != route.Someone {
		t.Errorf("%+v", spans)
	}
	// What a week says is what is said at each minute of it.
	week = b.WeekOf(time.Date(2026, 10, 26, 0, 0, 0, 0, b.Zone), route.From{})
	spans = week.Rows[0].Spans
	if spans[0].Says != "hung up" || spans[0].Reach != route.NoOne {
		t.Errorf("%+v", spans[0])
	}
	for at := week.From; at.Before(week.To); at = at.Add(time.Minute) {
		for !at.Before(spans[0].To) {
			spans = spans[1:]
		}
		if says := b.Walker(at, route.From{}).Call(b.Number("4930")).Said(); says != spans[0].Says {
			t.Fatalf("%s: %s, in the week %s", at, says, spans[0].Says)
		}
	}
}

// How far a call gets that depends on who calls is how far somebody gets.
func TestReach(t *testing.T) {
	for _, one := range []struct {
		rules []*route.Rule
		want  route.Reach
	}{
		{[]*route.Rule{{Does: route.Hangup, Caller: &route.Caller{Pattern: "^7"}}}, route.Someone},
		{[]*route.Rule{{Does: route.Hangup, Caller: &route.Caller{Pattern: "^7"}}, {Does: route.Busy}}, route.NoOne},
		{[]*route.Rule{{Does: route.Busy}}, route.NoOne},
		{[]*route.Rule{{Does: route.Play, Plays: "Closed"}}, route.Someone},
	} {
		b := desk()
		b.Extension("100").Rules = one.rules
		if got := b.Walker(time.Time{}, route.From{}).Call(b.Number("4930")).Reach(); got != one.want {
			t.Errorf("%+v: %v, want %v", one.rules[0], got, one.want)
		}
	}
	b := desk()
	b.Extension("100").Type = ""
	b.Blocked = false
	if got := b.Walker(time.Time{}, route.From{}).Call(b.Number("4930")).Reach(); got != route.Unsure {
		t.Errorf("an extension of which nothing is said: %v", got)
	}
}

// large is a tenant of 10,000 numbers, each with rules of its own by the hours of 50 intervals.
func large(b testing.TB) *route.Board {
	board := shop(b)
	for i := range 48 {
		h := *board.Hours[1]
		h.Spans = []route.Span{{Days: true, FirstDay: time.Weekday(i % 7), LastDay: time.Weekday(i % 7), Begins: fmt.Sprintf("%02d:00:00", i/3), Ends: fmt.Sprintf("%02d:59:59", i/3)}}
		board.Hours = append(board.Hours, &h)
	}
	for i := range 10000 {
		name := fmt.Sprint(100000 + i)
		e := &route.Extension{Source: route.Source{Address: "extension/" + name}, Name: name, Type: route.APhone, Phone: &route.Phone{Voicemail: true}}
		day := sends(board, route.Transfer, "101")
		day.Hours = board.Hours[i%50]
		e.Rules = []*route.Rule{day, {Does: route.Play, Plays: "Closed", Hours: board.Hours[(i*7)%50]}}
		board.Extensions = append(board.Extensions, e)
		board.Numbers = append(board.Numbers, &route.Number{Source: e.Source, Name: "49" + name, To: route.Target{Extension: e}})
	}
	board.Index()
	return board
}

func BenchmarkWeek(b *testing.B) {
	board := large(b)
	for b.Loop() {
		board.WeekOf(time.Date(2026, 11, 4, 0, 0, 0, 0, board.Zone), route.From{})
	}
}
