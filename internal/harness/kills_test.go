package harness

import (
	"fmt"
	"math/rand/v2"
	"runtime"
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

// each plays n cases, as many at a time as there are processors, and returns how many
// ended as they should.
func each(t *testing.T, n int, f func(t *testing.T, i int) bool) int {
	t.Helper()
	var right atomic.Int64
	workers := min(n, runtime.GOMAXPROCS(0))
	t.Run("cases", func(t *testing.T) {
		for worker := range workers {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				for i := worker; i < n; i += workers {
					if f(t, i) {
						right.Add(1)
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

// fine reports whether a world ended as it should: with everything as wanted. If not,
// it says how it went.
func (w *world) fine(what string, args ...any) bool {
	w.t.Helper()
	found := w.judge()
	if exit := w.runs[len(w.runs)-1].Exit; exit != 0 {
		found = append(found, Violation{"end", fmt.Sprintf("the last run ended with %d", exit)})
	}
	if len(found) == 0 {
		return true
	}
	w.t.Errorf("PBXSYNC_EVIDENCE_SEED=%d, "+what, append([]any{evidence.Seed()}, args...)...)
	w.tell(found)
	return false
}

// TestKills cuts a run off at each moment, and starts it again.
func TestKills(t *testing.T) {
	s := sceneOf(t, "tenant")
	all := momentsOf(t, s, "--parallelism", "1")
	n := evidence.Size(40, len(all))
	right := each(t, n, func(t *testing.T, i int) (ok bool) {
		k := i * len(all) / n
		bubble(t, func(t *testing.T) {
			w := newWorld(t, s)
			w.args = []string{"--parallelism", "1"}
			if !w.apply(killAt(k+1, death{})).Killed {
				t.Errorf("moment %d was not reached", k+1)
			}
			w.recover()
			ok = w.fine("killed at moment %d, %s %s", k+1, all[k].What, all[k].Path)
		})
		return ok
	})
	evidence.Add(t, evidence.Note{Row: "1 (simulated)", Tried: n, Right: right, Figure: fmt.Sprintf("%d/%d moments of a run", right, n)})
}

// TestSecondKill cuts off the recovery as well. Calls that were on the wire arrive
// later, or never.
func TestSecondKill(t *testing.T) {
	s := sceneOf(t, "tenant")
	moments := len(momentsOf(t, s))
	n := evidence.Size(60, 10_000)
	var both atomic.Int64
	right := each(t, n, func(t *testing.T, i int) (ok bool) {
		dice := diceOf("second", i)
		bubble(t, func(t *testing.T) {
			w := newWorld(t, s)
			w.args = []string{"--parallelism", []string{"1", "4", "16"}[dice.IntN(3)]}
			first, second := 1+dice.IntN(moments), 1+dice.IntN(moments)
			killed := w.apply(killAt(first, deathOf(dice))).Killed
			time.Sleep(time.Duration(dice.Int64N(int64(2 * settle))))
			if w.apply(killAt(second, deathOf(dice))).Killed && killed {
				both.Add(1)
			}
			w.recover()
			ok = w.fine("case %d: killed at moments %d and %d", i, first, second)
		})
		return ok
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
// number may have come there.
func TestTornRecords(t *testing.T) {
	type tear struct{ moment, bytes int }
	var tears []tear
	s := sceneOf(t, "tenant")
	for _, m := range momentsOf(t, s, "--parallelism", "1") {
		if m.What != unsynced {
			continue
		}
		step := evidence.Size(max(1, m.Behind), 1)
		for b := 0; b <= m.Behind; b += step {
			tears = append(tears, tear{m.N, b})
		}
		if step > 1 {
			tears = append(tears, tear{m.N, m.Behind - 1})
		}
	}
	if !evidence.Full() { // a third of them, another one of each line
		for i := range tears {
			if 3*i < len(tears) {
				tears[i] = tears[3*i]
			}
		}
		tears = tears[:len(tears)/3]
	}
	right := each(t, len(tears), func(t *testing.T, i int) (ok bool) {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, s)
			w.args = []string{"--parallelism", "1"}
			w.apply(killAt(tears[i].moment, death{Tear: tears[i].bytes}))
			w.recover()
			ok = w.fine("power lost at moment %d, %d bytes reached the disk", tears[i].moment, tears[i].bytes)
		})
		return ok
	})
	evidence.Add(t, evidence.Note{Row: "3", Tried: len(tears), Right: right, Figure: fmt.Sprintf("%d/%d torn ends; acknowledged steps lost: %d", right, len(tears), len(tears)-right)})
}
