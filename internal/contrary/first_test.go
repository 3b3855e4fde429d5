package contrary

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/cli"
	"pbxsync/internal/evidence"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
)

// dialects are the ways of answering that are tried; a gap says what the program does
// not do there yet.
var dialects = []struct {
	Dialect
	gap string
}{
	{Dialect: Dialect{Name: "plain"}},
	{Dialect: Dialect{Name: "nulls", Nulls: true, CreateRefusesNull: true}},
	{Dialect: Dialect{Name: "zeros", Zeros: true}},
	{Dialect: Dialect{Name: "absent", Absent: 3}},
	{Dialect: Dialect{Name: "absent otherwise", Absent: 8}},
	{Dialect: Dialect{Name: "resets", ResetsOmitted: true}},
	{Dialect: Dialect{Name: "wrapped", Wrap: "*", WrapPages: true, Variables: "wrapped"}},
	{Dialect: Dialect{Name: "map", Wrap: "result", Variables: "map"}},
	{Dialect: Dialect{Name: "extra", Extra: true, Newest: true}},
	{Dialect: Dialect{Name: "capped", PageCap: 2}},
	{Dialect: Dialect{Name: "numbers as text", NumbersAsText: true}},
	{Dialect: Dialect{Name: "ids as text", IDsAsText: true}},
	{Dialect: Dialect{Name: "yes as text", Booleans: "text"}},
	{Dialect: Dialect{Name: "yes as word", Booleans: "words"}},
	{Dialect: Dialect{Name: "yes as number", Booleans: "number"}},
	{Dialect: Dialect{Name: "objects", AgentStatus: "object", Domain: "object"}},
	{Dialect: Dialect{Name: "verbs", Created: 201, PutEmpty: true, DeleteBody: true, NullOnGone: true}},
	{Dialect: Dialect{Name: "respelled", Respell: true}},
	{Dialect: Dialect{Name: "refused", Refuse: map[string]string{"phone_event": "403", "extension/call_status": "html", "task_scheduler": "501", "agent/remote": "404", "agent/remote/event": "404"}}},
	{Dialect{Name: "refused logins", Refuse: map[string]string{"user/extension_group": "501"}},
		"a login is not created where one collection of its name space cannot be read; nothing is written"},
}

type world struct {
	t     *testing.T
	s     *Server
	first *Tenant
	other *Tenant
	root  string
	seed  uint64
}

func newWorld(t *testing.T, d Dialect, seed uint64) *world {
	t.Helper()
	data, err := os.ReadFile("../../schema/testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(data, d)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, s: s, root: t.TempDir(), seed: seed}
	w.first, w.other = s.AddTenant("acme", "12037"), s.AddTenant("second", "12038")
	for _, at := range []*Tenant{w.first, w.other} {
		for i := range 2 {
			s.Put(at, &Row{Collection: "did", Values: map[string]any{"name": fmt.Sprint(4930100 + i), "domain": "sip.example"}})
		}
		s.Put(at, &Row{Collection: "alias", Values: map[string]any{"name": "sales"}})
		s.Put(at, &Row{Collection: "sound", Dealer: true, Values: map[string]any{"title": "Jazz", "filename": "jazz.wav"}})
	}
	s.Fill(w.first, seed)
	return w
}

// run runs the program and returns its exit code and what it said.
func (w *world) run(args ...string) (int, string) {
	out := &bytes.Buffer{}
	env := map[string]string{"PBXSYNC_ENDPOINT": "http://127.0.0.1:1", "PBXSYNC_APP_ID": "a", "PBXSYNC_APP_SECRET": "secret of app", "P": "Passw0rd-of-users"}
	p := &cli.Program{Args: append(args, "--state-dir", filepath.Join(w.root, "state")), Stdin: strings.NewReader(""), Stdout: out, Stderr: out,
		Getenv: func(name string) string { return env[name] }, ConfigDir: func() (string, error) { return w.root, nil },
		Catalogue: schema.Builtin(), Transport: simulator.Transport(w.s)}
	code := p.Run(context.Background())
	return code, out.String()
}

// try returns what went wrong in one world, "" for nothing.
func (w *world) try() string {
	dir := filepath.Join(w.root, "files")
	reading := func(args ...string) string {
		code, out := w.run(args...)
		if writes := w.s.Writes(); len(writes) > 0 || code != 0 {
			return fmt.Sprintf("%v: exit %d, writes %v\n%s", args, code, writes, out)
		}
		return ""
	}
	if wrong := reading("import", dir); wrong != "" {
		return wrong
	}
	if wrong := reading("plan", "--detailed-exitcode", dir); wrong != "" {
		return wrong
	}
	if wrong := reading("drift", dir); wrong != "" {
		return wrong
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
	for _, f := range files {
		data, _ := os.ReadFile(f)
		data = bytes.ReplaceAll(data, []byte(`"12037"`), []byte(`"12038"`))
		data = bytes.ReplaceAll(data, []byte("name: acme"), []byte("name: second"))
		data = withPasswords(data)
		if err := os.WriteFile(f, data, 0o600); err != nil {
			return err.Error()
		}
	}
	before := w.s.State(w.first)
	w.s.Become(w.other)
	if code, out := w.run("apply", "--auto-approve", dir); code != 0 {
		return fmt.Sprintf("apply into the second: exit %d, refused %v\n%s", code, w.s.Refused(), out[max(0, len(out)-3000):])
	}
	if diff := differences(before, w.s.State(w.other)); len(diff) > 0 {
		return "the clone differs: " + strings.Join(diff, "; ")
	}
	w.s.Forget()
	if code, out := w.run("apply", "--auto-approve", dir); code != 0 || len(w.s.Writes()) > 0 {
		return fmt.Sprintf("second apply: exit %d, %v\n%s", code, w.s.Writes(), out)
	}
	return ""
}

// withPasswords states a password for each user, before the line of its mail address.
func withPasswords(data []byte) []byte {
	var out []string
	users := false
	for _, line := range strings.Split(string(data), "\n") {
		if len(line) > 0 && line[0] != ' ' && line[0] != '#' {
			users = strings.HasPrefix(line, "users:")
		}
		if trimmed := strings.TrimLeft(line, " "); users && strings.HasPrefix(trimmed, "email:") {
			out = append(out, line[:len(line)-len(trimmed)]+"password: {env: P}")
		}
		out = append(out, line)
	}
	return []byte(strings.Join(out, "\n"))
}

func differences(a, b map[string]string) []string {
	var out []string
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if a[k] != b[k] {
			out = append(out, fmt.Sprintf("%s: %q, in the clone %q", k, a[k], b[k]))
		}
	}
	return out
}

// TestFirstContact takes over tenants that somebody clicked together, over each dialect:
// the plan of an import is empty, reading writes nothing, the files make an equal tenant
// of an empty one, and a second apply writes nothing.
func TestFirstContact(t *testing.T) {
	worlds, right, tried := 0, 0, 0
	for _, d := range dialects {
		t.Run(d.Name, func(t *testing.T) {
			if d.gap != "" {
				t.Skip(d.gap)
			}
			tried++
			for n := range evidence.Size(2, 12) {
				worlds++
				if wrong := newWorld(t, d.Dialect, evidence.Seed()+uint64(n)).try(); wrong != "" {
					t.Errorf("world %d: %s", n, wrong)
					continue
				}
				right++
			}
		})
	}
	t.Logf("%d of %d dialects, %d worlds, 5 properties each, %d of them without a difference", tried, len(dialects), worlds, right)
	if d := worlds - right; d > 0 {
		t.Errorf("%d worlds with a difference", d)
	}
}
