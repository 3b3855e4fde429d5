package route_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pbxsync/schema/route"
)

// desk is a board of what has no kind yet, put together by hand.
func desk() *route.Board {
	b := &route.Board{Zone: time.UTC}
	for _, name := range []string{"100", "101", "102", "103", "200"} {
		b.Extensions = append(b.Extensions, &route.Extension{Source: route.Source{Address: "extension/" + name}, Name: name, Type: route.APhone, Phone: &route.Phone{}})
	}
	b.Index()
	b.Numbers = []*route.Number{{Source: route.Source{Address: "did/4930"}, Name: "4930", To: to(b, "100")}}
	b.Index()
	return b
}

func to(b *route.Board, number string) route.Target { return b.Target(number) }

func sends(b *route.Board, does string, numbers ...string) *route.Rule {
	r := &route.Rule{Does: does}
	for _, n := range numbers {
		r.To = append(r.To, route.Delayed{Target: to(b, n)})
	}
	return r
}

var night = &route.Hours{Name: "Night", Zone: time.UTC, Spans: []route.Span{{Begins: "20:00:00", Ends: "23:59:59"}}}

func walked(b *route.Board, from route.From) string {
	return told(b.Walker(time.Date(2026, 12, 24, 21, 0, 0, 0, time.UTC), from).Call(b.Number("4930")))
}

func TestRules(t *testing.T) {
	for name, one := range map[string]struct {
		from  route.From
		rules func(*route.Board, *route.Extension)
		want  string
	}{
		"the first whose hours are on": {rules: func(b *route.Board, e *route.Extension) {
			day := &route.Hours{Name: "Day", Zone: time.UTC, Spans: []route.Span{{Begins: "08:00:00", Ends: "18:00:00"}}}
			open := sends(b, route.Transfer, "101")
			open.Hours = day
			closed := &route.Rule{Name: "closed", Does: route.Play, Plays: "Closed", Hours: night}
			e.Rules = []*route.Rule{open, closed, sends(b, route.Transfer, "102")}
		}, want: "DID 4930\nrule 2 (closed) of 100, as Night is on\nplays Closed and ends"},
		"in vain, the rules behind": {rules: func(b *route.Board, e *route.Extension) {
			busy := &route.Rule{Does: route.Busy, After: route.Busy}
			e.Rules = []*route.Rule{sends(b, route.Transfer, "101"), busy, sends(b, route.Transfer, "102")}
			b.Extension("101").Phone.Voicemail = true
			b.Extension("102").Phone.Voicemail = true
		}, want: `DID 4930
rule 1 of 100
101 rings
  busy: rule 2 of 100
    the busy signal
  no answer: rule 3 of 100
    102 rings
      busy or no answer: voicemail of 102`},
		"after its own phone": {rules: func(b *route.Board, e *route.Extension) {
			r := sends(b, route.Transfer, "0171")
			r.After = route.NoAnswer
			e.Rules = []*route.Rule{r}
			e.Phone.Voicemail = true
		}, want: `DID 4930
100 rings
  busy: voicemail of 100
  no answer: rule 1 of 100
    leaves as 0171, as no dial rule list is said here; which number is shown is not said here`},
		"rules of who is called are not run": {rules: func(b *route.Board, e *route.Extension) {
			e.Rules = []*route.Rule{sends(b, route.SimpleTransfer, "101")}
			b.Extension("101").Rules = []*route.Rule{{Does: route.Busy}}
		}, want: "DID 4930\nrule 1 of 100\n101 rings\n  busy or no answer: nobody answers: the call ends"},
		"several, one later": {rules: func(b *route.Board, e *route.Extension) {
			e.Rules = []*route.Rule{sends(b, route.Cascade, "101", "102")}
			e.Rules[0].To[1].Delay = 10
		}, want: `DID 4930
rule 1 of 100
  101, at once: 101 rings
    busy or no answer: nobody answers: the call ends
  102, after 10 s: 102 rings
    busy or no answer: nobody answers: the call ends`},
		"a caller that is not named": {rules: callers, want: `DID 4930
rule 1 of 100 is for a caller matching ^\+?7812
  a caller matching ^\+?7812: rule 1 of 100
    hangs up
  any other caller: rule 2 of 100 is for a caller without a number
    a caller without a number: rule 2 of 100
      the busy signal
    any other caller: 100 rings
      busy or no answer: nobody answers: the call ends`},
		"a caller that matches":     {from: route.From{Number: "78121"}, rules: callers, want: "DID 4930\nrule 1 of 100\nhangs up"},
		"a caller that does not":    {from: route.From{Number: "4917"}, rules: callers, want: "DID 4930\n100 rings\n  busy or no answer: nobody answers: the call ends"},
		"a caller without a number": {from: route.From{Hidden: true}, rules: callers, want: "DID 4930\nrule 2 of 100\nthe busy signal"},
		"round and round": {rules: func(b *route.Board, e *route.Extension) {
			e.Rules = []*route.Rule{sends(b, route.Transfer, "101")}
			b.Extension("101").Rules = []*route.Rule{sends(b, route.Transfer, "100")}
		}, want: "DID 4930\nrule 1 of 100\nrule 1 of 101\nloop: back to rule 1 of 100"},
	} {
		t.Run(name, func(t *testing.T) {
			b := desk()
			one.rules(b, b.Extension("100"))
			same(t, walked(b, one.from), one.want)
		})
	}
}

func callers(_ *route.Board, e *route.Extension) {
	e.Rules = []*route.Rule{{Does: route.Hangup, Caller: &route.Caller{Pattern: `^\+?7812`}}, {Does: route.Busy, Caller: &route.Caller{Anonymous: true}}}
}

// Where no time is said, or hours are not in what was read, it depends on them.
func TestUnknownTime(t *testing.T) {
	b := desk()
	rule := &route.Rule{Does: route.Busy, Hours: &route.Hours{Name: "Night", Zone: time.UTC}}
	b.Extension("100").Rules = []*route.Rule{rule}
	want := `DID 4930
rule 1 of 100 is for the time of Night
  the time of Night: rule 1 of 100, as Night is on
    the busy signal
  any other time: 100 rings
    busy or no answer: nobody answers: the call ends`
	same(t, told(b.Walker(time.Time{}, route.From{}).Call(b.Number("4930"))), want)
	rule.Hours.Unread = true
	same(t, walked(b, route.From{}), want)
	rule.Caller = &route.Caller{Pattern: "^7"}
	same(t, walked(b, route.From{Number: "8"}), "DID 4930\n100 rings\n  busy or no answer: nobody answers: the call ends")
	same(t, walked(b, route.From{}), strings.ReplaceAll(strings.Replace(want, "any other time", "any other call", 1), "the time of Night", "a caller matching ^7 in the time of Night"))
}

func TestQueuesAndMenus(t *testing.T) {
	b := desk()
	e, q := b.Extension("100"), b.Extension("200")
	e.Type, q.Type = route.AMenu, route.AQueue
	inner := &route.Context{Name: "inner", Options: []*route.Option{{Key: "9", Steps: []*route.Action{{Does: "play_sound", Says: "play sound Bye"}}}}}
	outer := &route.Context{Name: "main", Options: []*route.Option{
		{Key: route.OnStart, Steps: []*route.Action{{Does: "play_sound", Says: "play sound Welcome"}}},
		{Key: "1", Steps: []*route.Action{{Does: route.Transfer, Says: "transfer", To: []route.Delayed{{Target: to(b, "200")}}}}},
		{Key: "2", Steps: []*route.Action{{Does: route.Jump, Says: "jump to context", Context: inner, Option: "9"}}},
		{Key: route.OnTimeout, Steps: []*route.Action{{Does: route.Jump, Says: "jump to context"}}},
		{Key: route.OnInvalid, Steps: []*route.Action{{Does: route.Hangup}}},
	}}
	e.Menu = &route.Menu{Entry: outer, Lifetime: 600}
	q.Queue = &route.Queue{Strategy: "ring-all", Unread: true, Waits: 60, Late: route.Exit{To: to(b, "100")}, Key: "*", Exit: route.Exit{To: to(b, "101")}, Leaves: true}
	same(t, walked(b, route.From{}), `DID 4930
menu 100
play sound Welcome
waits for a key in main
  key 1: transfer
    queue 200, ring-all: which agents it has is not known
      key *: 101 rings
        busy or no answer: nobody answers: the call ends
      after 60 s: loop: back to menu 100
      no agent can answer: nobody answers: the call ends
  key 2: jump to context
    play sound Bye
    hangs up
  no key: jump to context
    the level it jumps to is not there
  any other key: hangs up
  after 600 s in it: nobody answers: the call ends`)
}

// All paths of a tenant cost a bounded number of steps for each object, however they are linked: here
// every menu can be reached from every other.
func TestCostGrowsInALine(t *testing.T) {
	made := func(n int) int {
		b := &route.Board{Zone: time.UTC}
		for i := range n {
			name := fmt.Sprint(1000 + i)
			b.Extensions = append(b.Extensions, &route.Extension{Source: route.Source{Address: "extension/" + name}, Name: name, Type: route.AMenu})
		}
		b.Index()
		for i, e := range b.Extensions {
			main := &route.Context{Source: e.Source, Name: "main"}
			for key := range 10 {
				next := b.Extensions[(i*7+key)%n]
				main.Options = append(main.Options, &route.Option{Key: fmt.Sprint(key), Steps: []*route.Action{{Does: route.Transfer, Says: "transfer", To: []route.Delayed{{Target: route.Target{Extension: next}}}}}})
			}
			e.Menu = &route.Menu{Entry: main}
			b.Numbers = append(b.Numbers, &route.Number{Source: e.Source, Name: "49" + e.Name, To: route.Target{Extension: e}})
		}
		b.Index()
		w := b.Walker(time.Now(), route.From{})
		met := map[*route.Step]bool{}
		var meet func(*route.Step)
		meet = func(s *route.Step) {
			if !met[s] {
				met[s] = true
				for _, then := range s.Then() {
					meet(then.Step)
				}
			}
		}
		for _, number := range b.Numbers {
			meet(w.Call(number))
		}
		return w.Made
	}
	small, large := made(100), made(1000)
	if large > 10*small || small > 100*20 {
		t.Errorf("%d steps for 100 numbers, %d for 1000", small, large)
	}
}

func BenchmarkAllPaths(b *testing.B) {
	board := desk()
	for i := range 10000 {
		name := fmt.Sprint(100000 + i)
		e := &route.Extension{Source: route.Source{Address: "extension/" + name}, Name: name, Type: route.APhone, Phone: &route.Phone{Voicemail: true}}
		e.Rules = []*route.Rule{sends(board, route.Transfer, "101"), {Does: route.Play, Plays: "Closed", Hours: night}}
		board.Extensions = append(board.Extensions, e)
		board.Numbers = append(board.Numbers, &route.Number{Source: e.Source, Name: "49" + name, To: route.Target{Extension: e}})
	}
	board.Index()
	for b.Loop() {
		w := board.Walker(time.Unix(0, 0), route.From{})
		for _, n := range board.Numbers {
			w.Call(n).Lines()
		}
	}
}
