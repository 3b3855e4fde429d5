package outputs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"pbxsync/internal/canned"
	"pbxsync/internal/cli"
	"pbxsync/internal/lock"
	"pbxsync/internal/report/forms"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

const (
	endpoint  = "http://127.0.0.1:1"
	appSecret = "s3cret-of-the-app"
)

// output is a text that the program wrote.
type output struct {
	story, line string
	command     string
	form        string
	text        []byte
}

func (o *output) String() string { return o.story + ": " + o.line + " (" + o.form + ")" }

// world is a simulated PBX, a folder with files, and programs that run there:
//
//	N COMMAND ARGS...            run, with a report in every form; require this exit code. $RUN is the last run
//	example NAME                 copy a folder of examples
//	copy FROM TO                 write a file over another
//	insert KIND JSON             add an object behind the API's back
//	edit KIND KEY JSON           change one
//	remove KIND KEY              take one away
//	answer METHOD PART STATUS BODY   answer such calls so, until heal
//	heal                         end that
type world struct {
	*testing.T
	name   string
	dir    string
	server *simulator.Server
	locks  []string
	env    map[string]string
	wrong  []rule
	all    []output
	said   string // on standard error, by the last program

	transport http.RoundTripper
}

// rule answers calls in the server's place.
type rule struct {
	method, part, body string
	status             int
}

// told plays a story, and returns what the program wrote.
func told(t *testing.T, path string) []output {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, strings.TrimSuffix(filepath.Base(path), ".txtar"))
	for _, f := range a.Files {
		if f.Name == "seed.yaml" {
			w.seed(f.Data)
			continue
		}
		w.write(f.Name, f.Data)
	}
	for line := range strings.Lines(string(a.Comment)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			w.do(line)
		}
	}
	return w.all
}

func newWorld(t *testing.T, name string) *world {
	t.Helper()
	w := &world{T: t, name: name, dir: t.TempDir(), locks: lock.Folders(t.TempDir(), ""),
		server: simulator.New(simulator.Options{AppID: "app", AppSecret: appSecret}),
		env:    map[string]string{"PBXSYNC_ENDPOINT": endpoint, "PBXSYNC_APP_ID": "app", "PBXSYNC_APP_SECRET": appSecret, "PBXSYNC_SETTLE": "1ms"}}
	w.server.Intercept(w.answer)
	w.transport = simulator.Transport(w.server)
	t.Chdir(w.dir)
	return w
}

func (w *world) seed(data []byte) {
	w.Helper()
	doc, err := file.ParseMap(file.File{Name: "seed.yaml", Data: data})
	if err == nil {
		err = w.server.Seed(doc)
	}
	w.check(err)
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) write(name string, data []byte) {
	w.Helper()
	w.check(os.MkdirAll(filepath.Dir(name), 0o755))
	w.check(os.WriteFile(name, data, 0o600))
}

// do carries out a line of a story.
func (w *world) do(line string) {
	w.Helper()
	words := strings.Fields(line)
	rest := func(n int) string { return strings.Join(words[n:], " ") }
	switch words[0] {
	case "example":
		w.example(words[1])
	case "copy":
		data, err := os.ReadFile(words[1])
		w.check(err)
		w.write(words[2], data)
	case "insert":
		w.server.Insert(words[1], w.row(rest(2)))
	case "edit":
		w.check(w.server.Edit(words[1], w.id(words[1], words[2]), w.row(rest(3))))
	case "remove":
		w.check(w.server.Remove(words[1], w.id(words[1], words[2])))
	case "answer":
		status, err := strconv.Atoi(words[3])
		w.check(err)
		w.wrong = append(w.wrong, rule{words[1], words[2], rest(4), status})
	case "heal":
		w.wrong = nil
	default:
		w.command(line, words)
	}
}

// row reads an object; "@KIND/KEY" stands for an id.
func (w *world) row(text string) map[string]any {
	w.Helper()
	var row map[string]any
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		w.Fatalf("%s: %v", text, err)
	}
	for name, v := range row {
		if s, ok := v.(string); ok && strings.HasPrefix(s, "@") {
			kind, key, _ := strings.Cut(s[1:], "/")
			row[name] = w.id(kind, key)
		}
	}
	return row
}

// id finds an object by what people call it.
func (w *world) id(kind, key string) int64 {
	w.Helper()
	for _, row := range w.server.Rows(kind) {
		for _, name := range []string{"name", "title", "login"} {
			if s, ok := row[name].(string); ok && (s == key || strings.HasSuffix(s, "*"+key)) {
				return toID(row["id"])
			}
		}
	}
	w.Fatalf("the server has no %s %s", kind, key)
	return 0
}

func toID(v any) int64 {
	n, _ := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	return n
}

// example copies a folder of examples, and has the server be as the one beside it.
func (w *world) example(name string) {
	w.Helper()
	from := filepath.Join(home, "examples", name)
	w.check(canned.Example(name, from))
	for _, gone := range []string{"pbxsync.yaml", "_seed.yaml"} {
		w.check(os.RemoveAll(filepath.Join(name, gone)))
	}
	seed, err := os.ReadFile(filepath.Join(from, "_seed.yaml"))
	w.check(err)
	w.seed(seed)
	for _, key := range []string{"IDA", "ALICE", "AUDIT", "BERND", "RITA", "LENA", "NILS", "KARL", "SALES", "SERVICE", "HAMBURG"} {
		w.env["ACME_"+key+"_PASSWORD"] = "secret-of-" + strings.ToLower(key)
	}
}

// home is the folder of the repository. Tests change theirs.
var home = func() string {
	dir, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return dir
}()

func (w *world) answer(out http.ResponseWriter, r *http.Request) bool {
	for _, x := range w.wrong {
		if x.method == r.Method && strings.Contains(r.URL.Path, x.part) {
			out.Header().Set("Content-Type", "application/json")
			out.WriteHeader(x.status)
			_, _ = io.WriteString(out, x.body)
			return true
		}
	}
	return false
}

// reporting are the commands that make reports.
var reporting = []string{"validate", "plan", "apply", "drift", "show", "undo"}

// command runs a command with every form into a file and, where it only reads, before that with JSON on standard output.
func (w *world) command(line string, words []string) {
	w.Helper()
	want, err := strconv.Atoi(words[0])
	w.check(err)
	args := words[1:]
	if i := slices.Index(args, "$RUN"); i > 0 {
		args[i] = w.lastRun()
	}
	if args[0] == "pull" { // its one document is no report
		w.all = append(w.all, output{w.name, line, "pull", "json", w.run(want, line, "json", append(slices.Clone(args), "--format", "json"))})
		return
	}
	if args[0] != "apply" && args[0] != "undo" {
		w.all = append(w.all, output{w.name, line, args[0], "json", w.run(want, line, "json", append(slices.Clone(args), "--format", "json"))})
	}
	with := slices.Clone(args)
	for _, f := range forms.Names() {
		with = append(with, "--report", f+"=report."+f)
	}
	w.run(want, line, "text", with)
	for _, f := range forms.Names() {
		data, err := os.ReadFile("report." + f)
		w.check(err)
		w.check(os.Remove("report." + f))
		w.all = append(w.all, output{w.name, line, args[0], f, data})
	}
}

// lastRun is the name of the last run.
func (w *world) lastRun() string {
	w.Helper()
	files, err := filepath.Glob(filepath.Join(".pbxsync", "*", "*", "*.jsonl"))
	if err != nil || len(files) == 0 {
		w.Fatalf("no run records: %v", err)
	}
	slices.Sort(files)
	return strings.TrimSuffix(filepath.Base(files[len(files)-1]), ".jsonl")
}

// run runs the program once, and returns what it printed.
func (w *world) run(want int, line, form string, args []string) []byte {
	w.Helper()
	var out, said bytes.Buffer
	p := &cli.Program{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said,
		Getenv: func(name string) string { return w.env[name] }, ConfigDir: func() (string, error) { return w.dir, nil }, LockDirs: func() []string { return w.locks },
		Catalogue: schema.Builtin(), Transport: w.transport}
	if got := p.Run(context.Background()); got != want {
		w.Fatalf("%s: %s (%s): exit %d, want %d: %s%s", w.name, line, form, got, want, out.Bytes(), said.Bytes())
	}
	w.said = said.String()
	return out.Bytes()
}

// stories plays all stories once for all tests.
func stories(t *testing.T) []output {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(home, "internal", "outputs", "testdata", "stories", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d stories: %v", len(paths), err)
	}
	if len(written) == 0 {
		for _, path := range paths {
			t.Run(filepath.Base(path), func(t *testing.T) { written = append(written, told(t, path)...) })
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	return written
}

var written []output
