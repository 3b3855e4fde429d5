package api

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

// The pace in numbers: half after a short window and up the ramp to where it was, a goal below
// that where the next window comes soon, and the slow pace without a window.
func TestPaceInNumbers(t *testing.T) {
	for name, test := range map[string]struct {
		limit float64
		want  string
	}{
		"no limit": {0, `
good free, good free, good free
busy, shut 1s, at 7.50
up 7.50, up 7.50, up 7.50, up 8.75, up 10.00, up 11.25, up 12.51, up 13.76
busy, shut 1s, at 6.88
soon 6.88, soon 6.88, soon 6.88, soon 7.79, soon 8.71, soon 9.63, soon 10.55, soon 11.46
busy, shut 10s, at 1.00
busy, shut 20s, at 0.50
slow 0.51, slow 0.52, slow 0.54, slow 0.55
calm 0.60, calm 0.65, calm 0.70
busy, shut 5s, at 1.00
busy, shut 5.000000001s, at 0.50
end 0.51, end 0.52, end 0.54, end 0.55
after 990 answers free`},
		"20 a second": {20, `
good 20.00, good 20.00, good 20.00
busy, shut 1s, at 10.00
up 10.00, up 10.00, up 10.00, up 11.67, up 13.33, up 15.00, up 16.67, up 18.33
busy, shut 1s, at 9.17
soon 9.17, soon 9.17, soon 9.17, soon 10.39, soon 11.61, soon 12.83, soon 14.06, soon 15.28
busy, shut 10s, at 1.00
busy, shut 20s, at 0.50
slow 0.51, slow 0.52, slow 0.54, slow 0.55
calm 0.60, calm 0.65, calm 0.70
busy, shut 5s, at 1.00
busy, shut 5.000000001s, at 0.50
end 0.51, end 0.52, end 0.54, end 0.55
after 389 answers 20.00`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPacer(Config{Rate: test.limit, RetryBase: 500 * time.Millisecond}, func(time.Duration) {})
				var b strings.Builder
				note := func(what string) {
					if limit := p.limiter.Limit(); limit == rate.Inf {
						fmt.Fprintf(&b, "%s free, ", what)
					} else {
						fmt.Fprintf(&b, "%s %.2f, ", what, float64(limit))
					}
				}
				answers := func(what string, n int, every time.Duration) {
					for range n {
						time.Sleep(every)
						p.good(time.Now())
						note(what)
					}
					fmt.Fprintln(&b)
				}
				busy := func(named time.Duration) {
					time.Sleep(time.Millisecond)
					fmt.Fprintf(&b, "busy, shut %v, ", p.tooMany(time.Now(), named))
					note("at")
					fmt.Fprintln(&b)
				}
				answers("good", 3, 100*time.Millisecond)
				busy(time.Second)
				answers("up", 8, rampTime/6)
				busy(time.Second)
				answers("soon", 8, rampTime/6)
				busy(0)
				busy(0)
				answers("slow", 4, time.Second)
				time.Sleep(calm)
				answers("calm", 3, time.Second)
				busy(shortWindow)
				busy(shortWindow + 1)
				answers("end", 4, time.Second)
				time.Sleep(calm)
				n := 0
				for ; n < 1000 && p.limiter.Limit() < p.top; n++ {
					time.Sleep(time.Second)
					p.good(time.Now())
				}
				note(fmt.Sprintf("after %d answers", n))
				if got := strings.TrimSpace(strings.ReplaceAll(b.String()+"\n", ", \n", "\n")); got != strings.TrimSpace(test.want) {
					t.Errorf("got\n%s\nwanted\n%s", got, test.want)
				}
			})
		})
	}
}

// A call that is asked to rest for no time at all does not rest, nor does one that is stopped.
func TestRestsOnlyForATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rested []time.Duration
		p := newPacer(Config{RetryBase: time.Second}, func(d time.Duration) { rested = append(rested, d) })
		for _, d := range []time.Duration{-1, 0, 1} {
			if err := p.rest(t.Context(), d); err != nil {
				t.Error(err)
			}
		}
		if len(rested) != 1 || rested[0] != 1 {
			t.Errorf("%v", rested)
		}
	})
}

// Calls go one by one at the rate, also the first two.
func TestNoBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Config{Rate: 1, RetryBase: time.Second}, func(time.Duration) {})
		start := time.Now()
		for n := range 4 {
			if e := p.wait(t.Context()); e != nil {
				t.Fatal(e)
			}
			if took, want := time.Since(start).Round(time.Millisecond), time.Duration(n)*time.Second; took != want {
				t.Errorf("call %d went after %v, want %v", n+1, took, want)
			}
		}
	})
}

// Two short windows that lie a minute apart have nothing to do with each other.
func TestWindowsAMinuteApart(t *testing.T) {
	for apart, want := range map[time.Duration]float64{calm: 20, calm - 1: 0.9 * 20} {
		synctest.Test(t, func(t *testing.T) {
			p := newPacer(Config{Rate: 20, RetryBase: 500 * time.Millisecond}, func(time.Duration) {})
			time.Sleep(time.Millisecond)
			p.tooMany(time.Now(), time.Second)
			time.Sleep(apart - time.Second)
			p.good(time.Now()) // up the ramp
			time.Sleep(time.Second)
			p.tooMany(time.Now(), time.Second)
			if got := float64(p.ramp.goal); got != want {
				t.Errorf("%v apart: back to %v, want %v", apart, got, want)
			}
			if got := float64(p.limiter.Limit()); got != 10 {
				t.Errorf("%v apart: on at %v", apart, got)
			}
		})
	}
}

// Of those who wait one goes by the pace and the others wait behind it, so that a pace which
// is lowered meanwhile holds for them.
func TestOneWaitsForThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(Config{Rate: 1, RetryBase: time.Second}, func(time.Duration) {})
		start, went := time.Now(), make(chan time.Duration)
		for range 3 {
			go func() {
				if e := p.wait(t.Context()); e != nil {
					t.Error(e)
				}
				went <- time.Since(start)
			}()
		}
		first := <-went
		synctest.Wait()
		p.limiter.SetLimit(0.1)
		if second, third := <-went, <-went; first != 0 || second != time.Second || third < 10*time.Second {
			t.Errorf("%v %v %v", first, second, third)
		}
	})
}

// A meter that has seen one moment only tells no pace: nothing can be said of a time of none.
func TestAMeterOfOneMoment(t *testing.T) {
	m := meter{}
	if m.note(time.Unix(1, 0)); m.pace() != 0 {
		t.Errorf("a pace of %v after one call", m.pace())
	}
	if m.note(time.Unix(2, 0)); m.pace() <= 0 {
		t.Errorf("a pace of %v after two calls in a second", m.pace())
	}
}
