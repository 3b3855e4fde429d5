//go:build unix

package process

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
)

// boundary is a place in a call at which the program is killed.
type boundary string

const (
	reading   boundary = "a read arrives"
	intended  boundary = "the intent is on disk"
	onTheWire boundary = "the call arrives, and is never carried out"
	late      boundary = "the call arrives, and is carried out after the kill"
	looked    boundary = "the call arrives, and is carried out after the next run has looked for it"
	committed boundary = "carried out and not answered"
	answered  boundary = "answered"
	acked     boundary = "the outcome is on disk"
)

var boundaries = []boundary{reading, intended, onTheWire, looked, committed, answered, acked}

// tag of a line in a record whose number of occurrences says how far a run is.
var tags = map[boundary][]byte{intended: []byte(`"type":"` + journal.TypeIntent + `"`), acked: []byte(`"type":"` + journal.TypeAck + `"`)}

// crash is a kill at the nth call, or the nth line of the record, of that sort.
type crash struct {
	at boundary
	n  int
}

// carryOutUntil runs apply and kills it. It reports false where the run was over before.
func (l *lab) carryOutUntil(k crash, parallelism int) bool {
	l.Helper()
	var c atomic.Pointer[child]
	kill := func() {
		for c.Load() == nil { // it can hardly be so fast
			time.Sleep(time.Millisecond)
		}
		c.Load().kill()
	}
	if tags[k.at] == nil {
		l.sim.Intercept(l.killer(k, kill))
		defer l.sim.Intercept(nil)
	}
	c.Store(l.start(nil, "apply", "--auto-approve", "--parallelism", fmt.Sprint(parallelism), "tenant.yaml"))
	if tag := tags[k.at]; tag != nil {
		l.watch(c.Load(), tag, k.n)
	}
	c.Load().wait()
	status, _ := c.Load().ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() && c.Load().ProcessState.ExitCode() != 0 {
		l.Errorf("%v: %s", k, c.Load().stderr.String())
	}
	return status.Signaled()
}

// killer kills at the nth call of its sort, as the server sees it.
func (l *lab) killer(k crash, kill func()) func(http.ResponseWriter, *http.Request) bool {
	var seen atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) bool {
		if (r.Method == http.MethodGet) != (k.at == reading) || int(seen.Add(1)) != k.n {
			return false
		}
		switch k.at {
		case late, looked:
			kept := r.Clone(l.Context())
			kept.Body = copied(r)
			kill()
			l.late.add(l.sim, kept, k.at == looked && r.Method == http.MethodPost)
		case committed:
			l.sim.Answer(httptest.NewRecorder(), r)
			kill()
		case answered:
			l.sim.Answer(w, r)
			_ = http.NewResponseController(w).Flush()
			kill()
			return true
		default:
			kill()
		}
		panic(http.ErrAbortHandler)
	}
}

// watch kills when the newest record has n lines with the tag.
func (l *lab) watch(c *child, tag []byte, n int) {
	before := len(l.records())
	for {
		select {
		case <-c.ended:
			return
		case <-time.After(100 * time.Microsecond):
		}
		if now := l.records(); len(now) > before {
			if data, _ := os.ReadFile(now[len(now)-1]); bytes.Count(data, tag) >= n {
				c.kill()
				return
			}
		}
	}
}

// converges runs apply again, which has to give the tenant that was wanted, and once
// more, which has to write nothing.
func (l *lab) converges(f *faults, want string) (calls int) {
	l.sim.ResetCounts()
	code, _, stderr := l.run("apply", "--auto-approve", "tenant.yaml")
	n := l.sim.Counts()
	f.check(code == 0, "run again: exit %d: %s", code, stderr)
	l.late.wait()
	got := canonical(l.sim)
	f.check(got == want, "the tenant is another one: %s", differing(want, got))
	l.doubles = max(0, strings.Count(got, "\n")-strings.Count(want, "\n"))
	l.sim.ResetCounts()
	code, _, stderr = l.run("apply", "--auto-approve", "tenant.yaml")
	f.check(code == 0, "run a third time: exit %d: %s", code, stderr)
	f.check(l.sim.Counts().Writes == 0, "run a third time: %v", l.writes())
	return n.Reads + n.Writes
}

// reference is what the tenant is like after a run that nothing disturbs, and how many
// reads and writes it made.
func reference(t testing.TB, text string) (want string, c simulator.Counts) {
	t.Helper()
	l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
	before := canonical(l.sim)
	if code, _, stderr := l.run("apply", "--auto-approve", "tenant.yaml"); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	c = l.sim.Counts()
	if want = canonical(l.sim); want == before || c.Writes < 10 {
		t.Fatalf("the run does too little: %+v", c)
	}
	return want, c
}

// places returns every crash of a run.
func places(c simulator.Counts) []crash {
	var out []crash
	for _, at := range boundaries {
		n := c.Writes
		if at == reading {
			n = c.Reads
		}
		for i := range n {
			out = append(out, crash{at, i + 1})
		}
	}
	return out
}

// differing returns the lines that only one of two texts has.
func differing(want, got string) string {
	count := map[string]int{}
	for line := range bytes.Lines([]byte(want)) {
		count[string(bytes.TrimSpace(line))]++
	}
	for line := range bytes.Lines([]byte(got)) {
		count[string(bytes.TrimSpace(line))]--
	}
	out := ""
	for _, line := range keys(count) {
		if n := count[line]; n != 0 {
			out += fmt.Sprintf("\n%+d %s", -n, line)
		}
	}
	return out
}

// few keeps n cases of each boundary, and more of the one that is the hardest.
func few(cases []killCase, n int) []killCase {
	kept := map[boundary]int{}
	return slices.DeleteFunc(cases, func(k killCase) bool {
		kept[k.first.at]++
		if k.first.at == looked {
			return kept[k.first.at] > 4*n // only some calls would make something twice
		}
		return kept[k.first.at] > n
	})
}

type killCase struct {
	first, second crash // the second one is in the run that recovers
	parallelism   int
}

// TestKilled kills the program at every boundary of its calls, and in full at each of
// them for each step; some of the runs that recover are killed too.
func TestKilled(t *testing.T) {
	text := tenantFile(evidence.Size(3, 12))
	want, counts := reference(t, text)
	all := places(counts)
	random := rand.New(rand.NewPCG(evidence.Seed(), 1))
	var cases []killCase
	for _, parallelism := range evidence.Some([]int{1, 4, 16}, 2, 3, 6, 8, 10, 12, 20, 32) {
		for _, k := range all {
			cases = append(cases, killCase{first: k, parallelism: parallelism})
		}
	}
	if !evidence.Full() {
		random.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
		cases = append(few(cases, 2), killCase{first: crash{looked, 2}, parallelism: 1}) // a group, of which there may be two of one name
	}
	for range evidence.Size(evidence.Quick(3, 5), 300) { // what is left has to be enough for a second kill
		first, second := all[random.IntN(len(all))], all[random.IntN(len(all))]
		first.n, second.n = 1+first.n/3, 1+second.n/3
		cases = append(cases, killCase{first, second, []int{1, 4, 16}[random.IntN(3)]})
	}
	var once, twice tally
	var calls, early, doubles atomic.Int64
	each(cases, func(_ int, k killCase) {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
		defer l.close()
		killed := l.carryOutUntil(k.first, k.parallelism)
		a := &once
		if k.second.n > 0 {
			a = &twice
			killed = l.carryOutUntil(k.second, k.parallelism) && killed
		}
		if !killed {
			early.Add(1) // a run that was over has nothing to recover
		}
		f := &faults{}
		n := l.converges(f, want)
		doubles.Add(int64(l.doubles))
		if !killed {
			return
		}
		if k.second.n == 0 {
			calls.Add(int64(n))
		}
		a.note(f.list, fmt.Sprintf("%+v", k))
	})
	t.Logf("%d runs were over before they could be killed", early.Load())
	report(t, "1", &once, fmt.Sprintf("the program killed with SIGKILL at %d boundaries of each of %d steps: %d of %d runs converged, %d duplicates; %.1f calls on average to go on",
		len(boundaries), counts.Writes, once.right, once.tried, doubles.Load(), float64(calls.Load())/float64(max(1, once.tried))))
	report(t, "2", &twice, fmt.Sprintf("killed again in the run that recovers, as a process: %d of %d converged", twice.right, twice.tried))
}

// report puts a tally down as evidence, with what went wrong.
func report(t testing.TB, row string, a *tally, figure string) {
	t.Helper()
	for _, w := range a.wrong {
		t.Error(w)
	}
	t.Logf("row %s: %s", row, figure)
	evidence.Add(t, evidence.Note{Row: row, Tried: a.tried, Right: a.right, Figure: figure})
}
