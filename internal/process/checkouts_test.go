//go:build unix

package process

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
)

// beside is a case of runs beside each other: run i works in folder i, or in the first
// again where there are fewer.
type beside struct {
	folders, runs int
	kills         []crash
}

// TestCheckouts starts two and three applies of one tenant at once, in one folder, two and
// three, kills those that write, and starts each again until it has ended by itself.
func TestCheckouts(t *testing.T) {
	text := tenantFile(3)
	want, counts := reference(t, text)
	random := rand.New(rand.NewPCG(evidence.Seed(), 3))
	kinds := []boundary{onTheWire, late, committed, answered}
	var cases []beside
	for i := range evidence.Size(6, 480) {
		c := beside{folders: []int{1, 2, 2, 3}[i%4], runs: []int{2, 2, 3, 3}[i%4]}
		for range i % 3 {
			c.kills = append(c.kills, crash{kinds[random.IntN(len(kinds))], 1 + random.IntN(counts.Writes/2)})
		}
		cases = append(cases, c)
	}
	var a tally
	var started, locked, killed, doubles atomic.Int64
	each(cases, func(_ int, c beside) {
		l := newLab(t, simulator.Options{}, nil)
		defer l.close()
		f := &faults{}
		w := &workers{lab: l, faults: f, running: map[int]*child{}, dead: map[int]bool{}, begin: newBegin(c.runs)}
		w.work(c, text)
		started.Add(int64(w.started))
		locked.Add(int64(w.locked))
		killed.Add(int64(w.killed))
		doubles.Add(int64(w.same(want, c.folders)))
		a.note(f.list, fmt.Sprintf("%+v", c))
	})
	report(t, "checkouts", &a, fmt.Sprintf("two and three applies at once in one folder, two folders and three clones of one machine: %d cases, %d runs, %d of them locked out and started again, %d killed while they wrote: %d duplicates; across machines nothing locks, and nothing is promised",
		a.tried, started.Load(), locked.Load(), killed.Load(), doubles.Load()))
}

// begin lets runs write only when each of them has a plan to carry out or has ended, so that
// two that nothing keeps apart are sure to make the same.
type begin struct {
	runs int
	all  chan struct{} // closed when no more are awaited

	mu   gosync.Mutex
	seen map[string]bool
}

func newBegin(runs int) *begin {
	return &begin{runs: runs, all: make(chan struct{}), seen: map[string]bool{}}
}

// here says that a run has come so far, by its token or by its name.
func (b *begin) here(who string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen[who] {
		return
	}
	if b.seen[who] = true; len(b.seen) == b.runs {
		close(b.all)
	}
}

func (b *begin) meet(token string) {
	b.here(token)
	select {
	case <-b.all:
	case <-time.After(patience): // the program is given up too
	}
}

// workers start programs in folders again and again.
type workers struct {
	*lab
	*faults

	mu                      gosync.Mutex
	running                 map[int]*child // by process
	dead                    map[int]bool   // those that were killed
	begin                   *begin
	started, locked, killed int
}

func (w *workers) work(c beside, text string) {
	for i := range c.folders {
		dir := filepath.Join(w.dir, fmt.Sprint("checkout", i))
		if err := os.Mkdir(dir, 0o700); err != nil {
			w.Fatal(err)
		}
		w.write(filepath.Join(filepath.Base(dir), "tenant.yaml"), text)
	}
	w.arm(c.kills)
	var wg gosync.WaitGroup
	for i := range c.runs {
		wg.Go(func() { w.untilDone(i, fmt.Sprint("checkout", i%c.folders)) })
	}
	wg.Wait()
	w.late.wait()
}

// arm makes the next of the kills wait for its call.
func (w *workers) arm(kills []crash) {
	kill := func(http.ResponseWriter, *http.Request) bool { return false }
	if len(kills) > 0 {
		kill = w.killer(kills[0], func() {
			if w.killWriter() {
				kills = kills[1:]
			}
			w.arm(kills)
		})
	}
	w.sim.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet {
			w.begin.meet(r.Header.Get("Authorization"))
		}
		return kill(rw, r)
	})
}

// killWriter kills the program that the lock of the machine names. It reports false where
// that is dead already, and a call that it had sent has come only now.
func (w *workers) killWriter() bool {
	locks, _ := filepath.Glob(filepath.Join(w.dir, ".cache", "pbxsync", "*.lock"))
	var holders []struct{ Process int }
	for _, lock := range locks {
		data, _ := os.ReadFile(lock)
		_ = json.Unmarshal(data, &holders)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case len(holders) > 0 && w.dead[holders[0].Process]:
		return false
	case len(holders) == 0 || w.running[holders[0].Process] == nil:
		w.check(false, "the locks %v do not name who writes: %v", locks, holders)
		for _, c := range w.running { // so that the case ends
			c.kill()
		}
		return true
	}
	w.running[holders[0].Process].kill()
	w.dead[holders[0].Process] = true
	w.killed++
	return true
}

// untilDone runs apply in a folder until it has ended by itself, and is not locked.
func (w *workers) untilDone(i int, dir string) {
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		w.mu.Lock()
		c := w.start(func(c *exec.Cmd) { c.Dir = filepath.Join(w.dir, dir) }, "apply", "--auto-approve", ".")
		w.running[c.Process.Pid] = c
		w.started++
		w.mu.Unlock()
		code := c.wait()
		w.begin.here(fmt.Sprint("run ", i))
		status, _ := c.ProcessState.Sys().(syscall.WaitStatus)
		w.mu.Lock()
		delete(w.running, c.Process.Pid)
		again := status.Signaled()
		if code == 8 {
			again = true
			w.locked++
			text := c.stderr.String()
			w.check(strings.Contains(text, "another run") && strings.Contains(text, "wait for it to end"), "%s", text)
		}
		if !again {
			w.check(code == 0, "%s: exit %d: %s", dir, code, c.stderr.String())
		}
		w.mu.Unlock()
		if !again {
			return
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.check(false, "%s is locked for ever", dir)
}

// same checks that the tenant is as one undisturbed run makes it, for every folder, and
// returns how many objects are there beyond that.
func (w *workers) same(want string, folders int) (doubles int) {
	got := canonical(w.sim)
	w.check(got == want, "the tenant is another one: %s", differing(want, got))
	w.sim.ResetCounts()
	for i := range folders {
		code, _, stderr := w.run("apply", "--auto-approve", fmt.Sprint("checkout", i))
		w.check(code == 0, "at the end: exit %d: %s", code, stderr)
	}
	w.check(w.sim.Counts().Writes == 0, "at the end: %v", keys(w.writes()))
	return max(0, strings.Count(got, "\n")-strings.Count(want, "\n"))
}

// TestOtherFolder holds a run at a call, and starts one in another folder: it says who
// holds the tenant, and makes no call.
func TestOtherFolder(t *testing.T) {
	l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": tenantFile(3)})
	other := filepath.Join(l.dir, "other")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	l.write("other/tenant.yaml", tenantFile(3))
	l.env = append(l.env, "XDG_RUNTIME_DIR="+t.TempDir())
	g := newGate(3, false)
	l.sim.Intercept(g.hold(l.sim))
	one := l.start(nil, "apply", "--auto-approve", "--parallelism", "1", ".") // nothing else of it is under way
	<-g.here
	before := l.sim.Counts()
	for _, env := range [][]string{nil, {"XDG_RUNTIME_DIR="}} { // as at a terminal, and as a job of the clock
		two := l.start(func(c *exec.Cmd) { c.Env = append(c.Env, env...) }, "apply", "--auto-approve", other)
		code := two.wait()
		says := fmt.Sprintf("another run on this machine writes to tenant acme of %s (process %d in %s since 2", l.web.URL, one.Process.Pid, l.dir)
		if code != 8 || !strings.Contains(two.stderr.String(), says) {
			t.Errorf("exit %d: %s, want 8 and %s", code, two.stderr.String(), says)
		}
	}
	if now := l.sim.Counts(); now.Token != before.Token { // without one there is no other call; the first may look again when it waits too long
		t.Errorf("%d calls for a token, before %d", now.Token, before.Token)
	}
	close(g.open)
	if code := one.wait(); code != 0 {
		t.Errorf("the first: exit %d: %s", code, one.stderr.String())
	}
	if n := strings.Count(one.stderr.String(), "nothing keeps runs on two machines apart"); n != 1 {
		t.Errorf("the first says %d times that two machines are not kept apart: %s", n, one.stderr.String())
	}
	if code, _, stderr := l.run("apply", "--auto-approve", other); code != 0 || strings.Contains(stderr, "machines") {
		t.Errorf("afterwards: exit %d: %s", code, stderr)
	}
}

// TestTwoMachines lets runs of two machines make the same at once, which nothing hinders:
// both name the two ids, and what ends it does.
func TestTwoMachines(t *testing.T) {
	const groups = head + "extension_groups: {g00: %s}\n"
	l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": fmt.Sprintf(groups, "{}")})
	l.sim.ResetCounts()
	g := newGate(1, false)
	l.sim.Intercept(g.hold(l.sim))
	var runs []*child
	for i := range 2 {
		home := t.TempDir()
		runs = append(runs, l.start(func(c *exec.Cmd) { c.Env = append(c.Env, "HOME="+home) },
			"apply", "--auto-approve", "--state-dir", filepath.Join(home, "records"), "tenant.yaml"))
		for until := time.Now().Add(patience); g.seen.Load() <= int32(i) && time.Now().Before(until); {
			time.Sleep(time.Millisecond)
		}
	}
	close(g.open)
	told := ""
	for _, c := range runs {
		if code := c.wait(); code == 7 {
			told = c.stderr.String()
		}
	}
	var ids []int64
	for _, row := range l.sim.Rows("extension_group") {
		if nameOf(row) == "g00" && number(row["client_id"]) != 99 {
			ids = append(ids, number(row["id"]))
		}
	}
	slices.Sort(ids)
	if len(ids) != 2 {
		t.Fatalf("%v were made: %s", ids, told)
	}
	spare := fmt.Sprintf("\"g00 (id %d)\": {name: \"g00\", id: %d, absent: true}", ids[1], ids[1])
	if says := fmt.Sprintf("extension_group/g00 is there more than once (ids %d %d); to keep %d, write id: %d at it, beside it %s, and run pbxsync apply again", ids[0], ids[1], ids[0], ids[0], spare); !strings.Contains(told, says) {
		t.Errorf("%s, want %s", told, says)
	}
	l.write("tenant.yaml", fmt.Sprintf(groups, fmt.Sprintf("{id: %d}, %s", ids[0], spare)))
	if code, _, stderr := l.run("apply", "--auto-approve", "tenant.yaml"); code != 0 {
		t.Errorf("to end it: exit %d: %s", code, stderr)
	}
	l.write("tenant.yaml", fmt.Sprintf(groups, "{}"))
	if code, stdout, stderr := l.run("plan", "--detailed-exitcode", "tenant.yaml"); code != 0 {
		t.Errorf("afterwards: exit %d: %s%s", code, stdout, stderr)
	}
}

// TestCutOffElsewhere kills a run whose call is carried out later, and starts one in
// another folder, which knows nothing of that call: it waits until it cannot come any more.
func TestCutOffElsewhere(t *testing.T) {
	text := head + "extension_groups: {g00: {}}\n"
	l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
	other := filepath.Join(l.dir, "other")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	l.write("other/tenant.yaml", text)
	if !l.carryOutUntil(crash{late, 1}, 1) {
		t.Fatal("it was over before")
	}
	code, _, stderr := l.run("apply", "--auto-approve", other)
	l.late.wait()
	if code != 0 || !strings.Contains(stderr, "a run from another folder was cut off (process ") || !strings.Contains(stderr, "waiting for "+settle.String()) {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if n := strings.Count(canonical(l.sim), "extension_group map[client_id:settings/acme extra_params:<nil> name:g00]"); n != 1 {
		t.Errorf("g00 is there %d times", n)
	}
	if code, _, stderr = l.run("apply", "--auto-approve", other); code != 0 || strings.Contains(stderr, "waiting") {
		t.Errorf("once more: exit %d: %s", code, stderr)
	}
	if code, _, stderr = l.run("apply", "--auto-approve", "tenant.yaml"); code != 0 || strings.Contains(stderr, "waiting") {
		t.Errorf("at home: exit %d: %s", code, stderr)
	}
}
