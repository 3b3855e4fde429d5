package proof

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// wide is a tenant with many independent steps and some that wait for others.
func wide(extensions int) string {
	var b strings.Builder
	b.WriteString(head + "extension_groups: {g0: {}, g1: {}, g2: {}, g3: {}}\ndefaults: {extension: {status: active}, phone: {record_enabled: false}}\nextensions:\n")
	for i := range extensions {
		fmt.Fprintf(&b, "  \"%d\": {type: phone, extension_group: g%d}\n", 100+i, i%4)
	}
	b.WriteString("agents:\n  local:\n")
	for i := range extensions / 4 {
		fmt.Fprintf(&b, "    a%d: {extension: \"%d\", events: [{event_type: agent-login, method: GET, url: \"https://a.example/%d\"}]}\n", i, 100+i, i)
	}
	b.WriteString("variables: {A: \"1\", B: \"2\"}\n")
	return b.String()
}

// Many calls at the same time; run with -race.
func TestParallel(t *testing.T) {
	b := testBox(t, simulator.Options{})
	b.options.Parallelism = 16
	_, p := b.apply(wide(40))
	if n := 4 + 40*2 + 10*2 + 1; len(p.Steps) != n {
		t.Errorf("%d steps, wanted %d", len(p.Steps), n)
	}
	b.apply(b.nothing())
	b.bare()
}

// start makes the plan of a state, without checks: what follows is about its run.
func (b *box) start(text string) *plan.Plan {
	b.Helper()
	_, p, err := b.look(b.parse(text))
	if err != nil {
		b.Fatalf("%v", err)
	}
	b.server.ResetCounts()
	return p
}

// run carries a plan out, whatever comes of it.
func (b *box) run(p *plan.Plan, stop <-chan struct{}) (*run.Summary, *witness) {
	b.Helper()
	rec := newWitness()
	sum, err := carriedOut(context.Background(), b.api, p, secret, b.options, stop, rec)
	if err != nil {
		b.Fatalf("%v", err)
	}
	if tried := sum.Done + sum.Failed; tried+sum.Skipped != len(p.Steps) {
		b.Errorf("%d steps, summary %+v", len(p.Steps), *sum)
	}
	return sum, rec
}

// skipped returns what was not tried: step number -> number of the step behind it, 0 for none.
func (r *witness) skipped() map[int]int {
	out := map[int]int{}
	for _, e := range r.events {
		if s, ok := e.(run.StepSkipped); ok {
			out[s.Step.Number] = 0
			if s.Because != nil {
				out[s.Step.Number] = s.Because.Number
			}
		}
	}
	return out
}

// dependents returns the numbers of the steps that need the given one.
func dependents(p *plan.Plan, number int) []int {
	all := []int{number}
	for _, s := range p.Steps {
		if slices.ContainsFunc(s.After, func(n int) bool { return slices.Contains(all, n) }) {
			all = append(all, s.Number)
		}
	}
	return all[1:]
}

func stepOf(t *testing.T, p *plan.Plan, line string) *plan.Step {
	t.Helper()
	for i := range p.Steps {
		if stepLines(p)[i] == line {
			return &p.Steps[i]
		}
	}
	t.Fatalf("no step %s in\n%s", line, steps(p))
	return nil
}

// hit lets f have the requests of one method whose body holds a text.
func (b *box) hit(method, text string, f func(w http.ResponseWriter, r *http.Request)) (calls func() int) {
	var mu gosync.Mutex
	n := 0
	b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != method {
			return false
		}
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if err != nil || !strings.Contains(string(body), text) {
			return false
		}
		mu.Lock()
		n++
		mu.Unlock()
		f(w, r)
		return true
	})
	return func() int { mu.Lock(); defer mu.Unlock(); return n }
}

// again finishes what a broken run left: the same files, the same end.
func (b *box) finish(text string) {
	b.Helper()
	b.server.Intercept(nil)
	b.apply(text)
}

func TestAFailedStepBlocksOnlyItsDependents(t *testing.T) {
	onBoth(t, aFailedStepBlocksOnlyItsDependents)
}

func aFailedStepBlocksOnlyItsDependents(t *testing.T, start func(*testing.T) *box) {
	for _, parallelism := range []int{1, 8} {
		b := start(t)
		b.options.Parallelism = parallelism
		p := b.start(wide(12))
		b.hit("POST", `"name":"101"`, func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, `{"message": "no such luck"}`, http.StatusBadRequest)
		})
		sum, rec := b.run(p, nil)
		failed := stepOf(t, p, "POST extension/101")
		want := dependents(p, failed.Number)
		if len(want) != 3 { // the phone, the agent, its event
			t.Fatalf("dependents %v of\n%s", want, steps(p))
		}
		if sum.Failed != 1 || sum.Skipped != len(want) || sum.Done != len(p.Steps)-1-len(want) || len(sum.Doubtful) > 0 || sum.Interrupted {
			t.Errorf("summary %+v", *sum)
		}
		if f := sum.Failures[0]; f.Step.Number != failed.Number || call.Status(f.Err) != 400 || f.Doubtful || !strings.Contains(f.Err.Error(), "no such luck") {
			t.Errorf("failure %+v", f)
		}
		for _, n := range want {
			if because, ok := rec.skipped()[n]; !ok || because != failed.Number {
				t.Errorf("step %d: skipped %v because of %d", n, ok, because)
			}
		}
		if len(rec.wrong) > 0 || b.server.Counts().Writes != sum.Done+1 {
			t.Errorf("%v, %+v", rec.wrong, b.server.Counts())
		}
		b.finish(wide(12))
	}
}

// A create whose answer is lost is not sent again on a guess: its outcome is unknown.
func TestALostAnswerIsDoubtful(t *testing.T) { onBoth(t, aLostAnswerIsDoubtful) }

func aLostAnswerIsDoubtful(t *testing.T, start func(*testing.T) *box) {
	for _, tt := range []struct {
		name string
		lose func(b *box) func(w http.ResponseWriter, r *http.Request)
	}{
		{"after it was done", func(b *box) func(w http.ResponseWriter, r *http.Request) {
			return func(_ http.ResponseWriter, r *http.Request) {
				b.server.Answer(nowhere{http.Header{}}, r)
				panic(http.ErrAbortHandler)
			}
		}},
		{"before it was done", func(*box) func(w http.ResponseWriter, r *http.Request) {
			return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		}},
		{"bad gateway", func(*box) func(w http.ResponseWriter, r *http.Request) {
			return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusBadGateway) }
		}},
		{"an answer without id", func(*box) func(w http.ResponseWriter, r *http.Request) {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintln(w, `{"name": "101"}`)
			}
		}},
		{"another object in the answer", func(*box) func(w http.ResponseWriter, r *http.Request) {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintln(w, `{"id": 77, "name": "12037*102"}`)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := start(t)
			p := b.start(wide(4))
			calls := b.hit("POST", `"name":"101"`, tt.lose(b))
			sum, _ := b.run(p, nil)
			if n := calls(); n != 1 {
				t.Errorf("the create was sent %d times", n)
			}
			lost := stepOf(t, p, "POST extension/101")
			if sum.Failed != 1 || len(sum.Doubtful) != 1 || sum.Doubtful[0].Number != lost.Number || !sum.Failures[0].Doubtful {
				t.Errorf("summary %+v", *sum)
			}
			if sum.Done != len(p.Steps)-1-len(dependents(p, lost.Number)) {
				t.Errorf("summary %+v", *sum)
			}
			b.finish(wide(4)) // reads first, so what was made is found and not made twice
			if n := b.count("extension"); n != 4 {
				t.Errorf("%d extensions", n)
			}
		})
	}
}

// nowhere is where a lost answer goes.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}

// An update or a delete may be sent again: it says the same thing twice.
func TestUpdatesAreRepeated(t *testing.T) { onBoth(t, updatesAreRepeated) }

func updatesAreRepeated(t *testing.T, start func(*testing.T) *box) {
	b := start(t)
	b.apply(wide(4))
	text := strings.ReplaceAll(wide(4), "type: phone, extension_group: g1", "type: phone, label: new, extension_group: g1")
	p := b.start(text)
	var failed atomic.Bool
	calls := b.hit("PUT", `"label":"new"`, func(w http.ResponseWriter, r *http.Request) {
		if !failed.Swap(true) {
			panic(http.ErrAbortHandler)
		}
		b.server.Answer(w, r)
	})
	sum, _ := b.run(p, nil)
	if sum.Done != len(p.Steps) || calls() != 2 || len(sum.Doubtful) > 0 {
		t.Errorf("%d calls, summary %+v", calls(), *sum)
	}
	b.finish(text)
}

// A delete of what somebody else deletes between the look and the call is done. One of
// what is still there, whatever the server says, is not.
func TestDeletedMeanwhile(t *testing.T) { onBoth(t, deletedMeanwhile) }

func deletedMeanwhile(t *testing.T, start func(*testing.T) *box) {
	for _, gone := range []bool{true, false} {
		b := start(t)
		b.apply(wide(4))
		text := strings.Replace(wide(4), "  a0:", "  a0: {absent: true}\n    # a0:", 1)
		p := b.start(text)
		calls := b.hit("DELETE", "", func(w http.ResponseWriter, r *http.Request) {
			if gone {
				b.server.Answer(nowhere{http.Header{}}, r)
				b.server.Answer(w, r)
				return
			}
			http.Error(w, `{"message": "Not found"}`, http.StatusNotFound)
		})
		sum, _ := b.run(p, nil)
		if n := calls(); n != 1 || (sum.Failed == 0) != gone || (sum.Done == len(p.Steps)) != gone {
			t.Errorf("gone %v: %d deletes, summary %+v", gone, n, *sum)
		}
		b.finish(text)
	}
}

// When stop is closed no further step is started; those under way are waited for.
func TestInterrupted(t *testing.T) {
	for _, parallelism := range []int{1, 4} {
		b := testBox(t, simulator.Options{})
		b.options.Parallelism = parallelism
		p := b.start(wide(12))
		stop := make(chan struct{})
		var once gosync.Once
		release := make(chan struct{})
		calls := 0
		var mu gosync.Mutex
		b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			mu.Lock()
			calls++
			full := calls == parallelism
			mu.Unlock()
			if full { // all that may be under way is
				once.Do(func() {
					close(stop)
					time.AfterFunc(20*time.Millisecond, func() { close(release) })
				})
			}
			<-release
			return false
		})
		sum, rec := b.run(p, stop)
		if !sum.Interrupted || sum.Done != parallelism || sum.Failed != 0 || calls != parallelism {
			t.Errorf("%d calls, summary %+v", calls, *sum)
		}
		if n := len(rec.skipped()); n != sum.Skipped || sum.Skipped != len(p.Steps)-parallelism {
			t.Errorf("%d skipped, summary %+v", n, *sum)
		}
		b.finish(wide(12))
	}
}

// A run that was stopped before it began makes no call.
func TestInterruptedAtOnce(t *testing.T) {
	b := testBox(t, simulator.Options{})
	p := b.start(wide(4))
	stop := make(chan struct{})
	close(stop)
	sum, _ := b.run(p, stop)
	if !sum.Interrupted || sum.Done != 0 || sum.Skipped != len(p.Steps) || b.server.Counts().Writes != 0 {
		t.Errorf("%+v, %+v", *sum, b.server.Counts())
	}
}

// calm waits until the server has done with what was under way.
func (b *box) calm() {
	for last, same := b.server.Counts(), 0; same < 10; {
		time.Sleep(20 * time.Millisecond)
		if now := b.server.Counts(); now != last {
			last, same = now, 0
		}
		same++
	}
}

// A cancelled context ends the run; what is not certain is doubtful.
func TestCancelled(t *testing.T) {
	b := testBox(t, simulator.Options{})
	b.options.Parallelism = 2
	p := b.start(wide(12))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.hit("POST", `"name":"101"`, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	})
	sum, err := carriedOut(ctx, b.api, p, secret, b.options, nil, nil)
	if err != nil || sum.Failed == 0 || sum.Done == len(p.Steps) {
		t.Fatalf("%v, %+v", err, *sum)
	}
	if !slices.ContainsFunc(sum.Doubtful, func(s *plan.Step) bool { return s.Changes[0] == "extension/101" }) {
		t.Errorf("not doubtful: %+v", *sum)
	}
	b.calm()
	b.finish(wide(12))
}

// All secrets are found before the first write, and every one that is missing is
// named at its place.
func TestSecretsFirst(t *testing.T) {
	b := testBox(t, simulator.Options{})
	text := head + `extension_groups: {g: {}}
users:
  client:
    alice: {name: A, status: active, access: full, email: a@acme.example, password: {env: A}}
    bob: {name: B, status: active, access: full, email: b@acme.example, password: {file: _s.yaml, key: b}}
    carl: {name: C, status: active, access: full, email: c@acme.example, password: {env: C}}
`
	p := b.start(text)
	find := func(ref schema.SecretRef) (string, error) {
		if ref.Env == "C" {
			return "found", nil
		}
		return "", fmt.Errorf("%s is not there", ref)
	}
	_, err := carriedOut(context.Background(), b.api, p, find, b.options, nil, nil)
	var ps schema.Problems
	if !errors.As(err, &ps) || len(ps) != 2 || ps[0].Place.Line == 0 || ps[0].Address != "client_user/alice" {
		t.Errorf("%v", err)
	}
	if n := b.server.Counts().Writes; n != 0 {
		t.Errorf("%d writes", n)
	}
	if data := string(b.bytes(p)); strings.Contains(data, "found") {
		t.Errorf("a secret in the plan")
	}
	b.finish(text)
}

// Killed anywhere: a run that stops after each number of steps is finished by
// another, and the tenant is the same.
func TestAnyCrashSameEnd(t *testing.T) {
	start := head + `extension_groups: {g: {}}
extensions: {"101": {type: phone, status: active, extension_group: g, phone: {record_enabled: false}}}
dids: {"493023125100": {extension: "101"}}
agents: {local: {L: {extension: "101"}}}
`
	end := head + `extension_groups: {g: {absent: true}, h: {}}
extensions:
  "101": {absent: true}
  "102": {type: phone, status: active, extension_group: h, phone: {record_enabled: true}}
dids: {"493023125100": {extension: "102"}}
agents: {local: {L: {absent: true}, M: {extension: "102", events: [{event_type: agent-login, method: GET, url: "https://a.example"}]}}}
variables: {A: "1"}
`
	crashAnywhere(t, start, end)
}

// The same where objects are renamed and made again.
func TestAnyCrashOfAReplaceSameEnd(t *testing.T) {
	crashAnywhere(t, head+`extension_groups: {a: {}, b: {}}
extensions:
  "101": {type: phone, status: active, extension_group: a, phone: {record_enabled: false}}
  "103": {type: ivr, status: active, extension_group: b}
dids: {"493023125100": {extension: "101"}, "493023125101": {extension: "103"}}
agents: {local: {L: {extension: "101"}, M: {extension: "103"}}}
users: {extension: {u: {name: U, extension: "101", status: active, access: full, email: a@acme.example, password: {env: A}}}}
`, head+`extension_groups: {b: {previously: [a]}, c: {previously: [b]}}
extensions:
  "101": {type: queue, status: active, extension_group: b, replaces: ["101"]}
  "104": {type: queue, status: active, extension_group: c, replaces: ["103"]}
dids: {"493023125100": {extension: "101"}, "493023125101": {extension: "104"}}
agents: {local: {L: {extension: "101"}, M: {extension: "104"}}}
users: {extension: {u: {name: U, extension: "101", status: active, access: full, email: a@acme.example, password: {env: A}}}}
`)
}

// crashAnywhere breaks a run off after each number of calls, once before the call
// and once after it, and lets another one finish it.
func crashAnywhere(t *testing.T, start, end string) {
	t.Helper()
	onBoth(t, func(t *testing.T, box func(*testing.T) *box) { crashEverywhere(t, box, start, end) })
}

func crashEverywhere(t *testing.T, box func(*testing.T) *box, start, end string) {
	t.Helper()
	crashAt(t, box, evidence.Quick(4, 1), start, end)
}

// crashAt breaks a run off after each call whose number is a multiple of every.
func crashAt(t *testing.T, box func(*testing.T) *box, every int, start, end string) {
	t.Helper()
	want := box(t)
	want.apply(start)
	want.apply(end)
	for i, loseAnswer := range []bool{false, true} {
		for after := i * every / 2; ; after += every {
			b := box(t)
			b.options.Parallelism = 1
			b.apply(start)
			p := b.start(end)
			if after > 3*len(p.Steps) { // each may be looked at before, and what goes with it
				break
			}
			var calls atomic.Int32
			b.server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				n := int(calls.Add(1))
				if n <= after {
					return false
				}
				if n == after+1 && loseAnswer {
					b.server.Answer(nowhere{http.Header{}}, r)
				}
				panic(http.ErrAbortHandler) // the server is gone for good
			})
			_, _ = carriedOut(context.Background(), b.api, p, secret, b.options, nil, nil)
			b.finish(end)
			is, due := b.snapshot(), want.snapshot()
			for _, k := range b.cat.Kinds {
				if x, y := len(is.of(k)), len(due.of(k)); x != y {
					t.Errorf("after %d steps: %d of %s, wanted %d", after, x, k.Word, y)
				}
			}
		}
	}
}
