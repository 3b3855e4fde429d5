//go:build unix

package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
)

// TestTwoRuns starts a second run for a tenant while a first one is at work, and many at
// the same moment. It can only speak of one machine: nothing here locks across two.
func TestTwoRuns(t *testing.T) {
	text := tenantFile(3)
	want, counts := reference(t, text)
	var cases []int
	for i := range evidence.Size(6, 60) {
		cases = append(cases, i)
	}
	var a tally
	each(cases, func(_, i int) {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
		defer l.close()
		f := &faults{}
		switch i % 3 {
		case 0:
			a.took(l.refused(f, i))
		case 1:
			l.afterKill(f, 1+i%counts.Writes)
		case 2:
			l.together(f, 2+i%4)
		}
		made := l.writes()
		for call, n := range made {
			f.check(n == 1 || !strings.HasPrefix(call, "PUT"), "%s: %d times", call, n)
		}
		l.converges(f, want)
		a.note(f.list, fmt.Sprint("case ", i))
	})
	p99, most := a.worst()
	report(t, "15", &a, fmt.Sprintf("two and more applies on one machine, and one after a killed one: %d of %d ended as they should; refused after p99 %v, at most %v; across machines nothing locks, and nothing is promised", a.right, a.tried, p99, most))
}

// refused holds a run at a call and starts another one.
func (l *lab) refused(f *faults, i int) time.Duration {
	g := newGate(1+i%8, false)
	l.sim.Intercept(g.hold(l.sim))
	first := l.start(nil, "apply", "--auto-approve", "tenant.yaml")
	<-g.here
	before := g.seen.Load()
	where := "tenant.yaml"
	if i%2 == 1 { // the same place under another name
		link := filepath.Join(l.dir, "link")
		if err := os.Symlink(l.dir, link); err != nil {
			l.Fatal(err)
		}
		where = filepath.Join(link, "tenant.yaml")
	}
	began := time.Now()
	second := l.start(nil, "apply", "--auto-approve", where)
	code := second.wait()
	took := second.end.Sub(began)
	f.check(code == 8 && took < atOnce && strings.Contains(second.stderr.String(), "another run holds "), "the second: exit %d after %v: %s", code, took, second.stderr.String())
	f.check(g.seen.Load()-before < 16, "%d calls", g.seen.Load())
	close(g.open)
	code = first.wait()
	f.check(code == 0, "the first: exit %d: %s", code, first.stderr.String())
	return took
}

// afterKill starts a run right after another one was killed: the lock has gone with it.
func (l *lab) afterKill(f *faults, n int) {
	f.check(l.carryOutUntil(crash{committed, n}, 4), "it was over before")
	l.sim.ResetCounts()
	code, _, stderr := l.run("apply", "--auto-approve", "tenant.yaml")
	f.check(code == 0, "after a kill: exit %d: %s", code, stderr)
}

// together starts some runs at the same moment: each is refused, or works alone.
func (l *lab) together(f *faults, n int) {
	var wg gosync.WaitGroup
	codes, texts := make([]int, n), make([]string, n)
	for i := range n {
		c := l.start(nil, "apply", "--auto-approve", "tenant.yaml")
		wg.Go(func() { codes[i] = c.wait(); texts[i] = c.stderr.String() })
	}
	wg.Wait()
	worked := 0
	for i, code := range codes {
		f.check(code == 0 || code == 8, "exit %d: %s", code, texts[i])
		if code == 0 {
			worked++
		}
	}
	f.check(worked > 0, "%v", codes)
}
