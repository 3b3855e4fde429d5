package harness

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/faults"
	"pbxsync/internal/simulator"
)

// mostHurt is how many runs of a world meet faults before the server is well again.
const mostHurt = 5

// TestSeeds lets everything go wrong at random, as often as the given time allows. Each
// world has a seed of its own; with that the first one, replay, is the same again, but
// for what runs at the same time.
func TestSeeds(t *testing.T) {
	s := sceneOf(t, "tenant")
	var met sum
	play := func(t *testing.T, seed uint64) bool {
		v := &verdict{}
		bubble(t, func(t *testing.T) { hurt(t, s, seed, v, &met) })
		if len(v.lines) == 0 {
			return true
		}
		t.Errorf("to play it again: PBXSYNC_EVIDENCE_SEED=%d go test ./internal/harness -run TestSeeds/replay\n%s", seed, strings.Join(v.lines, "\n"))
		return false
	}
	var tried, right atomic.Int64
	one := func(t *testing.T, seed uint64) bool {
		tried.Add(1)
		if !play(t, seed) {
			return false
		}
		right.Add(1)
		return true
	}
	t.Run("replay", func(t *testing.T) { one(t, evidence.Seed()) })
	until := time.Now().Add(evidence.Duration(time.Duration(evidence.Quick(2, 5)) * time.Second))
	t.Run("more", func(t *testing.T) {
		workers := uint64(mostAtATime)
		for worker := range workers {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				for seed := evidence.Seed() + 1 + worker; time.Now().Before(until); seed += workers {
					if !one(t, seed) && tried.Load()-right.Load() >= mostTold {
						return
					}
				}
			})
		}
	})
	n := int(tried.Load())
	evidence.Add(t, evidence.Note{Row: "22", Tried: n, Right: int(right.Load()),
		Figure: fmt.Sprintf("seeds %d to %d; met: %s", evidence.Seed(), evidence.Seed()+uint64(n)-1, &met)})
	if evidence.Full() && n > 10_000 {
		for _, what := range branches {
			if met.n[what.name] < 100 {
				t.Errorf("%q was met %d times in %d worlds; 100 are due", what.name, met.n[what.name], n)
			}
		}
	}
}

// String lists what was counted.
func (s *sum) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(s.n)) {
		parts = append(parts, fmt.Sprintf("%s %d", what, s.n[what]))
	}
	return strings.Join(parts, ", ")
}

// branches are the ways of the engine out of a fault, told by what it says.
var branches = []struct {
	name string
	told *regexp.Regexp
}{
	{"adopted in the run", regexp.MustCompile(`found after its answer was lost`)},
	{"sent again after the wait", regexp.MustCompile(`nothing was there 1m0s later"`)},
	{"adopted by the next run", regexp.MustCompile(`was made, with id`)},
	{"found not made by the next run", regexp.MustCompile(`was not made \(`)},
	{"a delete that was carried out", regexp.MustCompile(`"why":"it is gone"`)},
	{"an update that was carried out", regexp.MustCompile(`"why":"it is as wanted"`)},
	{"an edit that stopped a step", regexp.MustCompile(`since the plan was made`)},
	{"left to a person", regexp.MustCompile(`pbxsync settle \S+ \d+ --adopt`)},
}

// anything draws what goes wrong in a world, each a little.
func anything(dice *rand.Rand) []faults.Rule {
	rate := func() float64 { return 0.002 + 0.03*dice.Float64() }
	writes := []string{http.MethodPost, http.MethodPut, http.MethodDelete}
	late := 100*time.Millisecond + time.Duration(dice.Int64N(int64(settle-1200*time.Millisecond)))
	all := []faults.Rule{
		{Do: faults.Drop, Rate: rate()},
		{Do: faults.Drop, Commit: true, On: writes, Rate: rate()},
		{Do: faults.Drop, After: late, On: writes, Rate: rate()},
		{Do: faults.Status, Status: 500 + dice.IntN(4), Rate: rate()},
		{Do: faults.Status, Status: 502, Commit: true, On: writes, Rate: rate()},
		{Do: faults.Status, Status: 502, After: late, On: writes, Rate: rate()},
		{Do: faults.Status, Status: 307, Location: "http://elsewhere.example/", Rate: rate()},
		{Do: faults.Status, Status: 429, RetryAfter: []string{"", "0", "1", "60", "999999999", "-1", "abc"}[dice.IntN(7)], Rate: rate()},
		{Do: faults.Truncate, Bytes: dice.IntN(60), Framing: []string{faults.FramingLength, faults.FramingChunked, faults.FramingClose}[dice.IntN(3)], Rate: rate()},
		{Do: faults.Content, As: []string{faults.AsHTML, faults.AsEmpty, faults.AsNoContent, faults.AsXML, faults.AsObject, faults.AsNull, faults.AsBOM, faults.AsTrailing}[dice.IntN(8)], On: []string{http.MethodGet, http.MethodPost}, Rate: rate()},
		{Do: faults.Drop, Commit: true, On: writes[1+dice.IntN(2):][:1], Rate: 0.7}, // all tries of an update or a delete
		{Do: faults.Drop, Commit: true, On: writes[:1], Rate: 0.5},
		{Do: faults.Expire, Rate: rate()},
		{Do: faults.Delay, Wait: time.Duration(dice.Int64N(int64(50 * time.Second))), Rate: rate()},
		{Do: faults.Delay, Speed: 1 + dice.IntN(50), Rate: rate()},
		{Do: faults.Delay, Wait: faults.Never, Rate: rate() / 4},
		{Do: faults.PageCap, Size: []int{4, 5, 8, 10}[dice.IntN(4)], Rate: 1}, // of round sizes: others look like the end of a list
		{Do: faults.PageShift, By: 1, Rate: rate()},
		{Do: faults.Insert, Kind: "extension_group", Set: map[string]any{"name": "of somebody else"}, Rate: rate() / 4},
		{Do: faults.Insert, Kind: "extension", Set: map[string]any{"name": "777", "type": "fax", "status": "active"}, At: []int{1 + dice.IntN(150)}},
		{Do: faults.Update, Kind: "extension", Key: "190", Set: map[string]any{"label": "by operator"}, Rate: rate() / 2},
		{Do: faults.Update, Kind: "extension", Key: "102", Set: map[string]any{"label": "by operator"}, Rate: rate() / 2}, // also between a create and its lost answer
		{Do: faults.Update, Kind: "did", Key: "493023125100", Set: map[string]any{"extension_id": nil}, Rate: rate() / 2},
		{Do: faults.Update, Kind: "interval", Key: "Office hours", Set: map[string]any{"timezone": "Asia/Tokyo"}, Rate: rate() / 2},
		{Do: faults.Remove, Kind: "network_permission", Key: "Office", Rate: rate() / 2},
		{Do: faults.Remove, Kind: "extension_group", Key: "office", At: []int{1 + dice.IntN(150)}},
	}
	dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+dice.IntN(8)]
}

// hurt plays one world: some runs with faults, edits, interrupts and kills, then some
// without, after which everything has to be as wanted.
func hurt(t *testing.T, s *scene, seed uint64, v *verdict, met *sum) {
	dice := rand.New(rand.NewPCG(seed, 22))
	for range 4 { // the first numbers of seeds that are near to each other are alike
		dice.Uint64()
	}
	w := newWorld(t, s)
	w.args = []string{"--parallelism", []string{"1", "1", "1", "4", "16"}[dice.IntN(5)], "--page-size", []string{"200", "200", "5", "3"}[dice.IntN(4)]}
	rules := anything(dice)
	w.rehearse(seed, rules...)
	for range 1 + dice.IntN(mostHurt) {
		w.apply(w.killerOf(dice))
		w.help()
		time.Sleep(time.Duration(dice.Int64N(int64(2 * settle))))
	}
	w.sim.Heal()
	w.apply(nil) // the first that reads what an edit has made of a create without an answer
	w.help()
	w.recover()
	w.count(rules, met)
	w.judge(v, "%v: %+v", w.args, rules)
}

// killerOf draws how a run ends: by itself, by an interrupt, or because the power fails.
func (w *world) killerOf(dice *rand.Rand) killer {
	at, d, how, n := 1+dice.IntN(100), deathOf(dice), dice.IntN(10), 0
	reads := dice.IntN(4) == 0 // most moments are those at which something is read
	return func(m moment) *death {
		if reads || m.What != reading {
			n++
		}
		switch {
		case n != at || how < 3:
		case how < 9:
			return &d
		default:
			return interrupt
		}
		return nil
	}
}

// help does what a person does where the program has stopped and asks: looks whether
// what it names was made by it, and says so.
func (w *world) help() {
	asked := regexp.MustCompile(`(?:ids ([0-9 ]+), or none; look|does not list its kind; look)[^;]*?pbxsync settle (\S+) (\d+)`)
	for _, m := range asked.FindAllStringSubmatch(w.runs[len(w.runs)-1].Output, -1) {
		said := []string{"settle", m[2], m[3], w.scene.dir, "--forget"}
		made := w.creates()
		for id := range strings.FieldsSeq(m[1]) {
			var n int64
			_, _ = fmt.Sscan(id, &n)
			if made[n] {
				said = append(said[:4], "--adopt", id)
			}
		}
		if r := w.person(said...); r.Exit != 0 {
			w.t.Errorf("%v: exit %d %s", said, r.Exit, r.Output)
		}
	}
}

// count adds up which faults were met, and which ways out were gone.
func (w *world) count(rules []faults.Rule, met *sum) {
	for _, r := range w.records {
		for _, f := range r.Faults {
			if r.What != simulator.RecordLate {
				met.add(string(f.Do), 1)
			}
		}
	}
	text := &strings.Builder{}
	for _, r := range w.runs {
		text.WriteString(r.Output)
		switch {
		case r.Killed:
			met.add("killed", 1)
		case r.Exit == 130:
			met.add("interrupted", 1)
		}
	}
	for _, e := range w.trace {
		if e.What == Synced && e.Synced.Why != "" {
			text.WriteString(asJSON(e.Synced))
		}
	}
	for _, b := range branches {
		met.add(b.name, len(b.told.FindAllString(text.String(), -1)))
	}
}
