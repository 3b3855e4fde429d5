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
	"pbxsync/internal/simulator"
	"pbxsync/schema"
)

type world struct {
	t     *testing.T
	s     *Server
	first *Tenant
	other *Tenant
	root  string
	dir   string // of the imported files
	clone string // of those for the second tenant
	seed  uint64

	asks  string // what apply says where the tenant cannot be made again without an answer
	count count
	named map[string]bool // fields that an import names as left out

	edits, stays, asked int // fields changed by hand, those that cannot be put back, objects that apply asks about
	ided                int // of these objects those that the files know by their id

	before map[string]string // of the run that is undone
	made   int               // objects by it
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
	w.dir = filepath.Join(w.root, "files")
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
	lines := strings.SplitAfter(out.String(), "\n")
	return code, strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasSuffix(l, "[foreign-prefix]\n") }), "")
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
