package proof

import (
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/api"
	"pbxsync/internal/faults"
	"pbxsync/internal/simulator"
)

// inBubble is a box without sockets, for tests in which waits take no time.
func inBubble(t *testing.T, o simulator.Options) *box {
	t.Helper()
	b := seededBox(t, o, seedFile(t))
	b.speak(api.Config{Endpoint: "http://127.0.0.1", Transport: simulator.Transport(b.sim)})
	return b
}

// TestBadReadsInVirtualTime: reads that fail, come late or break off are repeated,
// and what is applied is what was asked for. Minutes of waiting take no time.
func TestBadReadsInVirtualTime(t *testing.T) {
	for seed := range uint64(5) {
		began := time.Now()
		synctest.Test(t, func(t *testing.T) {
			b := inBubble(t, simulator.Options{})
			b.sim.Rehearse(faults.Set{Seed: seed, Rules: []faults.Rule{
				{On: []string{"GET"}, Path: "/client/**", Every: 6, Do: faults.Status, Status: 503, RetryAfter: "100"},
				{On: []string{"GET"}, Path: "/client/**", Every: 7, Do: faults.Drop},
				{On: []string{"GET"}, Path: "/client/**", Every: 8, Do: faults.Truncate, Bytes: 1},
				{Rate: 0.3, Do: faults.Delay, Wait: 20 * time.Second},
			}})
			start := time.Now()
			b.apply(head + "extensions: {\"801\": {type: queue, status: active}, \"802\": {type: queue, status: active}}\nextension_groups: {night: {}}\n")
			if took := time.Since(start); took < time.Minute {
				t.Errorf("only %v have passed", took)
			}
			for i, n := range second(b.sim.Fired()) {
				if n == 0 {
					t.Errorf("rule %d met nothing", i+1)
				}
			}
		})
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it took %v", took)
		}
	}
}

func second(_, v []int) []int { return v }
