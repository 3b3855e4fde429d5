package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"

	"pbxsync/internal/canned"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// The credentials that a script's server asks for.
const (
	appID     = "script-app"
	appSecret = "s3cret-of-the-script-app"
)

// scriptCommands are the commands of the scripts beyond testscript's own:
//
//	exits N pbxsync ARGS...          run, and require this exit code
//	within TIME N pbxsync ARGS...    the same, and no longer than TIME
//	example NAME                     copy examples/NAME into the work folder
//	server SEED [null] [admin] [replace] [cap=N] [slow=TIME]
//	                                 start a simulated PBX and name it in the environment
//	server-edit KIND ID FIELD=JSON.. change it behind the API's back
//	server-insert KIND JSON
//	server-remove KIND ID
//	server-rows KIND [FIELD...]      print its objects, a line each
//	server-calls                     print the writes since the last time, or "no writes"
//	server-answer METHOD PART STATUS BODY [TYPE]
//	                                 answer calls whose path has PART so, until server-heal
//	server-lose METHOD PART          carry the next such call out and lose its answer
//	server-meanwhile METHOD PART STATUS KIND JSON
//	                                 answer the next such call so, and add an object as somebody else
//	server-heal                      end server-answer and server-lose
//	line-end NAME TEXT               set an environment variable to TEXT and a line end
//	bytes FILE TEXT                  write a file, with Go's escapes such as \xff
//	same-plan FILE FILE              compare what two reports say of changes and steps
//	many DIR N                       make a folder with N empty files
//	variables N FILE                 write a tenant file with N variables
//	hold FILE                        hold a lock, as another run would
//	damage DIR                       change one letter in each run record below DIR
//	last-run                         put the name of the last run with steps into $RUN
//	nowhere TEXT                     fail if TEXT was printed, sent in a URL, or is in any file
//
// An ID is a number, or @KEY. In JSON, "@KIND/KEY" stands for the id of an object.
var scriptCommands = map[string]func(*testscript.TestScript, bool, []string){
	"exits":         exits,
	"scrub":         scrub,
	"within":        within,
	"example":       example,
	"server":        startServer,
	"server-edit":   serverEdit,
	"server-insert": serverInsert,
	"server-remove": serverRemove,
	"server-rows":   serverRows,
	"server-calls":  serverCalls,
	"server-answer": serverAnswer,
	"server-lose":   serverLose,
	"server-heal":   serverHeal,
	"last-run":      lastRun,

	"server-meanwhile": serverMeanwhile,
	"bytes":            writeBytes,
	"same-plan":        samePlan,
	"many":             makeMany,
	"variables":        writeVariables,
	"hold":             hold,
	"line-end":         lineEnd,
	"damage":           damage,
	"damage-base":      damageBase,
	"nowhere":          nowhere,
}

// script is what the commands of one script share.
type script struct {
	server  *simulator.Server
	printed strings.Builder // everything that the program said

	mu    sync.Mutex // guards what follows, since calls come at the same time
	rules []rule
	urls  strings.Builder
}

// rule answers some calls in the server's place.
type rule struct {
	method, part string
	answer       http.HandlerFunc
	once         bool
}

type scriptKey struct{}

// of returns what the commands of a script share.
func of(ts *testscript.TestScript) *script { return ts.Value(scriptKey{}).(*script) }

// running returns the script's server.
func running(ts *testscript.TestScript) *simulator.Server {
	s := of(ts).server
	if s == nil {
		ts.Fatalf("no server was started")
	}
	return s
}

func setUp(env *testscript.Env) error {
	env.Values[scriptKey{}] = &script{}
	repo, err := os.Getwd()
	env.Setenv("REPO", repo)
	env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
	env.Setenv("COLUMNS", "1000")                                     // what a script looks for is not broken; those about the form set it to 80
	env.Setenv("XDG_RUNTIME_DIR", filepath.Join(env.WorkDir, ".run")) // each script is on a machine of its own
	return errors.Join(err, os.Mkdir(filepath.Join(env.WorkDir, ".run"), 0o700))
}

func usage(ts *testscript.TestScript, neg, good bool, text string) {
	if neg || !good {
		ts.Fatalf("usage: %s", text)
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 2, "exits N COMMAND ARGS...")
	err := ts.Exec(args[1], args[2:]...)
	s := of(ts)
	s.printed.WriteString(ts.ReadFile("stdout"))
	s.printed.WriteString(ts.ReadFile("stderr"))
	var exit *exec.ExitError
	code := 0
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

func within(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 3, "within TIME N COMMAND ARGS...")
	limit, err := time.ParseDuration(args[0])
	ts.Check(err)
	start := time.Now()
	exits(ts, false, args[1:])
	if took := time.Since(start); took > limit {
		ts.Fatalf("took %v, limit %v", took, limit)
	}
}

func example(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "example NAME")
	from := filepath.Join("examples", args[0])
	to := ts.MkAbs(args[0])
	ts.Check(canned.Example(to, from))
}

// makeMany makes a folder with many files in it.
func makeMany(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "many DIR N")
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	for i := range number(ts, args[1]) {
		ts.Check(os.WriteFile(filepath.Join(dir, strconv.Itoa(i)+".txt"), nil, 0o600))
	}
}

func startServer(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 1, "server SEED [null] [admin] [replace] [cap=N] [slow=TIME]")
	o := simulator.Options{AppID: appID, AppSecret: appSecret}
	for _, a := range args[1:] {
		size, capped := strings.CutPrefix(a, "cap=")
		wait, slow := strings.CutPrefix(a, "slow=")
		switch {
		case a == "null":
			o.OnDelete = simulator.Null
		case a == "admin":
			o.Admin = true
		case a == "replace":
			o.VariablesReplace = true
		case capped:
			o.PageCap = number(ts, size)
		case slow:
			latency, err := time.ParseDuration(wait)
			ts.Check(err)
			o.Latency = latency
		default:
			ts.Fatalf("server: %q is not known", a)
		}
	}
	doc, err := file.ParseMap(file.File{Name: args[0], Data: []byte(ts.ReadFile(args[0]))})
	ts.Check(err)
	serverHeal(ts, false, nil)
	s := of(ts)
	s.server = simulator.New(o)
	ts.Check(s.server.Seed(doc))
	s.server.Intercept(s.intercept)
	web := httptest.NewServer(s.server)
	ts.Defer(web.Close)
	ts.Setenv("PBXSYNC_ENDPOINT", web.URL)
	ts.Setenv("PBXSYNC_APP_ID", appID)
	ts.Setenv("PBXSYNC_APP_SECRET", appSecret)
	ts.Setenv("PBXSYNC_SETTLE", "200ms") // nothing comes later here
}

// intercept lets the first rule that fits answer.
func (s *script) intercept(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	fmt.Fprintln(&s.urls, r.URL)
	i := slices.IndexFunc(s.rules, func(x rule) bool { return x.method == r.Method && strings.Contains(r.URL.Path, x.part) })
	if i < 0 {
		s.mu.Unlock()
		return false
	}
	found := s.rules[i]
	if found.once {
		s.rules = slices.Delete(s.rules, i, i+1)
	}
	s.mu.Unlock() // the answer may take its time, or panic
	found.answer(w, r)
	return true
}

func (s *script) add(x rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = append(s.rules, x)
}

func serverAnswer(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 4 || len(args) == 5, "server-answer METHOD PART STATUS BODY [TYPE]")
	status, body, kind := number(ts, args[2]), args[3], "application/json"
	if len(args) == 5 {
		kind = args[4]
	}
	of(ts).add(rule{method: args[0], part: args[1], answer: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}})
}

func serverLose(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "server-lose METHOD PART")
	server := running(ts)
	of(ts).add(rule{method: args[0], part: args[1], once: true, answer: func(_ http.ResponseWriter, r *http.Request) {
		server.Answer(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}})
}

func serverMeanwhile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 5, "server-meanwhile METHOD PART STATUS KIND JSON")
	server, status := running(ts), number(ts, args[2])
	row, ok := decoded(ts, args[4]).(map[string]any)
	usage(ts, false, ok, "server-meanwhile METHOD PART STATUS KIND JSON")
	of(ts).add(rule{method: args[0], part: args[1], once: true, answer: func(w http.ResponseWriter, _ *http.Request) {
		server.Insert(args[3], row)
		w.WriteHeader(status)
	}})
}

func lastRun(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 0, "last-run")
	files, err := filepath.Glob(ts.MkAbs(filepath.Join(".pbxsync", "*", "*", "*.jsonl")))
	ts.Check(err)
	run := ""
	for _, f := range files {
		data, err := os.ReadFile(f)
		ts.Check(err)
		name := strings.TrimSuffix(filepath.Base(f), ".jsonl")
		if strings.Contains(string(data), `"type":"intent"`) && name > run {
			run = name
		}
	}
	ts.Setenv("RUN", run)
}

func serverHeal(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 0, "server-heal")
	s := of(ts)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

func serverEdit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 3, "server-edit KIND ID FIELD=JSON...")
	set := map[string]any{}
	for _, a := range args[2:] {
		field, text, ok := strings.Cut(a, "=")
		usage(ts, false, ok, "server-edit KIND ID FIELD=JSON...")
		set[field] = decoded(ts, text)
	}
	ts.Check(running(ts).Edit(args[0], idOf(ts, args[0], args[1]), set))
}

func serverInsert(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "server-insert KIND JSON")
	row, ok := decoded(ts, args[1]).(map[string]any)
	usage(ts, false, ok, "server-insert KIND JSON")
	running(ts).Insert(args[0], row)
}

func serverRemove(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "server-remove KIND ID")
	ts.Check(running(ts).Remove(args[0], idOf(ts, args[0], args[1])))
}

// serverRows prints objects by name, since ids depend on the order of calls.
func serverRows(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 1, "server-rows KIND [FIELD...]")
	kind := schema.Builtin().Kind(args[0])
	if kind == nil {
		ts.Fatalf("%s is no kind", args[0])
	}
	var lines []string
	for _, row := range running(ts).Rows(args[0]) {
		if len(args) > 1 {
			maps.DeleteFunc(row, func(name string, _ any) bool { return !slices.Contains(args[1:], name) })
		}
		for _, f := range kind.Fields {
			if id := toID(row[f.API]); f.Ref != nil && id != 0 {
				row[f.API] = nameOf(ts, f.Ref.Word, id)
			}
		}
		delete(row, "id")
		delete(row, "client_id")
		delete(row, "create_date")
		lines = append(lines, jsonText(row))
	}
	slices.Sort(lines)
	out := ts.Stdout() // taken even if nothing is printed, so that stdout is empty then
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
}

func serverCalls(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 0, "server-calls")
	server := running(ts)
	some := false
	for _, c := range server.History() {
		if c.Method == http.MethodGet {
			continue
		}
		some = true
		status := strconv.Itoa(c.Status)
		if c.Status == 0 {
			status = "answer lost"
		}
		fmt.Fprintln(ts.Stdout(), c.Method, c.Template, status)
	}
	if !some {
		fmt.Fprintln(ts.Stdout(), "no writes")
	}
	server.ResetCounts()
}

func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "bytes FILE TEXT")
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

func lineEnd(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "line-end NAME TEXT")
	ts.Setenv(args[0], args[1]+"\n")
}

func writeVariables(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "variables N FILE")
	var b strings.Builder
	b.WriteString("version: 1\ntenant: acme\nvariables:\n")
	for i := range number(ts, args[0]) {
		fmt.Fprintf(&b, "  V%d: text\n", i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o666))
}

func hold(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "hold FILE")
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	l := flock.New(path)
	got, err := l.TryLock()
	ts.Check(err)
	if !got {
		ts.Fatalf("%s is held by somebody else", args[0])
	}
	ts.Defer(func() { _ = l.Close() })
}

func nowhere(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "nowhere TEXT")
	s := of(ts)
	if strings.Contains(s.printed.String(), args[0]) {
		ts.Fatalf("%s was printed", args[0])
	}
	s.mu.Lock()
	inURL := strings.Contains(s.urls.String(), args[0])
	s.mu.Unlock()
	if inURL {
		ts.Fatalf("%s was sent in a URL", args[0])
	}
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(data), args[0]) {
			err = fmt.Errorf("%s stands in %s", args[0], path)
		}
		return err
	}))
}

// keyFields are the fields by which a script may name an object.
var keyFields = []string{"login", "title", "var", "name"}

// idOf reads an id: a number, or @KEY. A singleton has its parent's.
func idOf(ts *testscript.TestScript, word, text string) int64 {
	key, ok := strings.CutPrefix(text, "@")
	if !ok {
		return int64(number(ts, text))
	}
	kind := schema.Builtin().Kind(word)
	if kind != nil && kind.Singleton() && len(kind.Parents) > 0 {
		word = kind.Parents[0].Word
	}
	for _, row := range running(ts).Rows(word) {
		if name := name(row); name == key || strings.HasSuffix(name, "*"+key) {
			return toID(row["id"])
		}
	}
	ts.Fatalf("the server has no %s %q", word, key)
	return 0
}

func nameOf(ts *testscript.TestScript, word string, id int64) string {
	for _, row := range running(ts).Rows(word) {
		if toID(row["id"]) == id {
			return "@" + name(row)
		}
	}
	return "@nothing"
}

func name(row map[string]any) string {
	for _, field := range keyFields {
		if text, ok := row[field].(string); ok {
			return text
		}
	}
	return ""
}

func toID(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case json.Number:
		id, _ := v.Int64()
		return id
	}
	return 0
}

// decoded reads JSON, and puts ids for "@KIND/KEY".
func decoded(ts *testscript.TestScript, text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		ts.Fatalf("%s: %v", text, err)
	}
	return withIDs(ts, v)
}

func withIDs(ts *testscript.TestScript, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = withIDs(ts, x)
		}
	case []any:
		for i, x := range v {
			v[i] = withIDs(ts, x)
		}
	case float64:
		return int64(v)
	case string:
		if kind, key, ok := strings.Cut(v, "/"); ok && strings.HasPrefix(kind, "@") {
			return idOf(ts, kind[1:], "@"+key)
		}
	}
	return v
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

func jsonText(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // plain data
	return strings.TrimSpace(b.String())
}

// samePlan compares what two reports say of changes and steps, byte by byte.
func samePlan(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "same-plan FILE FILE")
	var parts [2]struct {
		Tenant, Steps json.RawMessage
		Changes       json.RawMessage `json:"resource_changes"`
	}
	for i, name := range args {
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &parts[i]))
	}
	if len(parts[0].Steps) == 0 || !reflect.DeepEqual(parts[0], parts[1]) {
		ts.Fatalf("%s\nand\n%s", parts[0], parts[1])
	}
}

// damage changes a letter in the second line of each run record.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "damage DIR")
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*", "*", "*.jsonl"))
	ts.Check(err)
	for _, path := range found {
		data, err := os.ReadFile(path)
		ts.Check(err)
		ts.Check(os.WriteFile(path, []byte(strings.Replace(string(data), `"method":"POST"`, `"method":"PUT"`, 1)), 0o600))
	}
}

// scrub writes the results of the last command to a file, TIME in the place of every time.
func scrub(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "scrub FILE")
	times := regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(times.ReplaceAllString(ts.ReadFile("stdout"), "TIME")), 0o600))
}

// damageBase cuts the base of every tenant off.
func damageBase(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 0, "damage-base")
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(".pbxsync"), "*", "*", "base.json"))
	ts.Check(err)
	for _, path := range found {
		data, err := os.ReadFile(path)
		ts.Check(err)
		ts.Check(os.WriteFile(path, data[:len(data)/2], 0o600))
	}
}
