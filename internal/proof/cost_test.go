package proof

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/api"
	"pbxsync/internal/evidence"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// TestCostOfSafety carries plans out with a record on a disk and without, and with the
// look before each write and without. It judges no time: what it took is published.
func TestCostOfSafety(t *testing.T) {
	n := evidence.Size(evidence.Quick(20, 50), 1000)
	runs, right, looks := 0, 0, 0
	for _, latency := range []time.Duration{0, 20 * time.Millisecond} {
		bare, recorded := timed(t, 3, func(with bool) time.Duration {
			runs, right = runs+1, right+1
			return creates(t, n, latency, with)
		})
		figure := fmt.Sprintf("%d creates at %v latency, 10 at a time: %v without records, %v with, that is %.2f times", n, latency, bare, recorded, ratio(recorded, bare))
		unchecked, checked := timed(t, 3, func(with bool) time.Duration {
			runs++
			d, reads := updates(t, n, latency, with)
			if with {
				looks = reads
			}
			if (reads == n) == with {
				right++
			}
			return d
		})
		figure += fmt.Sprintf("; %d updates: %v without the look before each write, %v with it (%d more calls), that is %.2f times", n, unchecked, checked, looks, ratio(checked, unchecked))
		t.Run(latency.String(), func(t *testing.T) {
			t.Log(figure)
			evidence.Add(t, evidence.Note{Row: "cost", Tried: runs, Right: right, Figure: figure}) // took ends the test where not every step was done
			runs, right = 0, 0
		})
	}
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// timed runs two variants in turn, so that a slow moment of the machine meets both, and
// returns the median of each.
func timed(t *testing.T, rounds int, run func(with bool) time.Duration) (without, with time.Duration) {
	t.Helper()
	var both [2][]time.Duration
	for range rounds {
		both[0] = append(both[0], run(false))
		both[1] = append(both[1], run(true))
	}
	for i := range both {
		slices.Sort(both[i])
	}
	return both[0][rounds/2].Round(time.Millisecond), both[1][rounds/2].Round(time.Millisecond)
}

func manyGroups(n int) string {
	var b strings.Builder
	b.WriteString(head + "extension_groups:\n")
	for i := range n {
		fmt.Fprintf(&b, "  g%04d: {}\n", i)
	}
	return b.String()
}

// overSockets is a box whose calls cost what they cost a client.
func overSockets(t *testing.T, o simulator.Options) *box {
	t.Helper()
	b := seededBox(t, o, seedFile(t))
	srv := httptest.NewServer(b.sim)
	t.Cleanup(srv.Close)
	b.speak(api.Config{Endpoint: srv.URL, Transport: patient{&http.Transport{MaxIdleConnsPerHost: 10}}})
	return b
}

// creates carries out that many creates.
func creates(t *testing.T, n int, latency time.Duration, record bool) time.Duration {
	x := overSockets(t, simulator.Options{Latency: latency})
	_, p, err := x.look(x.parse(manyGroups(n)))
	if err != nil {
		t.Fatal(err)
	}
	return took(t, x, p, record, n)
}

// updates carries out that many updates. A plan that was read from its bytes has not
// seen the tenant, so nothing is looked at before its writes. It returns the reads too.
func updates(t *testing.T, n int, latency time.Duration, check bool) (time.Duration, int) {
	x := overSockets(t, simulator.Options{Latency: latency})
	rows := func(label string) string {
		var b strings.Builder
		b.WriteString(head + "extensions:\n")
		for i := range n {
			fmt.Fprintf(&b, "  \"%d\": {type: queue, status: active, label: %s}\n", 1000+i, label)
		}
		return b.String()
	}
	for i := range n {
		x.sim.Insert("extension", map[string]any{"name": fmt.Sprintf("12037*%d", 1000+i), "type": "queue", "status": "active", "label": "old"})
	}
	_, p, err := x.look(x.parse(rows("new")))
	if err != nil {
		t.Fatal(err)
	}
	if !check {
		for i := range p.Steps {
			p.Steps[i].Checks = nil
		}
	}
	before := x.server.Counts().Reads
	d := took(t, x, p, true, n)
	return d, x.server.Counts().Reads - before
}

func took(t *testing.T, x *box, p *plan.Plan, record bool, n int) time.Duration {
	t.Helper()
	o := x.options
	o.Parallelism = 10
	if record {
		w, err := journal.Create(t.TempDir(), []byte("key"), journal.Header{Run: "r"})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		o.Journal = w
	}
	start := time.Now()
	sum, err := carriedOut(context.Background(), x.api, p, secret, o, nil, nil)
	d := time.Since(start)
	if err = errors.Join(err, errors.Join(failures(sum)...)); err != nil || sum.Done != n {
		t.Fatalf("%v %+v", err, sum)
	}
	return d
}

func failures(s *run.Summary) []error {
	var out []error
	for _, f := range s.Failures {
		out = append(out, f.Err)
	}
	return out
}
