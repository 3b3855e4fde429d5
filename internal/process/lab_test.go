//go:build unix

package process

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"syscall"
	"testing"
	"time"

	_ "pbxsync/internal/cli" // what is built and started: go test has to know that it changed
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

const (
	appID     = "process-app"
	appSecret = "s3cret-of-the-process-app"
	settle    = time.Second     // nothing that is carried out here comes later
	patience  = 2 * time.Minute // for one program on a machine that has much to do
)

var binary string

// TestMain builds the program as it is shipped.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "pbxsync-process")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "pbxsync")
	if out, err := exec.Command("go", "build", "-o", binary, "pbxsync").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("go build: %v\n%s", err, out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

const seed = `tenants:
  - settings: {id: 12, name: acme, prefix: "12037", extension_len: 3, timezone: Europe/Moscow}
    did: [{id: 201, name: "493023125100"}, {id: 202, name: "493023125101"}, {id: 203, name: "493023125102"}]
    sound: [{id: 301, title: Jazz, dealer: true}, {id: 303, title: Welcome}]
    extension_group: [{id: 351, name: old}, {id: 352, name: theirs}]
    interval: [{id: 451, name: Holidays, timezone: Europe/Berlin, conditions: []}]
  - settings: {id: 99, name: other, prefix: "12099"}
    extension_group: [{name: g00}]
    extension: [{name: "101", type: phone, status: active}]
`

const head = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"

// tenantFile is a tenant of several kinds, with children, references, updates, a delete
// and passwords. n is how many of the kinds that have no limit.
func tenantFile(n int) string {
	var b strings.Builder
	b.WriteString(head + "settings: {timezone: Europe/Berlin}\n")
	b.WriteString("extension_groups:\n  old: {absent: true}\n")
	for i := range n {
		fmt.Fprintf(&b, "  g%02d: {}\n", i)
	}
	b.WriteString("extensions:\n")
	for i := range n {
		fmt.Fprintf(&b, "  \"%d\": {type: phone, status: active, label: Label %d, extension_group: g%02d, phone: {hangup_timeout: %d, record_enabled: false}}\n", phoneName(i), i, i, 20+i)
	}
	b.WriteString("dids:\n  \"493023125100\": {extension: \"101\"}\n  \"493023125101\": {extension: \"102\"}\n")
	b.WriteString("users:\n  client:\n")
	for i := range max(1, n/2) {
		fmt.Fprintf(&b, "    user%02d: {name: User %d, email: u%d@acme.example, access: full, status: active, password: {env: PASSWORD}}\n", i, i, i)
	}
	b.WriteString("intervals:\n  Office: {timezone: Europe/Berlin, conditions: [{start_dow: mon, end_dow: fri, start_time: \"08:00\", end_time: \"18:00\"}]}\n")
	b.WriteString("agents: {remote: {Night: {number: \"4915550240190\", call_timeout: 45, events: [{event_type: agent-login, method: GET, url: \"https://a.example/in\"}, {event_type: agent-logout, method: GET, url: \"https://a.example/out\"}]}}}\n")
	b.WriteString("variables: {ONE: first, TWO: second}\n")
	return b.String()
}

// phoneName numbers extensions from 101 on, without those of emergency calls.
func phoneName(i int) int {
	if i < 9 {
		return 101 + i
	}
	return 113 + i - 9
}

// lab is a simulated PBX on a socket, a folder with files, and programs that run there.
type lab struct {
	testing.TB
	sim *simulator.Server
	web *httptest.Server
	dir string
	env []string

	late    lateCalls // that are still to be carried out
	doubles int       // objects that are there and should not be
	flags   []string  // that guards have asked for
}

func newLab(t testing.TB, o simulator.Options, files map[string]string) *lab {
	t.Helper()
	o.AppID, o.AppSecret = appID, appSecret
	l := &lab{TB: t, sim: simulator.New(o), dir: t.TempDir()}
	if err := seedInto(l.sim); err != nil {
		t.Fatal(err)
	}
	l.web = httptest.NewServer(l)
	t.Cleanup(l.web.Close)
	for name, text := range files {
		l.write(name, text)
	}
	l.env = []string{"PBXSYNC_ENDPOINT=" + l.web.URL, "PBXSYNC_APP_ID=" + appID, "PBXSYNC_APP_SECRET=" + appSecret, "PBXSYNC_SETTLE=" + settle.String(),
		"HOME=" + l.dir, "PATH=" + os.Getenv("PATH"), "PASSWORD=a-password-of-the-lab"}
	return l
}

// ServeHTTP is the simulator, which tells late calls of each list that was read.
func (l *lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.sim.ServeHTTP(w, r)
	if r.Method == http.MethodGet {
		l.late.read(r.URL.Path, 1)
	}
}

func seedInto(s *simulator.Server) error {
	doc, err := file.ParseMap(file.File{Name: "seed", Data: []byte(seed)})
	if err != nil {
		return err
	}
	return s.Seed(doc)
}

// close ends a lab before its test ends: there may be thousands.
func (l *lab) close() {
	l.web.Close()
	_ = os.RemoveAll(l.dir)
}

func (l *lab) write(name, text string) {
	l.Helper()
	if err := os.WriteFile(filepath.Join(l.dir, name), []byte(text), 0o600); err != nil {
		l.Fatal(err)
	}
}

// screen is what a program printed so far.
type screen struct {
	mu   gosync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// says waits until a program has printed something, and reports whether it did before it ended.
func (c *child) says(text string) bool {
	for limit := time.After(patience); ; {
		select {
		case <-limit:
			return false
		case <-c.ended:
			return strings.Contains(c.stderr.String(), text)
		case <-time.After(time.Millisecond):
			if strings.Contains(c.stderr.String(), text) {
				return true
			}
		}
	}
}

// child is a program that runs.
type child struct {
	*exec.Cmd
	lab            *lab
	stdout, stderr screen
	ended          chan struct{} // closed when it has ended
	end            time.Time
}

// start starts the program; change may prepare it.
func (l *lab) start(change func(*exec.Cmd), args ...string) *child {
	l.Helper()
	c := &child{Cmd: exec.Command(binary, args...), lab: l, ended: make(chan struct{})}
	c.Cmd.Dir, c.Cmd.Env = l.dir, slices.Clone(l.env)
	c.Cmd.Stdout, c.Cmd.Stderr = &c.stdout, &c.stderr
	c.Cmd.WaitDelay = time.Second
	if change != nil {
		change(c.Cmd)
	}
	if err := c.Cmd.Start(); err != nil {
		l.Fatal(err)
	}
	go func() {
		_ = c.Cmd.Wait() // how it ended is in the state of the process
		c.end = time.Now()
		close(c.ended)
	}()
	return c
}

// wait returns the exit code, -1 where a signal ended the program.
func (c *child) wait() int {
	c.lab.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		_ = c.Cmd.Process.Kill()
		<-c.ended
		c.lab.Errorf("%v did not end in %v\n%s", c.Cmd.Args, patience, c.stderr.String())
	}
	return c.Cmd.ProcessState.ExitCode()
}

// kill ends the program as a power switch would, and returns when it is gone.
func (c *child) kill() {
	_ = c.Cmd.Process.Signal(syscall.SIGKILL)
	<-c.ended
}

// run runs the program to its end.
func (l *lab) run(args ...string) (code int, stdout, stderr string) {
	l.Helper()
	c := l.start(nil, args...)
	code = c.wait()
	return code, c.stdout.String(), c.stderr.String()
}

// canonical is what the first tenant has, with names for ids.
func canonical(s *simulator.Server) string {
	names := map[int64]string{}
	cat := schema.Builtin()
	for _, k := range cat.Kinds {
		for _, row := range s.Rows(k.Word) {
			if id := number(row["id"]); id > 0 {
				names[id] = k.Word + "/" + nameOf(row)
			}
		}
	}
	var lines []string
	for _, k := range cat.Kinds {
		for _, row := range s.Rows(k.Word) {
			lines = append(lines, k.Word+" "+fmt.Sprint(named(row, names)))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func named(row map[string]any, names map[int64]string) map[string]any {
	out := map[string]any{}
	for name, v := range row {
		if name == "id" || strings.HasSuffix(name, "_date") {
			continue
		}
		if id := number(v); strings.HasSuffix(name, "_id") && names[id] != "" {
			v = names[id]
		}
		out[name] = v
	}
	return out
}

func nameOf(row map[string]any) string {
	for _, name := range []string{"name", "title", "login", "url"} {
		if text, ok := row[name].(string); ok {
			return text
		}
	}
	return "?"
}

func number(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	}
	return 0
}

// records returns the run records below the lab's folder, oldest first.
func (l *lab) records() []string {
	found, _ := filepath.Glob(filepath.Join(l.dir, ".pbxsync", "*", "*", "*.jsonl"))
	slices.SortFunc(found, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	return found
}

// writes counts the writing calls since the last ResetCounts by path, of those that the
// server has carried out.
func (l *lab) writes() map[string]int {
	out := map[string]int{}
	for _, c := range l.sim.History() {
		if c.Method != http.MethodGet {
			out[c.Method+" "+c.Path]++
		}
	}
	return out
}

// each runs cases at the same time, as many as the machine has cores and as many again,
// since a program that waits needs none.
func each[T any](cases []T, f func(i int, c T)) {
	var wg gosync.WaitGroup
	next := make(chan int)
	for range 6 {
		wg.Go(func() {
			for i := range next {
				f(i, cases[i])
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	wg.Wait()
}

// tally counts cases of a row of the table.
type tally struct {
	mu           gosync.Mutex
	tried, right int
	wrong        []string
	times        []time.Duration
}

func (a *tally) note(wrong []string, what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tried++
	if len(wrong) == 0 {
		a.right++
	} else if len(a.wrong) < 5 {
		a.wrong = append(a.wrong, what+":\n"+strings.Join(wrong, "\n"))
	}
}

func (a *tally) took(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.times = append(a.times, d)
}

// worst returns the 99th percentile and the longest time.
func (a *tally) worst() (p99, most time.Duration) {
	if len(a.times) == 0 {
		return 0, 0
	}
	slices.Sort(a.times)
	return a.times[(len(a.times)-1)*99/100].Round(time.Millisecond), a.times[len(a.times)-1].Round(time.Millisecond)
}

// faults collects what is wrong with one case.
type faults struct{ list []string }

func (f *faults) check(good bool, format string, args ...any) {
	if !good {
		f.list = append(f.list, fmt.Sprintf(format, args...))
	}
}

// keys returns the sorted keys of a map, for messages.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
