package sync_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/local"
	"pbxsync/sync/pbx"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// seed is the tenant before anybody writes files for it.
const seed = `
tenants:
  - settings: {id: 12, name: acme, prefix: "12037", extension_len: 3, timezone: Europe/Berlin, domain: sip.acme.example}
    limit: {extension_limit: 10}
    extension_group: [{id: 5, name: sales}]
    extension: [{id: 7, name: "101", type: queue, status: active, label: Alice, extension_group_id: 5}]
`

// grown is what the files say beyond what was imported.
const grown = `version: 1
extension_groups: {support: {}}
extensions:
  "201": {type: queue, status: active, label: Bob, extension_group: support}
  "202": {type: queue, status: active, label: Carol, extension_group: support}
`

// These name, for the program that is going to crash, the server and where it keeps records.
const (
	crashServer  = "PBXSYNC_TEST_CRASH_SERVER"
	crashRecords = "PBXSYNC_TEST_CRASH_RECORDS"
)

// life is a program that uses the engine, as one outside of this module would.
type life struct {
	*testing.T
	engine *sync.Engine
	store  *local.Store
	told   []string
}

func newLife(t *testing.T, endpoint, records string) *life {
	t.Helper()
	server, err := pbx.Dial(pbx.Config{Endpoint: endpoint, AppID: "id", AppSecret: "not told to anybody"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	store, err := local.Open(local.Config{Dir: records, Endpoint: endpoint, Tool: "life"})
	if err != nil {
		t.Fatal(err)
	}
	return &life{T: t, engine: &sync.Engine{Reader: server.Reader(), Writer: server.Writer(), Store: store}, store: store}
}

func options() sync.Options {
	return sync.Options{Parallelism: 1, Settle: 50 * time.Millisecond, RevertDrift: true} // the catalogue is the built-in one
}

// life is its own operator: it notes what it is told, and approves.
func (l *life) Event(run.Event) {}

func (l *life) Notice(n sync.Notice) {
	switch n := n.(type) {
	case sync.Looking:
		l.told = append(l.told, "looking for "+n.Open[0].Address)
	case sync.Settled:
		l.told = append(l.told, string(n.How)+" "+n.Open.Address)
	}
}

func (l *life) Approve(context.Context, *sync.Planned) error { return nil }

func (l *life) parse(files []file.File) *schema.Tenant {
	l.Helper()
	desired, problems := file.Parse(schema.Builtin(), files)
	if err := problems.Err(); err != nil {
		l.Fatal(err)
	}
	return desired
}

// imported returns the tenant as files.
func (l *life) imported() []file.File {
	l.Helper()
	got, err := l.engine.Import(l.Context(), options(), sync.ImportOptions{})
	if err != nil {
		l.Fatal(err)
	}
	return got.Files.Files
}

// apply brings the tenant to what is desired in so many steps.
func (l *life) apply(desired *schema.Tenant, steps int) {
	l.Helper()
	done, err := l.engine.Apply(l.Context(), desired, options(), l)
	if err != nil || done.Summary.Done != steps {
		l.Fatalf("%+v, want %d steps: %v", done.Summary, steps, err)
	}
	l.Logf("applied %d steps", steps)
}

// applySaved brings the tenant to what is desired by a plan that was written as JSON, once; the
// second time it is outdated.
func (l *life) applySaved(desired *schema.Tenant) {
	l.Helper()
	planned, err := l.engine.Plan(l.Context(), desired, options(), l)
	if err != nil {
		l.Fatal(err)
	}
	data, err := planned.Plan.Bytes()
	if err != nil {
		l.Fatal(err)
	}
	value, err := plan.Decode(data)
	if err != nil {
		l.Fatal(err)
	}
	saved := &sync.Saved{Where: "plan.json", JSON: data, Value: value, Protected: planned.Protections()}
	if done, err := l.engine.ApplySaved(l.Context(), saved, options(), l); err != nil || done.Summary.Done != len(value.Steps) {
		l.Fatalf("%+v, want %d steps: %v", done.Summary, len(value.Steps), err)
	}
	l.Logf("applied a saved plan of %d steps", len(value.Steps))
	_, err = l.engine.ApplySaved(l.Context(), saved, options(), l)
	if f := (*sync.Failure)(nil); !errors.As(err, &f) || f.End != sync.Outdated {
		l.Errorf("the same plan again: %v", err)
	}
}

// undo takes a run back.
func (l *life) undo(run string, files *schema.Tenant) {
	l.Helper()
	o := options()
	o.Allow.Loss = []string{"extension/201", "extension/202"} // calls that nobody can count
	done, err := l.engine.Undo(l.Context(), run, files, o, l)
	if err != nil {
		l.Fatalf("undo %s: %v", run, err)
	}
	l.Logf("undone by %d steps", done.Summary.Done)
}

// runs are the names of the runs that have sent something, the latest first.
func (l *life) runs() []string {
	l.Helper()
	all, _, err := l.store.Runs()
	if err != nil {
		l.Fatal(err)
	}
	var out []string
	for _, r := range all {
		if r.Steps > 0 {
			out = append([]string{r.Name}, out...)
		}
	}
	return out
}

// A whole life of a tenant by exported calls alone, over HTTP: taken over as files, planned,
// changed by a program that dies while a call is under way, gone on with, watched, and
// taken back run by run to what it was.
func TestWholeLife(t *testing.T) {
	_, endpoint := canned.Serve(t, seed)
	records := filepath.Join(t.TempDir(), "records")
	l := newLife(t, endpoint, records)

	before := l.imported()
	first := l.parse(before)
	planned, err := l.engine.Plan(t.Context(), first, options(), l)
	if err != nil || len(planned.Plan.Steps) != 0 {
		t.Fatalf("the plan after an import: %v", err)
	}
	desired := l.parse(append(before, file.File{Name: "grown.yaml", Data: []byte(grown)}))
	if planned, err = l.engine.Plan(t.Context(), desired, options(), l); err != nil || len(planned.Plan.Steps) != 5 {
		t.Fatalf("%v: %v", planned, err)
	}
	t.Log("imported and planned")

	crash(t, endpoint, records, append(before, file.File{Name: "grown.yaml", Data: []byte(grown)}))
	if err := l.engine.Resume(t.Context(), desired, options(), l); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(l.told, ", "); got != "looking for extension/201, adopted extension/201" {
		t.Fatalf("after the crash: %s", got)
	}
	t.Logf("after a crash: %s", strings.Join(l.told, ", "))
	l.apply(desired, 2) // 201 is there, once; 202 and its queue

	if _, err := l.engine.Writer.Send(t.Context(), http.MethodPut, "/client/12/extension/7", map[string]any{"label": "Mallory"}); err != nil {
		t.Fatal(err) // somebody else
	}
	drift, err := l.engine.Drift(t.Context(), desired, options(), l)
	if err != nil || len(drift.State.Diff.Changes) != 1 {
		t.Fatalf("%v: %v", drift, err)
	}
	t.Logf("drift: %s %s", drift.State.Diff.Changes[0].Action, drift.State.Diff.Changes[0].Address())
	l.applySaved(desired)

	runs := l.runs()
	if len(runs) != 3 {
		t.Fatalf("runs on record: %v", runs)
	}
	for _, run := range runs[1:] { // the drift stays mended
		l.undo(run, first)
	}
	after := l.imported()
	for i, f := range before {
		if len(after) != len(before) || !bytes.Equal(f.Data, after[i].Data) {
			t.Fatalf("%s was\n%s\nand is\n%s", f.Name, f.Data, after[i].Data)
		}
	}
}

// crash applies files in another process, which dies when the second object is made.
func crash(t *testing.T, endpoint, records string, files []file.File) {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(os.Args[0], "-test.run", "^TestProgramThatCrashes$")
	c.Dir = dir
	c.Env = append(os.Environ(), crashServer+"="+endpoint, crashRecords+"="+records)
	if out, err := c.CombinedOutput(); c.ProcessState == nil || c.ProcessState.ExitCode() != killed {
		t.Fatalf("%v\n%s", err, out)
	}
}

// killed is the exit code of the program that crashes.
const killed = 77

// TestProgramThatCrashes is that program.
func TestProgramThatCrashes(t *testing.T) {
	if os.Getenv(crashServer) == "" {
		t.Skip("run by TestWholeLife alone")
	}
	l := newLife(t, os.Getenv(crashServer), os.Getenv(crashRecords))
	l.engine.Writer = &dying{Writer: l.engine.Writer}
	names, err := filepath.Glob("*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var files []file.File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file.File{Name: name, Data: data})
	}
	_, err = l.engine.Apply(t.Context(), l.parse(files), options(), l)
	t.Fatalf("it lives: %v", err)
}

// dying ends its process once the second call has been carried out, before anybody learns of it.
type dying struct {
	call.Writer
	sent int
}

func (d *dying) Send(ctx context.Context, method, path string, body map[string]any) (map[string]any, error) {
	row, err := d.Writer.Send(ctx, method, path, body)
	if d.sent++; d.sent == 2 {
		os.Exit(killed)
	}
	return row, err
}
