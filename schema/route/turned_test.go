package route_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pbxsync/schema/route"
)

var october = time.Date(2026, 10, 28, 12, 0, 0, 0, time.UTC)

func turned(before, after *route.Board) []string {
	var got []string
	for _, x := range route.Turns(before, after, october) {
		line := x.String()
		if x.Cut {
			line = "! " + line
		}
		got = append(got, line)
	}
	return got
}

func wantTurns(t *testing.T, before, after *route.Board, want ...string) {
	t.Helper()
	if got := turned(before, after); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTurnedAnswers(t *testing.T) {
	change := func(pairs ...string) *route.Board { return board(t, strings.NewReplacer(pairs...).Replace(office)) }
	before := board(t, office)
	wantTurns(t, before, change())
	wantTurns(t, before, change("label: Alice", "label: Alicia"))
	wantTurns(t, before, change(`"4930100": {extension: "101"}`, `"4930100": {extension: null}`, `"4930102": {extension: "102"}`, `"4930102": {extension: "101"}`,
		`"4930105": {extension: "105"}`, `"4930105": {}`, `"4930103": {extension: "103"}`, `"4930103": {extension: null}`, `"4930199": {extension: null}`, `"4930199": {extension: "101"}`),
		"! 4930100: was Alice (101), will be nobody", "! 4930103: was 103, will be nobody", "4930102: was outside, 491711234567, will be Alice (101)", "4930199: was nobody, will be Alice (101)")
	wantTurns(t, before, change("phone: {hangup_timeout: 25,", "phone: {hangup_timeout: 25, vm_enabled: false,"),
		"4930100 and sales@acme.example, when nobody answers: was voicemail of Alice (101), will be nobody")
	wantTurns(t, before, change("  sales@acme.example", "  shop@acme.example"),
		"! sales@acme.example: was Alice (101), will be no number of the tenant", "shop@acme.example: was no number of the tenant, will be Alice (101)")
	wantTurns(t, before, change(`"104": {type: phone, status: blocked}`, `"104": {type: phone, status: active}`), "4930104: was nobody, as 104 is blocked, will be 104")
	wantTurns(t, before, change("settings: {timezone", "settings: {status: blocked, timezone"),
		"! 4930100 and sales@acme.example: was Alice (101), will be nobody, as the tenant is blocked", "! 4930102: was outside, 491711234567, will be nobody, as the tenant is blocked",
		"! 4930103: was 103, will be nobody, as the tenant is blocked", "! 4930105: was 105, will be nobody, as the tenant is blocked")
}

// Hours that move turn the answers of the times between.
func TestTurnedHours(t *testing.T) {
	before, longer := shop(t), shop(t)
	open := *longer.Hours[1]
	open.Spans = []route.Span{{Days: true, FirstDay: time.Monday, LastDay: time.Saturday, Begins: "08:00:00", Ends: "16:00:00"}}
	*longer.Hours[1] = open
	wantTurns(t, before, shop(t))
	wantTurns(t, before, longer, "4930, Tue-Fri 16:00-18:00: was 101, will be voicemail of 100", "4930, Sat 08:00-16:00: was voicemail of 100, will be 101")

	without := shop(t)
	without.Extension("100").Rules = without.Extension("100").Rules[1:]
	wantTurns(t, before, without, "4930, Mon 00:00-08:00, Mon 18:00-24:00: was hung up, will be voicemail of 100", "4930, Mon 08:00-18:00: was hung up, will be 101")

	always := shop(t)
	always.Extension("100").Rules = []*route.Rule{{Does: route.Hangup}}
	wantTurns(t, before, always, "! 4930, Tue 00:00-08:00, Tue-Thu 18:00-08:00, Fri 18:00 to Sun 24:00: was voicemail of 100, will be hung up",
		"! 4930, Tue-Fri 08:00-18:00: was 101, will be hung up")
}

// What depends on who calls is told with both.
func TestTurnedCallers(t *testing.T) {
	before, after := desk(), desk()
	rule := func(b *route.Board, to string) *route.Rule {
		r := sends(b, route.Transfer, to)
		r.Caller = &route.Caller{Anonymous: true}
		return r
	}
	before.Extension("100").Rules = []*route.Rule{rule(before, "101")}
	after.Extension("100").Rules = []*route.Rule{rule(after, "102")}
	wantTurns(t, before, after, "4930: was 101 for a caller without a number, 100 for any other caller, will be 102 for a caller without a number, 100 for any other caller")
}

// A number is told by what is known of it: where it leads is not in what was read, or goes
// round, no answer has turned.
func TestTurnedUnknown(t *testing.T) {
	before, after := desk(), desk()
	after.Number("4930").Unsaid = true
	wantTurns(t, before, after)
	wantTurns(t, after, before)
}

// Two boards of 10,000 numbers where one of 50 intervals has moved, and where all have.
func BenchmarkTurns(b *testing.B) {
	for name, moved := range map[string]int{"none": 0, "one": 1, "all": 50} {
		before, after := large(b), large(b)
		for _, h := range after.Hours[50-moved:] {
			h.Spans = append(slices.Clone(h.Spans), route.Span{Days: true, FirstDay: time.Sunday, LastDay: time.Sunday, Begins: "10:00:00", Ends: "11:00:00"})
		}
		for _, board := range []*route.Board{before, after} {
			for i, h := range board.Hours {
				h.Name = fmt.Sprint("Interval ", i)
			}
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				route.Turns(before, after, october)
			}
		})
	}
}
