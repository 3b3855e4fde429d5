package process

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	gosync "sync"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
)

const (
	mostMemory = 1 << 30 // bytes; a file that is read whole, or one of these without an end, takes more
	guarded    = "s3cr3t-that-n0-message-repeats"
)

// role is what a hostile thing stands for: where it lies in the lab's folder, and the command
// that meets it.
type role struct {
	name  string
	path  string // in the folder t, beside a good tenant.yaml
	args  []string
	place string // what the refusal names
	files map[string]string
	env   []string
	named bool // by the person who runs it, so a link may lead anywhere, and a pipe is waited for
	made  bool // by pbxsync itself: an apply has to be made first
}

const secretTenant = head + `users: {client: {alice: {name: Alice, email: alice@acme.example, status: active, access: full, password: {file: _secrets.yaml, key: alice}}}}` + "\n"

func roles() []role {
	return []role{
		{name: "tenant file", path: "t/x.yaml", args: []string{"plan", "t"}, place: "t/x.yaml"},
		{name: "profile", path: "t/pbxsync.yaml", args: []string{"plan", "t"}, place: "t/pbxsync.yaml"},
		{name: "seed", path: "t/_seed.yaml", args: []string{"plan", "t"}, place: "t/_seed.yaml", files: map[string]string{"t/pbxsync.yaml": "endpoint: simulator\nseed: _seed.yaml\n"}, env: []string{"PBXSYNC_ENDPOINT="}},
		{name: "sound", path: "t/s.wav", args: []string{"validate", "t"}, place: "t/tenant.yaml:", files: map[string]string{"t/tenant.yaml": head + "sounds: {S: {file: s.wav}}\n"}},
		{name: "secret", path: "t/_secrets.yaml", args: []string{"apply", "--auto-approve", "t"}, place: "t/_secrets.yaml", files: map[string]string{"t/tenant.yaml": secretTenant}},
		{name: "record", path: "t/.pbxsync/HOST/12037/20990101T000000.000Z-abcdef.jsonl", args: []string{"runs", "t"}, place: "20990101T000000.000Z-abcdef.jsonl", made: true},
		{name: "lock", path: "t/.pbxsync/HOST/12037/lock", args: []string{"apply", "--auto-approve", "t"}, place: "12037/lock", made: true},
		{name: "records", path: "t/.pbxsync", args: []string{"apply", "--auto-approve", "t"}, place: "t/.pbxsync"},
		{name: "plan", path: "p.json", args: []string{"apply", "p.json"}, place: "p.json", named: true},
		{name: "own profile", path: "own.yaml", args: []string{"plan", "--config", "own.yaml", "t"}, place: "own.yaml", env: []string{"PBXSYNC_ENDPOINT="}, named: true},
		{name: "app secret", path: "app", args: []string{"plan", "t"}, place: "app", env: []string{"PBXSYNC_APP_SECRET=", "PBXSYNC_APP_SECRET_FILE=app"}, named: true},
	}
}

// thing is something hostile that can lie at a path.
type thing struct {
	name   string
	make   func(l *lab, path string) error
	unless func(r role) bool
}

func things() []thing {
	link := func(to func(l *lab) string) func(*lab, string) error {
		return func(l *lab, path string) error { return os.Symlink(to(l), path) }
	}
	write := func(data string) func(*lab, string) error {
		return func(_ *lab, path string) error { return os.WriteFile(path, []byte(data), 0o600) }
	}
	named := func(r role) bool { return r.named }
	keepsText := func(r role) bool { return r.name == "lock" }                                            // whatever stands in it is for people
	torn := func(r role) bool { return r.name == "record" || r.name == "lock" || r.name == "app secret" } // a record without a whole line is of a run that sent nothing
	large := func(r role) bool { return r.name == "lock" || r.name == "records" || r.name == "sound" }    // they have their own cases
	return []thing{
		{"link out", link(func(l *lab) string { return filepath.Join(l.dir, "outside") }), named},
		{"link up", link(func(*lab) string { return strings.Repeat("../", 12) + "etc/passwd" }), named},
		{"link to a device", link(func(*lab) string { return "/dev/zero" }), nil},
		{"link to itself", func(_ *lab, path string) error { return os.Symlink(filepath.Base(path), path) }, nil},
		{"pipe", func(_ *lab, path string) error { return syscall.Mkfifo(path, 0o600) }, func(r role) bool { return r.named && r.name != "plan" }},
		{"socket", func(l *lab, path string) error { return socket(path) }, nil},
		{"device", func(_ *lab, path string) error { return syscall.Mknod(path, syscall.S_IFCHR|0o600, 1<<8|5) }, nil},
		{"folder", func(_ *lab, path string) error { return os.Mkdir(path, 0o700) }, func(r role) bool { return r.name == "records" || r.name == "tenant file" }}, // which it may be
		{"4 GiB, sparse", func(_ *lab, path string) error {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				return err
			}
			return os.Truncate(path, 4<<30)
		}, keepsText},
		{"one text", write(guarded + "\n"), torn},
		{"nested 100,000 deep", write(strings.Repeat("[", 100_000)), func(r role) bool { return large(r) || torn(r) }},
		{"nested 1,000 deep by lines", write(deepLines(1000)), func(r role) bool { return large(r) || r.name == "app secret" }},
		{"NUL, control characters, no text", write("version: 1\n\x00\x1b[2J\xff" + guarded), func(r role) bool { return r.name == "lock" }},
	}
}

func deepLines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func socket(path string) error {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	here, err := os.Open(filepath.Dir(path)) // the path alone may be too long for a socket
	if err != nil {
		return err
	}
	defer here.Close()
	return syscall.Bind(fd, &syscall.SockaddrUnix{Name: fmt.Sprintf("/proc/self/fd/%d/%s", here.Fd(), filepath.Base(path))})
}

// row is what came of one role in the table.
type row struct {
	cases, refused, placed int
	memory                 int64
	took                   time.Duration
}

// TestHostileFolders lets each hostile thing stand for each file that pbxsync reads: it is
// refused with its place, nothing is sent, nothing of it is repeated, and it costs little.
func TestHostileFolders(t *testing.T) {
	var a tally
	rows := map[string]*row{}
	var mu gosync.Mutex
	type pair struct {
		r role
		h thing
	}
	var cases []pair
	n := 0
	for _, r := range roles() {
		rows[r.name] = &row{}
		for _, h := range things() {
			if n++; h.unless == nil || !h.unless(r) {
				if !evidence.Full() && n%3 != 0 {
					continue // each thing comes with some roles, and each role with some things
				}
				cases = append(cases, pair{r, h})
			}
		}
	}
	each(cases, func(_ int, c pair) {
		f, m, took, placed := hostile(t, c.r, c.h)
		a.note(f.list, c.r.name+", "+c.h.name)
		mu.Lock()
		defer mu.Unlock()
		w := rows[c.r.name]
		w.cases++
		w.memory, w.took = max(w.memory, m), max(w.took, took)
		if len(f.list) == 0 {
			w.refused++
		}
		if placed {
			w.placed++
		}
	})
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "as\tcases\trefused\twith place\tmemory at most\ttime at most")
	for _, r := range roles() {
		x := rows[r.name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d MiB\t%v\n", r.name, x.cases, x.refused, x.placed, x.memory>>20, x.took.Round(time.Millisecond))
	}
	_ = w.Flush()
	t.Logf("hostile folders:\n%s", b.String())
	report(t, "hardening", &a, fmt.Sprintf("%d hostile files as %d kinds of input: %d refused with their place", a.tried, len(rows), a.right))
}

// hostile runs one case.
func hostile(t *testing.T, r role, h thing) (f *faults, memory int64, took time.Duration, placed bool) {
	f = &faults{}
	l := newLab(t, simulator.Options{}, map[string]string{"outside": guarded + ": 1\n"})
	defer l.close()
	l.env = append(l.env, append(r.env, "XDG_RUNTIME_DIR="+l.dir)...)
	if err := os.Mkdir(filepath.Join(l.dir, "t"), 0o700); err != nil {
		t.Error(err)
	}
	l.write("t/tenant.yaml", head+"extension_groups: {one: {}}\n")
	for _, name := range keys(r.files) {
		l.write(name, r.files[name])
	}
	path := filepath.Join(l.dir, r.path)
	if r.made {
		if code, _, stderr := l.run("apply", "--auto-approve", "t"); code != 0 {
			f.check(false, "the first apply: %d %s", code, stderr)
		}
		found, _ := filepath.Glob(filepath.Join(l.dir, "t", ".pbxsync", "*", "12037"))
		if len(found) != 1 {
			f.check(false, "no records: %v", found)
			return
		}
		path = filepath.Join(found[0], filepath.Base(r.path))
		_ = os.Remove(path)
	}
	if err := h.make(l, path); err != nil {
		if os.Geteuid() != 0 { // only the superuser makes devices
			return
		}
		f.check(false, "%v", err)
		return
	}
	l.sim.ResetCounts()
	began := time.Now()
	c := l.start(nil, r.args...)
	code := c.wait()
	took = time.Since(began)
	if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = usage.Maxrss << 10
	}
	said := c.stdout.String() + c.stderr.String()
	placed = strings.Contains(said, r.place)
	f.check(code == 1 || code == 3, "exit %d: %.300s", code, said)
	f.check(placed, "%s is not named: %.300s", r.place, said)
	f.check(!strings.Contains(said, guarded), "what it holds is repeated: %.300s", said)
	f.check(!strings.Contains(said, "goroutine "), "it panicked: %.600s", said)
	f.check(len(said) < 64<<10, "%d bytes were printed", len(said))
	f.check(memory < mostMemory, "%d MiB of memory", memory>>20)
	f.check(len(l.writes()) == 0, "it wrote: %v", l.writes())
	return f, memory, took, placed
}

// TestCrowdedFolders: many files, many folders, and names that are odd cost moments.
func TestCrowdedFolders(t *testing.T) {
	if !evidence.Full() {
		t.Skip("a folder with too many files is tried by a script; this makes 300,000")
	}
	const n = 100_000
	for what, fill := range map[string]func(dir string, i int) error{
		"texts": func(dir string, i int) error {
			return os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".txt")), nil, 0o600)
		},
		"tenant files": func(dir string, i int) error {
			return os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".yaml")), nil, 0o600)
		},
		"folders": func(dir string, i int) error { return os.Mkdir(filepath.Join(dir, fmt.Sprint(i)), 0o700) },
	} {
		l := newLab(t, simulator.Options{}, nil)
		dir := filepath.Join(l.dir, "t")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if err := fill(dir, i); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		c := l.start(nil, "validate", "t")
		code := c.wait()
		usage := c.ProcessState.SysUsage().(*syscall.Rusage)
		t.Logf("%d %s: %v, %d MiB", n, what, time.Since(began).Round(time.Millisecond), usage.Maxrss>>10)
		if code != 3 || !strings.Contains(c.stderr.String(), "t: more than 20000 entries; name the folder of one tenant") || usage.Maxrss<<10 > mostMemory {
			t.Errorf("%d %s: exit %d, %d MiB: %.300s", n, what, code, usage.Maxrss>>10, c.stderr.String())
		}
		l.close()
	}
}

// A signal ends each wait: for standard input, and for a pipe that a flag names.
func TestSignalsEndReading(t *testing.T) {
	for what, c := range map[string]struct {
		args []string
		env  []string
	}{
		"standard input":       {[]string{"validate", "-"}, nil},
		"a profile in a pipe":  {[]string{"plan", "--config", "pipe", "tenant.yaml"}, []string{"PBXSYNC_ENDPOINT="}},
		"an app secret in one": {[]string{"plan", "tenant.yaml"}, []string{"PBXSYNC_APP_SECRET=", "PBXSYNC_APP_SECRET_FILE=pipe"}},
		"a snapshot in one":    {[]string{"plan", "--live", "pipe", "tenant.yaml"}, nil},
		"a seed in one":        {[]string{"simulator", "--listen", "127.0.0.1:0", "--seed", "pipe"}, nil},
		"faults in one":        {[]string{"simulator", "--listen", "127.0.0.1:0", "--faults", "pipe"}, nil},
	} {
		l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": head})
		pipe := filepath.Join(l.dir, "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		l.env = append(l.env, c.env...)
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		child := l.start(func(cmd *exec.Cmd) { cmd.Stdin = r }, c.args...)
		if c.args[len(c.args)-1] == "-" { // more than a pipe holds, so the program reads when it is written
			_, err = w.Write(make([]byte, 256<<10))
		} else { // which waits until the program has opened the other end
			_ = w.Close()
			w, err = os.OpenFile(pipe, os.O_WRONLY, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = child.Process.Signal(syscall.SIGTERM)
		if code := child.wait(); code != 130 {
			t.Errorf("%s: exit %d: %s", what, code, child.stderr.String())
		}
		_, _ = r.Close(), w.Close()
		l.close()
	}
}

// A process substitution is a pipe too, and gives the secret. An address of this machine that
// a profile beside the files names gets neither credentials nor secrets of the environment.
func TestPipesAndProfiles(t *testing.T) {
	l := newLab(t, simulator.Options{}, map[string]string{"tenant.yaml": head})
	l.env = append(l.env, "PBXSYNC_APP_SECRET=", "PBXSYNC_APP_SECRET_FILE=/dev/fd/3")
	c := l.start(func(cmd *exec.Cmd) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.WriteString(appSecret + "\n")
		_ = w.Close()
		cmd.ExtraFiles = []*os.File{r}
	}, "plan", "tenant.yaml")
	if code := c.wait(); code != 0 {
		t.Errorf("a secret in a pipe: exit %d: %s", code, c.stderr.String())
	}
	var heard strings.Builder
	var mu gosync.Mutex
	sim := simulator.New(simulator.Options{})
	if err := seedInto(sim); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		fmt.Fprintln(&heard, r.URL, r.Header, string(body))
		mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		sim.ServeHTTP(w, r)
	}))
	defer web.Close()
	l = newLab(t, simulator.Options{}, map[string]string{"pbxsync.yaml": "endpoint: " + web.URL + "\n", "_app": guarded, "_secrets.yaml": "bob: " + guarded + "\n", "tenant.yaml": head +
		"users: {client: {alice: {name: Alice, email: alice@acme.example, status: active, access: full, password: {env: PASSWORD}}, bob: {name: Bob, email: bob@acme.example, status: active, access: full, password: {file: _secrets.yaml, key: bob}}}}\n"})
	l.env = append(l.env, "PBXSYNC_ENDPOINT=", "PBXSYNC_APP_SECRET="+guarded, "PBXSYNC_APP_SECRET_FILE=_app", "PASSWORD="+guarded)
	code, _, stderr := l.run("apply", "--auto-approve", ".")
	if code != 0 || !strings.Contains(stderr, "made up 2 secrets; a server that a profile beside the files names gets no others") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	mu.Lock()
	defer mu.Unlock()
	if text := heard.String(); strings.Contains(text, guarded) || !strings.Contains(text, "alice") {
		t.Errorf("a profile beside the files took a secret, or nothing was sent: %.2000s", text)
	}
}
