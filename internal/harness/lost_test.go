package harness

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/faults"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
)

var oneAtATime = []string{"--parallelism", "1"}

// postsOf returns the POSTs of a run without a fault, in their order.
func postsOf(t *testing.T, s *scene) []simulator.Record {
	t.Helper()
	var out []simulator.Record
	bubble(t, func(t *testing.T) {
		w := newWorld(t, s)
		w.args = oneAtATime
		w.apply(nil)
		out = w.posts()
	})
	return out
}

// posts are those that the program has sent so far.
func (w *world) posts() []simulator.Record {
	return slices.DeleteFunc(slices.Clone(w.records), func(r simulator.Record) bool {
		return r.What != simulator.RecordCall || r.Method != http.MethodPost
	})
}

// batch reports whether a POST writes all objects of a kind, so that it may be repeated.
func batch(r simulator.Record) bool {
	k := schema.Builtin().Kind(r.Kind)
	return k != nil && k.Behaviour == schema.ManyInOneCall
}

// carriedOut are the ways in which the answer to a call that was carried out is lost.
func carriedOut(dice *rand.Rand) faults.Rule {
	return []faults.Rule{
		{Do: faults.Drop, Commit: true},
		{Do: faults.Status, Status: 502, Commit: true},
		{Do: faults.Status, Status: 302, Location: "http://elsewhere.example/", Commit: true},
		{Do: faults.Truncate, Bytes: 1 + dice.IntN(40), Framing: []string{faults.FramingLength, faults.FramingChunked, faults.FramingClose}[dice.IntN(3)]},
		{Do: faults.Content, As: []string{faults.AsHTML, faults.AsEmpty, faults.AsXML, faults.AsNull, faults.AsObject, faults.AsTrailing}[dice.IntN(6)]},
		{Do: faults.Delay, Wait: faults.Never},
	}[dice.IntN(6)]
}

// notDone are the ways in which a call is lost and not its answer alone.
func notDone(dice *rand.Rand) faults.Rule {
	return []faults.Rule{{Do: faults.Drop}, {Do: faults.Status, Status: 503}, {Do: faults.Content, As: faults.AsHTML, Lost: true}}[dice.IntN(3)]
}

// lostCases are each POST by itself, and pairs of them.
func lostCases(posts, sampled int, dice *rand.Rand) [][]int {
	var out [][]int
	for i := range posts {
		out = append(out, []int{i + 1})
	}
	for range sampled {
		a, b := 1+dice.IntN(posts), 1+dice.IntN(posts)
		if a != b {
			out = append(out, []int{a, b})
		}
	}
	return out
}

func rulesAt(at []int, draw func() faults.Rule) []faults.Rule {
	var rules []faults.Rule
	for _, n := range at {
		r := draw()
		r.On, r.At = []string{http.MethodPost}, []int{n}
		rules = append(rules, r)
	}
	return rules
}

// sum adds up over worlds that are played at the same time.
type sum struct {
	mu sync.Mutex
	n  map[string]int
}

// violations counts them by their invariants.
func (s *sum) violations(all []Violation) {
	for _, v := range all {
		s.add(v.Invariant, 1)
	}
}

func (s *sum) add(what string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == nil {
		s.n = map[string]int{}
	}
	s.n[what] += n
}

// TestAnswerLost loses the answer to creates that were carried out. They are found and
// never sent again, in the same run.
func TestAnswerLost(t *testing.T) {
	s := sceneOf(t, "tenant")
	posts := postsOf(t, s)
	cases := lostCases(len(posts), evidence.Size(evidence.Quick(6, 15), 500), diceOf("pairs", 0))
	var total sum
	right := each(t, len(cases), func(t *testing.T, i int, v *verdict) {
		dice := diceOf("lost", i)
		w := newWorld(t, s)
		w.args = oneAtATime
		rules := rulesAt(cases[i], func() faults.Rule { return carriedOut(dice) })
		w.rehearse(1, rules...)
		first := w.apply(nil)
		total.add("sent", len(w.posts()))
		total.add("made", len(w.creates()))
		total.add("batches", len(w.posts())-len(slices.DeleteFunc(w.posts(), batch)))
		w.recover()
		w.judge(v, "%+v", rules)
		if repeated := slices.ContainsFunc(cases[i], func(n int) bool { return batch(posts[n-1]) }); !repeated && first.Exit != 0 {
			v.errorf("%+v: the first run ended with %d\n%s", rules, first.Exit, first.Output)
		}
		w.sim.Heal()
	})
	sent, made := total.n["sent"]-total.n["batches"], total.n["made"]
	evidence.Add(t, evidence.Note{Row: "4", Tried: len(cases), Right: right, Figure: fmt.Sprintf("POSTs sent / objects created = %.3f", float64(sent)/float64(made))})
	if sent != made {
		t.Errorf("%d POSTs made %d objects", sent, made)
	}
}

// creates are the objects that the program has made, by id.
func (w *world) creates() map[int64]bool {
	h := &History{Before: w.before, Wanted: w.scene.wanted, After: w.before, Records: w.records}
	return h.created()
}

// TestCallLost loses creates before they are carried out. After the time in which they
// could still be, they are sent once more.
func TestCallLost(t *testing.T) {
	s := sceneOf(t, "tenant")
	posts := postsOf(t, s)
	cases := lostCases(len(posts), evidence.Size(evidence.Quick(5, 10), 500), diceOf("pairs", 1))
	var total sum
	right := each(t, len(cases), func(t *testing.T, i int, v *verdict) {
		dice := diceOf("not done", i)
		w := newWorld(t, s)
		w.args = oneAtATime
		rules := rulesAt(cases[i], func() faults.Rule { return notDone(dice) })
		if len(rules) == 2 && rules[1].At[0] > rules[0].At[0] {
			rules[1].At[0]++ // behind the repeat of the first
		}
		w.rehearse(1, rules...)
		w.apply(nil)
		w.recover()
		total.add("drops", len(rules))
		total.add("more", len(w.posts())-len(posts))
		w.judge(v, "%+v", rules)
	})
	evidence.Add(t, evidence.Note{Row: "5", Tried: len(cases), Right: right, Figure: fmt.Sprintf("POSTs per drop = %.3f", 1+float64(total.n["more"])/float64(total.n["drops"]))})
	if total.n["more"] != total.n["drops"] {
		t.Errorf("%d POSTs were lost, and %d more sent", total.n["drops"], total.n["more"])
	}
}

// TestLate has creates carried out after their client was told nothing. Within the time
// that the program waits they are found; later, there are two, and it says so.
func TestLate(t *testing.T) {
	s := sceneOf(t, "tenant")
	posts := postsOf(t, s)
	n := evidence.Size(evidence.Quick(12, 30), 600)
	var total sum
	right := each(t, n, func(t *testing.T, i int, v *verdict) {
		dice := diceOf("late", i)
		at := 1 + dice.IntN(len(posts))
		after := 100*time.Millisecond + time.Duration(dice.Int64N(int64(settle-1100*time.Millisecond)))
		tooLate := i%4 == 3
		if tooLate {
			after = settle + 5*time.Second + time.Duration(dice.Int64N(int64(settle-10*time.Second)))
		}
		w := newWorld(t, s)
		w.args = oneAtATime
		w.rehearse(1, faults.Rule{On: []string{http.MethodPost}, At: []int{at}, Do: faults.Drop, After: after})
		first := w.apply(nil)
		if tooLate {
			time.Sleep(2 * settle)
			doubles := w.doubles()
			total.add("too late", 1)
			total.add("two", doubles)
			if first.Exit == 7 {
				total.add("found", doubles)
			}
			found := first.Exit == 0 && doubles == 0 || first.Exit == 7 && doubles == 1
			if !found && !batch(posts[at-1]) {
				v.errorf("POST %d carried out %v late: exit %d with %d doubles\n%s", at, after, first.Exit, doubles, first.Output)
			}
			return
		}
		total.add("in time", 1)
		w.recover()
		w.judge(v, "POST %d carried out %v late", at, after)
		total.add("two in time", w.doubles())
		if len(w.posts()) != len(posts) && !batch(posts[at-1]) {
			v.errorf("POST %d carried out %v late: %d POSTs for %d", at, after, len(w.posts()), len(posts))
		}
	})
	evidence.Add(t, evidence.Note{Row: "6", Tried: n, Right: right, Figure: fmt.Sprintf("in time: %d, doubles %d; later: %d, doubles %d, of these found (exit 7): %d; %s",
		total.n["in time"], total.n["two in time"], total.n["too late"], total.n["two"], total.n["found"], curve(t, s, len(posts)))})
}

// doubles counts the own objects that are there more often than wanted.
func (w *world) doubles() int {
	_, extra := missing(w.scene.wanted.Canonical(), w.image().Canonical())
	return len(extra)
}

// curve tells how many doubles there are when the program waits shorter than a create
// may be late.
func curve(t *testing.T, s *scene, posts int) string {
	n := evidence.Size(evidence.Quick(4, 8), 100)
	text := "doubles by S, for commits up to a minute late:"
	for quarter := range 5 {
		wait := max(time.Second, time.Duration(quarter)*settle/4)
		var total sum
		each(t, n, func(t *testing.T, i int, _ *verdict) {
			dice := diceOf("curve", i)
			w := newWorld(t, s)
			w.args = append([]string{"--settle", wait.String()}, oneAtATime...)
			after := time.Duration(1 + dice.Int64N(int64(settle-time.Second)))
			w.rehearse(1, faults.Rule{On: []string{http.MethodPost}, At: []int{1 + dice.IntN(posts)}, Do: faults.Drop, After: after})
			w.apply(nil)
			time.Sleep(2 * settle)
			total.add("doubles", w.doubles())
		})
		text += fmt.Sprintf(" %v %d/%d", wait, total.n["doubles"], n)
	}
	return text
}

var settleCommand = regexp.MustCompile(`pbxsync settle (\S+) (\d+) --adopt ID, or --forget`)

// TestUnlisted loses the answer to a create of a kind that the API does not list: the
// program stops, and goes on when a person has said what became of it.
func TestUnlisted(t *testing.T) {
	s := sceneOf(t, "unlisted")
	var total sum
	right := each(t, 2, func(t *testing.T, i int, v *verdict) {
		made := i == 0
		w := newWorld(t, s)
		w.rehearse(1, faults.Rule{On: []string{http.MethodPost}, Path: "/client/*/task_scheduler/", At: []int{1}, Do: faults.Drop, Commit: made})
		first := w.apply(nil)
		way := settleCommand.FindStringSubmatch(first.Output)
		if first.Exit != 7 || way == nil {
			v.errorf("exit %d\n%s", first.Exit, first.Output)
			return
		}
		total.add("stopped", 1)
		w.apply(nil)
		if sent := len(w.posts()); sent != 2 { // the group, and the one that was lost
			v.errorf("%d POSTs before anybody said what became of them", sent)
		}
		said := []string{"settle", way[1], way[2], s.dir, "--forget"}
		if made {
			said = append(said[:4], "--adopt", fmt.Sprint(w.sim.Rows("task_scheduler")[0]["id"]))
		}
		if r := w.person(said...); r.Exit != 0 {
			v.errorf("settle: exit %d\n%s", r.Exit, r.Output)
		}
		w.recover()
		if len(w.judge(v, "made: %v", made)) == 0 {
			total.add("went on", 1)
		}
	})
	evidence.Add(t, evidence.Note{Row: "4 (kinds without a list)", Tried: 2, Right: right, Figure: fmt.Sprintf("stopped with exit 7: %d, went on by settle: %d", total.n["stopped"], total.n["went on"])})
}

// TestNotOurs lets somebody else make an object of the same name while the answer to a
// create is lost. It is never taken for ours.
func TestNotOurs(t *testing.T) {
	s := sceneOf(t, "tenant")
	const path = "/client/12/extension_group/"
	cases := []struct {
		killed, made bool
		body         map[string]any
	}{
		{false, false, map[string]any{"name": "sales", "extra_params": "theirs"}},
		{false, true, map[string]any{"name": "sales", "extra_params": "theirs"}},
		{false, true, map[string]any{"name": "sales"}},
		{true, false, map[string]any{"name": "sales", "extra_params": "theirs"}},
		{true, true, map[string]any{"name": "sales"}},
	}
	at := 1 + slices.IndexFunc(postsOf(t, s), func(r simulator.Record) bool { return r.Path == path })
	var total sum
	right := each(t, len(cases), func(t *testing.T, i int, v *verdict) {
		c := cases[i]
		w := newWorld(t, s)
		w.args = oneAtATime
		rule := faults.Rule{On: []string{http.MethodPost}, At: []int{at}, Do: faults.Drop, Commit: c.made}
		var die killer
		if c.killed {
			what := onTheWire
			if c.made {
				what = committed
			}
			die = func(m moment) *death {
				if m.What == what && m.Path == path {
					return &death{}
				}
				return nil
			}
		} else {
			w.rehearse(1, rule)
		}
		theirs := int64(0)
		w.before = w.image()
		time.AfterFunc(time.Second, func() { theirs = w.sim.Insert("extension_group", c.body) })
		if c.killed {
			w.apply(die)
			time.Sleep(2 * time.Second)
		}
		run := w.apply(nil)
		if w.adopted(theirs) {
			total.add("taken", 1)
		}
		if run.Exit != 7 || !strings.Contains(run.Output, fmt.Sprint(theirs)) || w.adopted(theirs) {
			v.errorf("%+v: exit %d, theirs is %d\n%s", c, run.Exit, theirs, run.Output)
		}
	})
	evidence.Add(t, evidence.Note{Row: "4 (foreign objects)", Tried: len(cases), Right: right, Figure: fmt.Sprintf("foreign objects taken for ours: %d", total.n["taken"])})
}

// adopted reports whether the records say that an object is ours.
func (w *world) adopted(id int64) bool {
	return slices.ContainsFunc(w.trace, func(e Event) bool {
		return e.What == Synced && (e.Synced.ID == id || e.Synced.Settled != nil && e.Synced.Settled.ID == id)
	})
}

// TestScenes plays each scene once without a fault, and once more.
func TestScenes(t *testing.T) {
	for _, name := range []string{"tenant", "small", "unlisted"} {
		s := sceneOf(t, name)
		each(t, 1, func(t *testing.T, _ int, v *verdict) {
			w := newWorld(t, s)
			w.recover()
			w.judge(v, "%s", name)
		})
	}
}

// TestSecretsEchoed has a server that repeats what it was sent: the secret in it must
// not be printed.
func TestSecretsEchoed(t *testing.T) {
	s := sceneOf(t, "tenant")
	each(t, 1, func(t *testing.T, _ int, v *verdict) {
		w := newWorld(t, s)
		echo, _ := json.Marshal(map[string]string{"message": "no good: " + alice})
		w.sim.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/user/extension/") {
				return false
			}
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = rw.Write(echo)
			return true
		})
		if r := w.apply(nil); r.Exit != 4 || !strings.Contains(r.Output, "no good: ") {
			v.errorf("exit %d\n%s", r.Exit, r.Output)
		}
		w.sim.Intercept(nil)
		w.recover()
		w.judge(v, "the secret was repeated")
	})
}

// TestRedirected has the server send calls, and those for a token, to another one. It
// gets nothing.
func TestRedirected(t *testing.T) {
	s := sceneOf(t, "tenant")
	cases := []faults.Rule{
		{Path: faults.TokenPath},
		{On: []string{http.MethodGet}, At: []int{3}},
		{On: []string{http.MethodPost}, At: []int{2}},
		{On: []string{http.MethodPut}, At: []int{2}},
		{On: []string{http.MethodDelete}},
	}
	statuses := []int{301, 302, 303, 307, 308}
	var total sum
	right := each(t, len(cases)*len(statuses), func(t *testing.T, i int, v *verdict) {
		w := newWorld(t, s)
		rule := cases[i/len(statuses)]
		rule.Do, rule.Status, rule.Location = faults.Status, statuses[i%len(statuses)], "http://elsewhere.example/oauth/token"
		w.rehearse(1, rule)
		w.apply(nil)
		w.sim.Heal()
		w.recover()
		w.judge(v, "%+v", rule)
		own := w.history().Host
		total.add("sent", w.sentTo(func(host string) bool { return host == own }))
		total.add("foreign", w.sentTo(func(host string) bool { return host != own }))
	})
	evidence.Add(t, evidence.Note{Row: "21 (simulated)", Tried: len(cases) * len(statuses), Right: right,
		Figure: fmt.Sprintf("of %d requests, to foreign hosts: %d", total.n["sent"]+total.n["foreign"], total.n["foreign"])})
}

// sentTo counts the requests that have left for the hosts of which is says so.
func (w *world) sentTo(is func(host string) bool) int {
	n := 0
	for _, e := range w.trace {
		if e.What == Sent && is(e.Host) {
			n++
		}
	}
	return n
}
