package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/cli"
	"pbxsync/internal/faults"
	"pbxsync/internal/journal"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
)

const (
	settle = time.Minute // what the program waits for what may still appear
	host   = "127.0.0.1:1"
	base   = "/api/ver1.0"
	tenant = 12

	alice = "Kanarienvogel/7+\"x\"" // a secret with everything that encodings change
	app   = "Kanarienvogel-9-app-secret"
)

// scene is what a world begins with: the files, the server, and what a run without a
// fault makes of it.
type scene struct {
	dir    string
	seed   map[string]any
	first  string // what was applied long ago, so that there are run records
	wanted *Image
	steps  int
}

// scenes are made once, outside of all bubbles.
var scenes = sync.OnceValue(func() map[string]*scene {
	data, err := os.ReadFile("testdata/seed.yaml")
	if err != nil {
		panic(err)
	}
	seed, err := schema.ParseMap(schema.File{Name: "seed.yaml", Data: data})
	if err != nil {
		panic(err)
	}
	out := map[string]*scene{}
	for _, name := range []string{"tenant", "small", "unlisted"} {
		out[name] = &scene{dir: filepath.Join("testdata", name), seed: seed}
	}
	out["unlisted"].first = filepath.Join("testdata", "first")
	return out
})

// sceneOf returns a scene; the first who asks for it plays it once without a fault.
func sceneOf(t *testing.T, name string) *scene {
	t.Helper()
	s := scenes()[name]
	if s.wanted == nil {
		bubble(t, func(t *testing.T) {
			w := newWorld(t, s)
			if run := w.apply(nil); run.Exit != 0 {
				t.Fatalf("without a fault: exit %d\n%s", run.Exit, run.Output)
			}
			s.wanted = w.image()
			for _, e := range w.trace {
				if e.What == Synced && e.Synced.Type == journal.TypeIntent {
					s.steps++
				}
			}
		})
	}
	return s
}

// world is a server and the disk of one machine.
type world struct {
	t      *testing.T
	scene  *scene
	sim    *simulator.Server
	wire   http.RoundTripper
	root   string // of what the machine has on disk
	disk   string // the folder of run records now
	disks  int
	before *Image
	args   []string

	mu      sync.Mutex // guards what follows
	trace   []Event
	records []simulator.Record
	overdue []simulator.Record // calls whose clients are dead
	runs    []Run
}

func newWorld(t *testing.T, s *scene) *world {
	t.Helper()
	w := &world{t: t, scene: s, sim: simulator.New(simulator.Options{})}
	w.wire = simulator.Transport(w.sim)
	if err := w.sim.Seed(s.seed); err != nil {
		t.Fatal(err)
	}
	w.sim.Record(w.note)
	memory := ""
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		memory = "/dev/shm"
	}
	root, err := os.MkdirTemp(memory, "pbxsync-harness-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	w.root = root
	w.disk = w.newDisk()
	if s.first != "" {
		if r := w.run(nil, "apply", "--auto-approve", s.first); r.Exit != 0 {
			t.Fatalf("%s: exit %d\n%s", s.first, r.Exit, r.Output)
		}
		w.forget()
	}
	w.before = w.image()
	return w
}

// forget lets the history begin now.
func (w *world) forget() {
	w.trace, w.records, w.runs = nil, nil, nil
}

func (w *world) newDisk() string {
	w.disks++
	return filepath.Join(w.root, fmt.Sprint("disk", w.disks))
}

func (w *world) image() *Image {
	w.t.Helper()
	data, err := w.sim.State()
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := ReadImage(schema.Builtin(), data)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// rehearse lets calls go wrong from now on.
func (w *world) rehearse(seed uint64, rules ...faults.Rule) {
	w.sim.Rehearse(faults.Set{Seed: seed, Rules: rules})
}

func (w *world) add(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Run = len(w.runs) + 1
	w.trace = append(w.trace, e)
}

// apply runs the program until it ends or the power fails.
func (w *world) apply(die killer, args ...string) Run {
	return w.run(die, append([]string{"apply", "--auto-approve", w.scene.dir}, args...)...)
}

// person runs a command that makes no call and needs no credentials. It is no run of
// the history.
func (w *world) person(args ...string) Run {
	r := w.run(nil, args...)
	w.runs = w.runs[:len(w.runs)-1]
	return r
}

func (w *world) run(die killer, args ...string) Run {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	p := &process{w: w, die: die, stop: make(chan struct{}), cancel: cancel}
	out := &safeBuffer{}
	env := map[string]string{"PBXSYNC_ENDPOINT": "http://" + host, "PBXSYNC_APP_ID": "app", "PBXSYNC_APP_SECRET": app, "ALICE": alice}
	args = append(args, "--state-dir", w.disk)
	if args[0] == "apply" {
		args = append(args, w.args...)
	}
	program := &cli.Program{Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: out,
		Getenv: func(name string) string { return env[name] }, ConfigDir: func() (string, error) { return w.root, nil },
		Catalogue: schema.Builtin(), Stop: p.stop, Transport: p, Disk: p.open}
	from := len(w.records)
	exit := program.Run(ctx)
	synctest.Wait() // for calls that were under way
	run := Run{Exit: exit, Killed: p.dead, Output: out.String(), From: from, To: len(w.records)}
	run.Edited = slices.ContainsFunc(w.records[from:], func(r simulator.Record) bool { return r.Foreign && r.Committed })
	if p.dead {
		w.disk = p.left
	} else {
		run.After = w.image()
		p.end()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.runs = append(w.runs, run)
	return run
}

// history is what the judge gets.
func (w *world) history() *History {
	w.t.Helper()
	h := &History{Tenant: tenant, Host: host, Before: w.before, Wanted: w.scene.wanted, After: w.image(), Records: w.records, Trace: w.trace, Runs: w.runs,
		Secrets: []string{alice, app}}
	began := map[string]bool{} // since the history began
	for _, e := range w.trace {
		if e.What == Synced && e.Synced.Header != nil {
			began[e.Synced.Header.Run] = true
		}
	}
	folders, _ := filepath.Glob(filepath.Join(w.disk, "*", "*"))
	for _, folder := range folders {
		records, err := journal.Load(folder)
		if err != nil {
			w.t.Error(err)
		}
		for _, r := range records {
			if began[r.Run] {
				h.Journal = append(h.Journal, r)
			}
		}
	}
	_ = filepath.WalkDir(w.root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			data, _ := os.ReadFile(path)
			h.Written += string(data)
		}
		return nil
	})
	return h
}

// tell puts down how a world went.
func (w *world) tell(v *verdict) {
	for i, r := range w.runs {
		_, said, planned := strings.Cut(r.Output, "\nCoverage: ") // the plan is the same for all
		if !planned {
			said = r.Output
		}
		v.errorf("run %d: exit %d, killed %v\n%s", i+1, r.Exit, r.Killed, said)
	}
	for _, e := range w.trace {
		if e.What == Synced && e.Synced.Type != journal.TypePlan {
			v.errorf("run %d: on disk: %s", e.Run, asJSON(e.Synced))
		}
	}
	for _, r := range w.records {
		v.errorf("%8v %s %s %s committed=%v ids=%v status=%d answered=%v %v", r.Start.Round(time.Millisecond), r.What, r.Method, r.Path, r.Committed, r.IDs, r.Status, r.Answered, r.Faults)
	}
}

// moment is one at which something reaches the disk or the wire. A run can end there.
type moment struct {
	N      int    // counted from 1 in each process
	What   string // one of the words below, or before and after with the type of a line
	Path   string // of a call
	Behind int    // bytes that are written and not on disk
}

const (
	onTheWire = "on the wire"
	committed = "committed before the answer"
	reading   = "reading"
	unsynced  = "unsynced"
)

// death says what is left of a run that is cut off.
type death struct {
	Tear int           // bytes that reach the disk of what was not synced
	Late time.Duration // on the wire: the call arrives so much later; 0: it does not
}

// In the place of a death there may be a signal, or a disk that fails once.
var (
	interrupt = &death{Tear: -1}
	diskFails = &death{Tear: -2}
	errDisk   = errors.New("no space left on device")
)

// killer says at which moment the power fails.
type killer func(moment) *death

var errDead = errors.New("the power failed")

// process is one run of the program: its disk and its connections.
type process struct {
	w      *world
	die    killer
	stop   chan struct{}
	cancel context.CancelFunc

	mu      sync.Mutex
	dead    bool
	stopped bool
	left    string // the folder of run records that is left
	moments int
	files   []*file
}

// at is called with the lock, before something happens. An error means that it does not.
func (p *process) at(what, path string) error {
	if p.dead {
		return errDead
	}
	p.moments++
	if p.die == nil {
		return nil
	}
	behind := 0
	for _, f := range p.files {
		behind += len(f.behind)
	}
	switch d := p.die(moment{p.moments, what, path, behind}); d {
	case nil:
	case interrupt:
		p.interrupt()
	case diskFails:
		return errDisk
	default:
		p.kill(d)
		return &cut{d}
	}
	return nil
}

// cut is the error at the moment itself.
type cut struct{ *death }

func (*cut) Error() string { return errDead.Error() }

// kill leaves a copy of what is on disk, and ends everything else.
func (p *process) kill(d *death) {
	p.dead = true
	p.left = p.w.newDisk()
	for _, f := range p.files {
		f.flush(d.Tear)
	}
	copyDir(p.w.t, p.left, p.w.disk)
	p.cancel()
	p.interrupt()
}

// interrupt is the first signal: no further step is begun.
func (p *process) interrupt() {
	if !p.stopped {
		p.stopped = true
		close(p.stop)
	}
}

// end brings everything to disk: the machine goes on.
func (p *process) end() {
	for _, f := range p.files {
		f.flush(len(f.behind))
	}
}

func copyDir(t *testing.T, to, from string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		if d.IsDir() {
			return os.Mkdir(filepath.Join(to, rel), 0o700)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o600)
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// file is a file of run records. What was not synced is not there yet.
type file struct {
	p      *process
	disk   *os.File
	behind []byte
	line   journal.Entry // the last one
}

func (p *process) open(path string) (journal.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.at("before a record", ""); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	p.files = append(p.files, &file{p: p, disk: f})
	return p.files[len(p.files)-1], nil
}

func (f *file) Write(b []byte) (int, error) {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	f.line = entry(b)
	if err := f.p.at("before "+string(f.line.Type), ""); err != nil {
		return 0, err
	}
	f.behind = append(f.behind, b...)
	return len(b), nil
}

func (f *file) Sync() error {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	if err := f.p.at(unsynced, ""); err != nil {
		return err
	}
	for line := range bytes.Lines(f.behind) {
		f.p.w.add(Event{What: Synced, Synced: entry(line)})
	}
	f.flush(len(f.behind))
	return f.p.at("after "+string(f.line.Type), "")
}

// flush brings the first bytes to disk and forgets the others.
func (f *file) flush(n int) {
	_, _ = f.disk.Write(f.behind[:min(n, len(f.behind))])
	f.behind = nil
}

func (f *file) Close() error {
	f.p.mu.Lock()
	defer f.p.mu.Unlock()
	if f.p.dead {
		return errDead
	}
	f.flush(len(f.behind)) // a machine that goes on loses nothing
	return f.disk.Close()
}

func entry(line []byte) journal.Entry {
	var l struct{ Entry journal.Entry }
	_ = json.Unmarshal(line, &l) // the records check their lines themselves
	return l.Entry
}

// RoundTrip carries a call to the server.
func (p *process) RoundTrip(req *http.Request) (*http.Response, error) {
	path, api := strings.CutPrefix(req.URL.Path, base)
	write := api && req.Method != http.MethodGet
	if write {
		body, err := bodyOf(req)
		if err != nil {
			return nil, err
		}
		if err := p.pass(Event{What: Sent, Method: req.Method, Path: path, Host: req.URL.Host}, onTheWire); err != nil {
			p.late(req, body, err)
			return nil, err
		}
	} else if err := p.pass(Event{What: Sent, Method: http.MethodGet, Path: path, Host: req.URL.Host}, reading); err != nil {
		return nil, err
	}
	resp, err := p.w.wire.RoundTrip(req)
	if !write {
		return resp, err
	}
	e := Event{What: Answered, Method: req.Method, Path: path}
	if err == nil {
		e.Status = resp.StatusCode
	}
	if dead := p.pass(e, committed); dead != nil {
		if resp != nil {
			resp.Body.Close()
		}
		return nil, dead
	}
	return resp, err
}

func (p *process) pass(e Event, what string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dead {
		p.w.add(e)
	}
	return p.at(what, e.Path)
}

func bodyOf(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

// late lets a call arrive whose client is dead.
func (p *process) late(req *http.Request, body []byte, err error) {
	var c *cut
	if !errors.As(err, &c) || c.Late == 0 {
		return
	}
	again := req.Clone(context.WithoutCancel(req.Context()))
	time.AfterFunc(c.Late, func() {
		p.w.expect(req.Method, req.URL.Path, body)
		again.Body = io.NopCloser(bytes.NewReader(body))
		if resp, err := p.w.wire.RoundTrip(again); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
}

// expect marks the next record of a call as late: it is no call of the run that is
// going on when it arrives.
func (w *world) expect(method, path string, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	path, _ = strings.CutPrefix(path, base)
	w.overdue = append(w.overdue, simulator.Record{Method: method, Path: path, Body: w.sim.Digest(body)})
}

// note keeps a record of the server.
func (w *world) note(r simulator.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	path, _, _ := strings.Cut(r.Path, "?")
	i := slices.IndexFunc(w.overdue, func(o simulator.Record) bool { return o.Method == r.Method && o.Path == path && o.Body == r.Body })
	if r.What == simulator.RecordCall && i >= 0 {
		r.What = simulator.RecordLate
		w.overdue = slices.Delete(w.overdue, i, i+1)
	}
	w.records = append(w.records, r)
}

// safeBuffer takes what many goroutines print.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
