package answer_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/report"
	"pbxsync/internal/report/answer"
	"pbxsync/schema/route"
)

func week(t *testing.T, spans ...route.Span) string {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	b := &route.Board{Zone: berlin, Zoned: true}
	e := &route.Extension{Source: route.Source{Address: "extension/101"}, Name: "101", Label: "Alice", Type: route.APhone, Unread: []string{"events"}}
	h := &route.Hours{Name: "Open", Zone: berlin, Spans: spans}
	b.Hours = []*route.Hours{h}
	e.Rules = []*route.Rule{{Does: route.SimpleTransfer, To: []route.Delayed{{Target: route.Target{Extension: e}}}, Hours: h}, {Does: route.Hangup}}
	b.Extensions = []*route.Extension{e}
	b.Numbers = []*route.Number{{Name: "4930100", To: route.Target{Extension: e}}, {Name: "4930101", To: route.Target{Extension: e}}, {Name: "4930199"}}
	b.Index()
	var out bytes.Buffer
	answer.WeekText(report.NewPrinter(&out, false), answer.OfWeek(b, b.WeekOf(time.Date(2026, 12, 24, 18, 10, 0, 0, berlin), route.From{}), nil))
	return out.String()
}

func TestWeekText(t *testing.T) {
	workdays := func(begins, ends string) route.Span {
		return route.Span{Days: true, FirstDay: time.Monday, LastDay: time.Friday, Begins: begins, Ends: ends}
	}
	for name, one := range map[string]struct {
		spans []route.Span
		want  string
	}{
		"office hours": {[]route.Span{workdays("09:00:00", "18:00:00")}, `
week of Monday 21 December 2026 (Europe/Berlin), a column is 3 hours; - is a gap
4930100 and 4930101:
    Mon      Tue      Wed      Thu      Fri      Sat      Sun
    ---aaa-- ---aaa-- ---aaa-- ---aaa-- ---aaa-- -------- --------
    - hung up: Mon 00:00-09:00, Mon-Thu 18:00-09:00, Fri 18:00 to Sun 24:00
    a Alice (101): Mon-Fri 09:00-18:00
- 4930199: always nobody
is not followed: events of Alice (101)
3 numbers, 3 with a gap
`},
		"a lunch break, and whole days": {[]route.Span{workdays("00:00:00", "11:59:59"), workdays("13:00:00", "23:59:59"), {Days: true, FirstDay: time.Saturday, LastDay: time.Sunday}}, `
week of Monday 21 December 2026 (Europe/Berlin), a column is 3 hours; - is a gap
4930100 and 4930101:
    Mon      Tue      Wed      Thu      Fri      Sat      Sun
    aaaa-aaa aaaa-aaa aaaa-aaa aaaa-aaa aaaa-aaa aaaaaaaa aaaaaaaa
    a Alice (101): Mon 00:00-12:00, Mon-Thu 13:00-12:00, Fri 13:00 to Sun 24:00
    - hung up: Mon-Fri 12:00-13:00
- 4930199: always nobody
is not followed: events of Alice (101)
3 numbers, 3 with a gap
`},
		"always": {[]route.Span{{}}, `
week of Monday 21 December 2026 (Europe/Berlin), a column is 3 hours; - is a gap
4930100 and 4930101: always Alice (101)
- 4930199: always nobody
is not followed: events of Alice (101)
3 numbers, 1 with a gap
`},
	} {
		if got := week(t, one.spans...); strings.TrimSpace(got) != strings.TrimSpace(one.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, one.want)
		}
	}
}
