package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/evidence"
)

// The rows of the table of faults that the client answers for. Each function
// makes all the cases of its row and counts those that came out right.
var faults = []struct {
	row  int
	name string
	run  func(*testing.T) *tally
}{
	{5, "an answer dropped, with and without a commit", faultDropped},
	{7, "429 with every Retry-After", faultRetryAfter},
	{8, "bursts of 5xx", faultBursts},
	{9, "slow servers", faultSlow},
	{10, "answers cut at every byte", faultCut},
	{11, "answers that are none", faultNonsense},
	{12, "tokens expired and revoked", faultTokens},
	{13, "pages", faultPages},
	{21, "redirects, cookies and huge heads", faultHostile},
}

// tally is what came of the cases of a row.
type tally struct {
	tried, right int
	figure       string // what the row is published with
	wrong        []string
}

func (a *tally) note(right bool, format string, args ...any) {
	a.tried++
	if right {
		a.right++
	} else if len(a.wrong) < 5 {
		a.wrong = append(a.wrong, fmt.Sprintf(format, args...))
	}
}

func TestFaults(t *testing.T) {
	for _, f := range faults {
		t.Run(fmt.Sprintf("row %d", f.row), func(t *testing.T) {
			a := f.run(t)
			t.Logf("%s: %d of %d right; %s", f.name, a.right, a.tried, a.figure)
			evidence.Add(t, evidence.Note{Row: fmt.Sprint(f.row), Tried: a.tried, Right: a.right, Figure: fmt.Sprintf("%s: %s", f.name, a.figure)})
			if a.right != a.tried || a.tried == 0 {
				t.Errorf("%s: %d of %d right:\n%s", f.name, a.right, a.tried, strings.Join(a.wrong, "\n"))
			}
		})
	}
}

var allMethods = []string{"GET", "PUT", "POST", "DELETE"}

// faultDropped: the answer to a call is lost, before or after the server did what
// it says. A POST is sent once and doubtful; all others are sent again.
func faultDropped(t *testing.T) *tally {
	a := &tally{}
	posts, lost := 0, 0
	for i := range 120 {
		for _, method := range allMethods {
			drops, commits := 1+i%3, i%2 == 0
			seen, done := 0, 0
			s := &clockwork{reply: func(n int, at time.Duration) *http.Response {
				seen++
				if n <= drops && !commits {
					return nil
				}
				done++
				if n <= drops {
					return nil
				}
				return reply(200, `{"id":1}`)
			}}
			virtual(t, Config{}, s, func(t *testing.T, c *Client) {
				_, err := ask(t.Context(), c, method)
				if method != http.MethodPost {
					a.note(err == nil && seen == drops+1, "%s dropped %d times: seen %d times, %v", method, drops, seen, err)
					return
				}
				posts, lost = posts+seen, lost+1
				e, _ := err.(*Error)
				a.note(e != nil && e.Doubtful && seen == 1, "POST dropped: seen %d times, %v", seen, err)
			})
		}
	}
	a.figure = fmt.Sprintf("POSTs sent for each lost one: %.3f", float64(posts)/float64(lost))
	return a
}

// faultRetryAfter: whatever a 429 names, nothing is sent in the window, no wait is
// longer than two minutes and none too short.
func faultRetryAfter(t *testing.T) *tally {
	a := &tally{}
	const unnamed = 10 * time.Second
	inside, longest := 0, time.Duration(0)
	for _, f := range []struct {
		value  string
		window time.Duration // above two minutes: an error
	}{
		{"", unnamed}, {"0", unnamed}, {"-1", unnamed}, {"abc", unnamed}, {"NaN", unnamed}, {"-Inf", unnamed}, {"1,5", unnamed}, {"10 s", unnamed},
		{"Sat, 21 Oct 1995 07:28:00 GMT", unnamed}, {"-9223372036854775808", unnamed}, {"1e-400", unnamed},
		{"1", time.Second}, {"1.5", 1500 * time.Millisecond}, {"1e1", unnamed}, {"120", 2 * time.Minute},
		{"121", 121 * time.Second}, {"3600", time.Hour}, {"999999999", maxNamed}, {"9999999999", maxNamed}, {"9223372036854775807", maxNamed},
		{"1e300", maxNamed}, {"1e400", maxNamed}, {"Inf", maxNamed}, {"Mon, 21 Oct 2999 07:28:00 GMT", maxNamed},
	} {
		for _, method := range allMethods {
			s := &clockwork{took: 10 * time.Millisecond, reply: func(n int, at time.Duration) *http.Response {
				if n == 1 {
					return reply(429, `{"message":"busy"}`, "Retry-After", f.value)
				}
				return reply(200, `{"id":1}`)
			}}
			virtual(t, Config{}, s, func(t *testing.T, c *Client) {
				var others sync.WaitGroup
				others.Go(func() {
					time.Sleep(25 * time.Millisecond)
					many(c, 5, "PUT")
				})
				_, err := ask(t.Context(), c, method)
				took := time.Since(s.start)
				others.Wait()
				end, early := s.seen[0]+s.took+f.window, 0
				for _, at := range s.seen[1:] {
					if at < end && at > s.seen[0]+s.took {
						early++
					}
				}
				inside, longest = inside+early, max(longest, took)
				ok := early == 0 && took < 4*time.Minute
				if f.window > maxHeed {
					ok = ok && err != nil && strings.Contains(err.Error(), "Retry-After: "+f.value) && len(s.seen) == 1
				} else {
					ok = ok && err == nil && len(s.seen) == 7
				}
				a.note(ok, "%s, Retry-After %q: %d early, %d calls, took %v, %v", method, f.value, early, len(s.seen), took, err)
			})
		}
	}
	a.figure = fmt.Sprintf("requests inside a window: %d; longest wait %v", inside, longest.Round(time.Second))
	return a
}

// faultBursts: a number of 5xx, in a row or one on each second call, somewhere in a
// run of 200 calls.
func faultBursts(t *testing.T) *tally {
	a := &tally{}
	const calls = 200
	worst := 0.0
	for n := 0; n < 500; n += evidence.Quick(7, 1) {
		burst, from, every := 1+n/10, 1+n%10/2*calls/5, 1+n%2
		seen, row, after := 0, 0, 0
		posts := map[string]int{}
		s := &bursts{each: func(r *http.Request) *http.Response {
			seen++
			if r.Method == http.MethodPost {
				posts[r.URL.Path]++
			}
			if row >= maxRow {
				after++
			}
			if seen < from || seen >= from+burst*every || (seen-from)%every > 0 {
				return reply(200, `{"id":1}`)
			}
			row += 2 - every
			return reply([]int{500, 502, 503, 504}[seen%4], `{"message":"oops"}`)
		}}
		doubts := 0
		synctest.Test(t, func(t *testing.T) {
			c := client(t, Config{Endpoint: "https://pbx.example", Transport: s, RetryBase: 500 * time.Millisecond})
			for i := range calls {
				_, err := c.Send(t.Context(), []string{"POST", "PUT", "DELETE", "PUT"}[i%4], fmt.Sprintf("/x/%d", i+1), nil)
				if e, ok := err.(*Error); ok && e.Doubtful {
					doubts++
				}
			}
		})
		twice := 0
		for _, n := range posts {
			twice += n - 1
		}
		ratio := float64(seen) / calls
		worst = max(worst, ratio)
		a.note(ratio <= 1.10 && twice == 0 && after == 0 && (burst < maxRow || doubts > 0),
			"burst of %d from %d on each %d: amplification %.2f, %d POSTs twice, %d calls after the breaker, %d doubtful", burst, from, every, ratio, twice, after, doubts)
	}
	a.figure = fmt.Sprintf("worst amplification %.3f", worst)
	return a
}

// bursts is a transport that also answers for the token.
type bursts struct {
	each func(*http.Request) *http.Response
}

func (s *bursts) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/oauth/token" {
		return reply(200, goodToken), nil
	}
	return s.each(r), nil
}

// faultTokens: a token that is refused from some call on, lives of every kind, and
// servers that take no token any more.
func faultTokens(t *testing.T) *tally {
	a := &tally{}
	most := 0
	run := func(name, life string, calls int, gap time.Duration, good func(call, token int) bool, tokens, failed int) {
		synctest.Test(t, func(t *testing.T) {
			got, seen := 0, 0
			done := map[string]int{}
			c := client(t, Config{Endpoint: "https://pbx.example", RetryBase: 500 * time.Millisecond, Transport: both(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == "/oauth/token" {
					got++
					return reply(200, fmt.Sprintf(`{"access_token":"t%d"%s}`, got, life)), nil
				}
				seen++
				var with int
				fmt.Sscanf(r.Header.Get("Authorization"), "Bearer t%d", &with)
				if !good(seen, with) {
					return reply(401, `{"message":"expired"}`), nil
				}
				done[r.URL.Path]++
				return reply(200, `{"id":1}`), nil
			})})
			errs := 0
			for i := range calls {
				if _, err := c.Send(context.Background(), []string{"POST", "PUT", "DELETE"}[i%3], fmt.Sprintf("/x/%d", i+1), nil); err != nil {
					errs++
				}
				time.Sleep(gap)
			}
			twice := 0
			for _, n := range done {
				twice += n - 1
			}
			most = max(most, got)
			a.note(got == tokens && errs == failed && twice == 0, "%s: %d tokens, want %d; %d errors, want %d; %d twice", name, got, tokens, errs, failed, twice)
		})
	}
	for k := 1; k <= 200; k++ {
		run(fmt.Sprintf("revoked at call %d", k), `,"expires_in":3600`, 200, 0, func(call, token int) bool { return call < k || token > 1 }, 2, 0)
	}
	always := func(int, int) bool { return true }
	for _, f := range []struct {
		life   string
		tokens int
	}{{``, 1}, {`,"expires_in":null`, 1}, {`,"expires_in":0`, 1}, {`,"expires_in":-1`, 1}, {`,"expires_in":100`, 2}, {`,"expires_in":"100"`, 2}, {`,"expires_in":999999999999`, 1}} {
		run("life"+f.life, f.life, 10, 10*time.Second, always, f.tokens, 0)
	}
	for k := 1; k <= 50; k++ { // no token is taken from call k on
		run(fmt.Sprintf("none taken from call %d", k), ``, 60, 0, func(call, token int) bool { return call < k }, 2, 61-k)
	}
	a.figure = fmt.Sprintf("most tokens asked for in a run: %d", most)
	return a
}
