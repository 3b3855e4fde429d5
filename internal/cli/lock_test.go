package cli_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"pbxsync/internal/cli"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// beside does something beside each call that a run sends to write.
type beside struct {
	http.RoundTripper
	do func()
}

func (b *beside) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "/oauth/") {
		b.do()
	}
	return b.RoundTripper.RoundTrip(r)
}

// applyUnprefixed applies files that do not name the prefix of their tenant, and returns
// the folder of its records.
func applyUnprefixed(t *testing.T, prepare func(records string), do func(records string)) (code int, said string) {
	t.Helper()
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	records := filepath.Join(state, "127.0.0.1_3a1", "12037")
	server := simulator.New(simulator.Options{AppID: "app", AppSecret: "app secret", Catalogue: schema.Builtin()})
	doc, err := file.ParseMap(file.File{Name: "seed", Data: []byte(respelledSeed)})
	if err == nil {
		err = server.Seed(doc)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "tenant.yaml"), []byte("version: 1\ntenant: acme\nextension_groups: {green: {}}\n"), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	prepare(records)
	var out bytes.Buffer
	env := map[string]string{"PBXSYNC_ENDPOINT": "http://127.0.0.1:1", "PBXSYNC_APP_ID": "app", "PBXSYNC_APP_SECRET": "app secret"}
	program := &cli.Program{Args: []string{"apply", "--auto-approve", "--state-dir", state, dir}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Getenv: func(name string) string { return env[name] }, ConfigDir: func() (string, error) { return dir, nil }, Catalogue: schema.Builtin(),
		Transport: &beside{simulator.Transport(server), func() { do(records) }}}
	code = program.Run(context.Background())
	return code, out.String()
}

// Files that name a tenant without its prefix are locked under that name first, and,
// once the server has told the prefix, under that too, for as long as the run lasts.
func TestTheTenantThatWasFoundStaysLocked(t *testing.T) {
	writes := 0
	code, said := applyUnprefixed(t, func(string) {}, func(records string) {
		writes++
		for _, path := range []string{records, filepath.Join(filepath.Dir(records), "new-acme")} {
			got, err := flock.New(filepath.Join(path, "lock")).TryLock()
			if got || err != nil {
				t.Errorf("%s could be locked beside the run (%v)", path, err)
			}
		}
	})
	if code != 0 || writes != 1 {
		t.Errorf("exit %d, %d writes\n%s", code, writes, said)
	}
}

// A run that holds the tenant under its prefix keeps out one whose files do not name it.
func TestTheTenantThatWasFoundIsLocked(t *testing.T) {
	code, said := applyUnprefixed(t, func(records string) {
		if err := os.MkdirAll(records, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Dir(filepath.Dir(records)), 0o700); err != nil {
			t.Fatal(err)
		}
		l := flock.New(filepath.Join(records, "lock"))
		if got, err := l.TryLock(); !got || err != nil {
			t.Fatal(got, err)
		}
		t.Cleanup(func() { _ = l.Unlock() })
	}, func(string) { t.Error("something was written") })
	if code != 8 || !strings.Contains(said, "another run holds ") {
		t.Errorf("exit %d\n%s", code, said)
	}
}
