package zone

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestOf(t *testing.T) {
	for _, pair := range [][2]string{{"Europe/Kiev", "Europe/Kyiv"}, {"Asia/Calcutta", "Asia/Kolkata"}, {"US/Eastern", "America/New_York"}} {
		if Of(pair[0]) != Of(pair[1]) {
			t.Errorf("%v: %s and %s", pair, Of(pair[0]), Of(pair[1]))
		}
	}
	for _, pair := range [][2]string{{"Europe/Kyiv", "Europe/Riga"}, {"UTC", "Europe/London"}} {
		if Of(pair[0]) == Of(pair[1]) {
			t.Errorf("%v are one", pair)
		}
	}
}

// A link is the same zone by the rules of the zones: it has the same time all along, and
// what it leads to is no link.
func TestLinks(t *testing.T) {
	if len(table()) < 100 {
		t.Errorf("%d links", len(table()))
	}
	for from, to := range table() {
		a, errA := time.LoadLocation(from)
		b, errB := time.LoadLocation(to)
		if Of(to) != to || errA != nil || errB != nil {
			t.Errorf("%s to %s: %v, %v", from, to, errA, errB)
			continue
		}
		for at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2027; at = at.AddDate(0, 0, 7) {
			if at.In(a).Format(time.DateTime) != at.In(b).Format(time.DateTime) {
				t.Errorf("%s and %s differ on %s", from, to, at.Format(time.DateOnly))
				break
			}
		}
	}
}
