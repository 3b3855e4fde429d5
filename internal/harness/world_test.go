package harness

import (
	"context"
	"fmt"
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
	"pbxsync/schema/file"
)

const (
	settle = time.Minute // what the program waits for what may still appear
	host   = "127.0.0.1:1"
	base   = "/api/ver1.0"
	tenant = 12
	goes   = "extension/192" // which the files delete

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
	seed, err := file.ParseMap(file.File{Name: "seed.yaml", Data: data})
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
	names  map[string]bool // of records and their folders, that are on disk
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
	w.names = map[string]bool{}
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
	return w.run(die, append([]string{"apply", "--auto-approve", "--revert-drift", "--approve", "lock-out", "--allow-loss", goes, w.scene.dir}, args...)...)
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
	synctest.Wait() // for what came late
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

// tell records how a world went.
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
