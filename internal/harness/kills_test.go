package harness

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/evidence"
)

// bubble plays a world in virtual time.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// verdict is what is found in one case. It is printed outside of the bubble, since a
// test that fails inside ends all that follow.
type verdict struct{ lines []string }

func (v *verdict) errorf(format string, args ...any) {
	v.lines = append(v.lines, fmt.Sprintf(format, args...))
}

// mostAtATime is how many worlds are played at the same time. Under the race detector it
// is one: the library for flags keeps some in variables that all programs of a process share.
var mostAtATime = runtime.GOMAXPROCS(0)

// mostTold is how many failures are told in full.
const mostTold = 3

// each plays n cases, as many at a time as there are processors, and returns how many
// ended as they should.
func each(t *testing.T, n int, f func(t *testing.T, i int, v *verdict)) int {
	t.Helper()
	var right, wrong atomic.Int64
	workers := min(n, mostAtATime)
	t.Run("cases", func(t *testing.T) {
		for worker := range workers {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				for i := worker; i < n; i += workers {
					v := &verdict{}
					bubble(t, func(t *testing.T) { f(t, i, v) })
					if len(v.lines) == 0 {
						right.Add(1)
					} else if told := wrong.Add(1); told <= mostTold {
						t.Errorf("PBXSYNC_EVIDENCE_SEED=%d, case %d\n%s", evidence.Seed(), i, strings.Join(v.lines, "\n"))
					}
				}
			})
		}
	})
	return int(right.Load())
}

// diceOf is the source of everything random in one case.
func diceOf(test string, i int) *rand.Rand {
	var salt uint64
	for _, c := range test {
		salt = salt*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(evidence.Seed(), salt<<20|uint64(i)))
}

// killAt ends a run at its nth moment.
func killAt(n int, d death) killer {
	return func(m moment) *death {
		if m.N != n {
			return nil
		}
		return &d
	}
}

// momentsOf returns the moments of a run without a fault.
func momentsOf(t *testing.T, s *scene, args ...string) []moment {
	t.Helper()
	var out []moment
	bubble(t, func(t *testing.T) {
		w := newWorld(t, s)
		w.args = args
		w.apply(func(m moment) *death { out = append(out, m); return nil })
	})
	return out
}

// mostRuns is how often the program is started before it has to be done.
const mostRuns = 6

// recover starts the program until it says that all is well, waits for what may still
// come, and starts it once more: then nothing may be left to do.
func (w *world) recover() {
	w.t.Helper()
	for range mostRuns {
		if r := w.apply(nil); r.Exit == 0 || r.Exit == 7 {
			break
		}
		time.Sleep(time.Minute)
	}
	time.Sleep(2 * settle)
	if r := w.apply(nil); r.Exit == 0 {
		w.runs[len(w.runs)-1].Again = w.runs[len(w.runs)-2].Exit == 0
	}
}

// judge tells what is wrong with a world in the end: not everything is as wanted, or an
// invariant was broken on the way; and how it went.
func (w *world) judge(v *verdict, what string, args ...any) []Violation {
	w.t.Helper()
	found := Check(w.history())
	if exit := w.runs[len(w.runs)-1].Exit; exit != 0 {
		found = append(found, Violation{"end", fmt.Sprintf("the last run ended with %d", exit)})
	}
	if len(found) == 0 {
		return nil
	}
	v.errorf(what, args...)
	for _, f := range found {
		v.errorf("%s", f)
	}
	w.tell(v)
	return found
}

// TestKills cuts a run off at each moment, and starts it again. A call that is on the
// wire then does not arrive, or arrives while the next run is looking for it.
func TestKills(t *testing.T) {
	s := sceneOf(t, "tenant")
	all := momentsOf(t, s, "--parallelism", "1")
	type kill struct {
		moment
		death
	}
	var kills []kill
	for _, m := range all {
		if evidence.Full() || m.N%6 == 0 {
			kills = append(kills, kill{m, death{}})
		}
		if m.What == onTheWire {
			kills = append(kills, kill{m, death{Late: time.Duration(m.N%59+1) * time.Second}})
		}
	}
	n := len(kills)
	right := each(t, n, func(t *testing.T, i int, v *verdict) {
		k := kills[i]
		w := newWorld(t, s)
		w.args = []string{"--parallelism", "1"}
		if !w.apply(killAt(k.N, k.death)).Killed {
			v.errorf("moment %d was not reached", k.N)
		}
		w.recover()
		w.judge(v, "killed at moment %d, %s %s, %v late", k.N, k.What, k.Path, k.Late)
	})
	evidence.Add(t, evidence.Note{Row: "1 (simulated)", Tried: n, Right: right, Figure: fmt.Sprintf("%d/%d moments of a run", right, n)})
}

// TestSecondKill cuts off the recovery as well. Calls that were on the wire arrive
// later, or never.
func TestSecondKill(t *testing.T) {
	s := sceneOf(t, "tenant")
	moments := len(momentsOf(t, s))
	n := evidence.Size(evidence.Quick(15, 60), 10_000)
	var both atomic.Int64
	right := each(t, n, func(t *testing.T, i int, v *verdict) {
		dice := diceOf("second", i)
		w := newWorld(t, s)
		w.args = []string{"--parallelism", []string{"1", "4", "16"}[dice.IntN(3)]}
		first, second := 1+dice.IntN(moments), 1+dice.IntN(moments)
		killed := w.apply(killAt(first, deathOf(dice))).Killed
		time.Sleep(time.Duration(dice.Int64N(int64(2 * settle))))
		if w.apply(killAt(second, deathOf(dice))).Killed && killed {
			both.Add(1)
		}
		w.recover()
		w.judge(v, "killed at moments %d and %d", first, second)
	})
	evidence.Add(t, evidence.Note{Row: "2", Tried: n, Right: right, Figure: fmt.Sprintf("%d/%d simulated; in %d of them the second kill was met", right, n, both.Load())})
}

// deathOf draws what a death leaves behind.
func deathOf(dice *rand.Rand) death {
	d := death{Tear: dice.IntN(600)}
	if dice.IntN(2) == 0 {
		d.Late = 100*time.Millisecond + time.Duration(dice.Int64N(int64(settle-1100*time.Millisecond)))
	}
	return d
}

// TestTornRecords loses power before each sync. Of the bytes that are not on disk, any
// number may have come there: in a full run each is tried. What each of them makes of a record, the
// tests of internal/journal show.
func TestTornRecords(t *testing.T) {
	type tear struct{ moment, bytes int }
	var tears []tear
	s := sceneOf(t, "tenant")
	for _, m := range momentsOf(t, s, "--parallelism", "1") {
		if m.What != unsynced {
			continue
		}
		step := max(1, evidence.Size(m.Behind, 1))
		for b := 0; b <= m.Behind; b += step {
			tears = append(tears, tear{m.N, b})
		}
		if step > 1 {
			tears = append(tears, tear{m.N, m.Behind - 1})
		}
	}
	if !evidence.Full() { // a third of them: nothing, all but a byte, or all
		var some []tear
		for i := 0; i < len(tears); i += evidence.Quick(12, 4) {
			some = append(some, tears[i])
		}
		tears = some
	}
	var total sum
	right := each(t, len(tears), func(t *testing.T, i int, v *verdict) {
		w := newWorld(t, s)
		w.args = []string{"--parallelism", "1"}
		w.apply(killAt(tears[i].moment, death{Tear: tears[i].bytes}))
		w.recover()
		total.violations(w.judge(v, "power lost at moment %d, %d bytes reached the disk", tears[i].moment, tears[i].bytes))
		total.add("doubles", w.doubles())
	})
	evidence.Add(t, evidence.Note{Row: "3", Tried: len(tears), Right: right, Figure: fmt.Sprintf("%d/%d torn ends; creates that the records do not explain: %d, doubles: %d", right, len(tears), total.n["I2"], total.n["doubles"])})
}

// TestDiskFails has one line of the records fail, and all that follow would succeed. After
// it nothing more is sent.
func TestDiskFails(t *testing.T) {
	s := sceneOf(t, "tenant")
	var at []moment
	for i, m := range momentsOf(t, s, "--parallelism", "1") {
		if onDisk := m.What == unsynced || strings.HasPrefix(m.What, "before "); onDisk && (evidence.Full() || i%3 == 0) {
			at = append(at, m)
		}
	}
	var total sum
	right := each(t, len(at), func(t *testing.T, i int, v *verdict) {
		w := newWorld(t, s)
		w.args = []string{"--parallelism", "1"}
		failed := 0
		run := w.apply(func(m moment) *death {
			if m.N == at[i].N {
				failed = len(w.trace)
				return diskFails
			}
			return nil
		})
		for _, e := range w.trace[failed:] {
			if e.What == Sent && e.Method != http.MethodGet {
				total.add("sent", 1)
				v.errorf("%s %s was sent after the disk had failed", e.Method, e.Path)
			}
		}
		if run.Exit == 0 || !strings.Contains(run.Output, errDisk.Error()) {
			v.errorf("exit %d\n%s", run.Exit, run.Output)
		}
		w.recover()
		w.judge(v, "the disk failed at moment %d, %s", at[i].N, at[i].What)
	})
	evidence.Add(t, evidence.Note{Row: "16 (simulated)", Tried: len(at), Right: right, Figure: fmt.Sprintf("%d/%d lines; writes sent after the disk had failed: %d", right, len(at), total.n["sent"])})
}
