//go:build unix

package process

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
)

// atOnce tells an end at once from one that waits for the calls under way, however busy the
// machine is. What it took is published: on a quiet one it is far below 100 ms. It is not
// taken from the program: a longer grace has to be noticed.
const (
	grace  = 30 * time.Second
	atOnce = grace / 2
)

// gate holds writing calls from the nth one on.
type gate struct {
	n       int32
	seen    atomic.Int32
	commits bool          // what is held is carried out first
	here    chan struct{} // closed when the nth is there
	open    chan struct{} // closed to let all go on
}

func newGate(n int, commits bool) *gate {
	return &gate{n: int32(n), commits: commits, here: make(chan struct{}), open: make(chan struct{})}
}

func (g *gate) hold(s *simulator.Server) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			return false
		}
		n := g.seen.Add(1)
		if n < g.n {
			return false
		}
		rec := httptest.NewRecorder()
		if g.commits {
			s.Answer(rec, r)
		}
		if n == g.n {
			close(g.here)
		}
		<-g.open
		if !g.commits {
			return false
		}
		for name, v := range rec.Header() {
			w.Header()[name] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
		return true
	}
}

type signalCase struct {
	first, second syscall.Signal // second: 0 for none
	between       time.Duration
	n             int // of the call that is held
	parallelism   int
	commits       bool
	silent        bool // the server does not answer any more
	full          bool // nobody reads what the program prints
}

// TestSignals interrupts runs in the middle of their calls.
func TestSignals(t *testing.T) {
	text := tenantFile(3)
	want, counts := reference(t, text)
	var cases []signalCase
	for n := 1; n <= counts.Writes; n++ {
		for _, parallelism := range []int{1, 8} {
			cases = append(cases, signalCase{first: []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[n%3], n: n, parallelism: parallelism, commits: n%2 == 0})
			for _, between := range []time.Duration{0, 10 * time.Millisecond, 100 * time.Millisecond} {
				cases = append(cases, signalCase{first: syscall.SIGINT, second: syscall.SIGTERM, between: between, n: n, parallelism: parallelism, commits: n%2 == 1, silent: true, full: n%4 == 0})
			}
			for _, between := range []time.Duration{2500 * time.Millisecond, 7500 * time.Millisecond} {
				cases = append(cases, signalCase{first: syscall.SIGTERM, second: syscall.SIGKILL, between: between, n: n, parallelism: parallelism, commits: n%2 == 0, silent: true})
			}
		}
	}
	cases = append(cases, signalCase{first: syscall.SIGINT, n: 2, parallelism: 8, silent: true}, signalCase{first: syscall.SIGTERM, n: 3, parallelism: 1, silent: true, commits: true})
	if !evidence.Full() {
		cases = some(cases, func(k signalCase) bool { return (k.second == 0) == !k.silent && k.between < time.Second }, 14)
	}
	var all, second, silent, ends tally
	each(cases, func(_ int, k signalCase) {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
		defer l.close()
		f := &faults{}
		took := l.interrupt(f, k)
		if k.second != syscall.SIGKILL {
			ends.note(f.list, fmt.Sprintf("%+v", k))
		}
		switch {
		case k.second == 0 && k.silent:
			silent.took(took)
		case k.second == 0:
			all.took(took)
		case k.second != syscall.SIGKILL:
			second.took(took)
		}
		l.converges(f, want)
		all.note(f.list, fmt.Sprintf("%+v", k))
	})
	p99, most := all.worst()
	p99two, mostTwo := second.worst()
	figure := fmt.Sprintf("from the signal, or the answer to the last call if that was later, to the exit: p99 %v, worst %v; from the second signal: p99 %v, worst %v", p99, most, p99two, mostTwo)
	if _, most := silent.worst(); most > 0 {
		figure += fmt.Sprintf("; with a server that does not answer any more: worst %v", most)
	}
	report(t, "18", &all, figure)
	report(t, "interrupt", &ends, figure)
}

// some picks cases evenly.
func some[T any](cases []T, good func(T) bool, n int) []T {
	var left, out []T
	for _, c := range cases {
		if good(c) {
			left = append(left, c)
		}
	}
	for i := range n {
		out = append(out, left[i*len(left)/n])
	}
	return out
}

// interrupt starts a run, sends it what the case says while a call is held, and returns
// the time from the last signal, or from the answer, to the end.
func (l *lab) interrupt(f *faults, k signalCase) time.Duration {
	g := newGate(k.n, k.commits)
	l.sim.Intercept(g.hold(l.sim))
	defer l.sim.Intercept(nil)
	change, fill := func(*exec.Cmd) {}, func() {}
	if k.full {
		var w *os.File
		w, fill = l.unread()
		change = func(c *exec.Cmd) { c.Stderr = w }
	}
	c := l.start(change, "apply", "--auto-approve", "--parallelism", fmt.Sprint(k.parallelism), "tenant.yaml")
	select {
	case <-g.here:
	case <-time.After(patience):
		c.kill()
		f.check(false, "it never came to its call %d", k.n)
		return 0
	case <-c.ended:
		f.check(false, "it ended before its call %d: %s", k.n, c.stderr.String())
		return 0
	}
	fill()
	if k.parallelism > 1 {
		time.Sleep(20 * time.Millisecond) // so that the others arrive
	}
	_ = c.Process.Signal(k.first)
	sent := time.Now()
	if k.second != 0 {
		time.Sleep(k.between)
		_ = c.Process.Signal(k.second)
		sent = time.Now()
	} else if !k.silent {
		f.check(c.says("interrupted: no further step begins"), "it does not say that it stops: %s", c.stderr.String())
		close(g.open)
		sent = time.Now()
	}
	code := c.wait()
	took := c.end.Sub(sent)
	begun := int(g.seen.Load())
	if k.silent {
		close(g.open)
	}
	if k.second == syscall.SIGKILL {
		return took
	}
	f.check(code == 130, "exit %d: %s", code, c.stderr.String())
	f.check(begun <= k.n-1+k.parallelism, "%d calls began", begun)
	text := c.stderr.String()
	switch {
	case k.full:
		f.check(took < atOnce, "it took %v", took)
	case k.second != 0:
		f.check(took < atOnce, "it took %v", took)
		f.check(strings.Contains(text, "it is not known whether these were carried out: step "), "%s", text)
	default:
		limit := atOnce
		if k.silent {
			limit += grace
		}
		f.check(took < limit, "it took %v", took)
		f.check(strings.Contains(text, "interrupted; ") && strings.Contains(text, "run apply again"), "%s", text)
		f.check(l.finished(), "the record does not end")
	}
	return took
}

// finished reports whether the newest record says how its run ended.
func (l *lab) finished() bool {
	all := l.records()
	if len(all) == 0 {
		return false
	}
	data, _ := os.ReadFile(all[len(all)-1])
	return strings.Contains(string(data), `"type":"finished"`)
}

// unread returns the end of a pipe that nobody reads, and what fills it to the brim.
func (l *lab) unread() (w *os.File, fill func()) {
	r, w, err := os.Pipe()
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { r.Close(); w.Close() })
	return w, func() {
		go func() { _, _ = w.Write(make([]byte, 1<<20)) }() // it never ends
		time.Sleep(30 * time.Millisecond)
	}
}

// Whoever reads the output may go, or not be there at all: the run is carried out.
func TestOutputGone(t *testing.T) {
	text := tenantFile(3)
	want, _ := reference(t, text)
	const apply = `"$0" apply --auto-approve tenant.yaml`
	var a tally
	each([]string{
		"exec " + apply + " >&-", "exec " + apply + " 2>&-", "exec " + apply + " <&- >&- 2>&-", "exec " + apply + " >/dev/full 2>/dev/full",
		"{ " + apply + "; echo $? >code; } 2>&1 | true; exit $(cat code)", "{ " + apply + " --format json; echo $? >code; } 2>&1 | head -c 1; exit $(cat code)",
	}, func(_ int, script string) {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": text})
		f := &faults{}
		c := l.start(func(c *exec.Cmd) { c.Path, c.Args = "/bin/sh", []string{"sh", "-c", script, binary} })
		code := c.wait()
		f.check(code == 0 && canonical(l.sim) == want, "exit %d", code)
		l.converges(f, want)
		a.note(f.list, script)
		l.close()
	})
	report(t, "18", &a, fmt.Sprintf("output closed, full or read by nobody: %d of %d runs carried out", a.right, a.tried))
}

// What could not be printed is an error, unless whoever read it has had enough.
func TestOutputFails(t *testing.T) {
	l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": tenantFile(2)})
	for _, command := range []string{"plan tenant.yaml", "plan --format json tenant.yaml", "validate tenant.yaml", "schema"} {
		c := l.start(func(c *exec.Cmd) {
			c.Path, c.Args = "/bin/sh", []string{"sh", "-c", `exec "$0" ` + command + " >/dev/full", binary}
		})
		if code := c.wait(); code != 1 || !strings.Contains(c.stderr.String(), "no space left") {
			t.Errorf("%s: exit %d: %s", command, code, c.stderr.String())
		}
	}
}

// Reading ends with the first signal, and so does a question.
func TestSignalWhileReading(t *testing.T) {
	for _, command := range []string{"plan", "drift", "apply"} {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": tenantFile(2)})
		here, open := make(chan struct{}), make(chan struct{})
		var once atomic.Bool
		l.sim.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if once.CompareAndSwap(false, true) {
				close(here)
			}
			<-open
			return false
		})
		args := []string{command, "tenant.yaml"}
		if command == "apply" {
			args = append(args, "--auto-approve")
		}
		c := l.start(nil, args...)
		<-here
		sent := time.Now()
		_ = c.Process.Signal(syscall.SIGINT)
		code := c.wait()
		close(open)
		if took := c.end.Sub(sent); code != 130 || took > atOnce || c.stderr.String() != "pbxsync: interrupted while reading; nothing was written\n" {
			t.Errorf("%s: exit %d after %v: %s", command, code, took, c.stderr.String())
		}
		l.close()
	}
}
