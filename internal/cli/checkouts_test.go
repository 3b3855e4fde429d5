package cli_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pbxsync/internal/cli"
	"pbxsync/internal/lock"
	"pbxsync/internal/simulator"
	"pbxsync/schema"
	"pbxsync/schema/file"
)

// checkouts are folders with the files of one tenant, on one machine.
type checkouts struct {
	*testing.T
	server http.RoundTripper
	locks  []string
	beside func() // is done beside each call that writes
}

const checkedOut = "http://127.0.0.1:1"

func newCheckouts(t *testing.T) *checkouts {
	t.Helper()
	server := simulator.New(simulator.Options{AppID: "app", AppSecret: "app secret", Catalogue: schema.Builtin()})
	doc, err := file.ParseMap(file.File{Name: "seed", Data: []byte(respelledSeed)})
	if err == nil {
		err = server.Seed(doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &checkouts{T: t, server: simulator.Transport(server), locks: lock.Folders(t.TempDir(), ""), beside: func() {}}
}

// files makes a folder with a file that declares one group.
func (c *checkouts) files(group string) (dir string) {
	c.Helper()
	dir = c.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tenant.yaml"), []byte("version: 1\ntenant: {name: acme, prefix: \"12037\"}\nextension_groups: {"+group+": {}}\n"), 0o600); err != nil {
		c.Fatal(err)
	}
	return dir
}

// apply applies the files of a new folder.
func (c *checkouts) apply(group string, args ...string) (code int, said string) {
	c.Helper()
	return c.run(append(append([]string{"apply", "--auto-approve"}, args...), c.files(group))...)
}

func (c *checkouts) run(args ...string) (code int, said string) {
	c.Helper()
	var out bytes.Buffer
	env := map[string]string{"PBXSYNC_ENDPOINT": checkedOut, "PBXSYNC_APP_ID": "app", "PBXSYNC_APP_SECRET": "app secret"}
	program := &cli.Program{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Getenv: func(name string) string { return env[name] }, ConfigDir: func() (string, error) { return c.TempDir(), nil }, LockDirs: func() []string { return c.locks },
		Catalogue: schema.Builtin(), Transport: &beside{c.server, c.beside}}
	code = program.Run(context.Background())
	return code, out.String()
}

// A run in one folder keeps out one in another folder, and says so; both may run after
// each other.
func TestTwoCheckouts(t *testing.T) {
	c, tried := newCheckouts(t), 0
	c.beside = func() {
		tried++
		if tried == 1 {
			code, said := c.apply("blue")
			if code != 8 || !strings.Contains(said, "another run on this machine writes to tenant acme of "+checkedOut+" (process ") || strings.Contains(said, "Plan") {
				t.Errorf("the second: exit %d: %s", code, said)
			}
		}
	}
	if code, said := c.apply("green"); code != 0 || tried != 1 || strings.Count(said, "nothing keeps runs on two machines apart") != 1 {
		t.Errorf("the first: exit %d, %d writes: %s", code, tried, said)
	}
	if code, said := c.apply("blue"); code != 0 || strings.Contains(said, "machines") {
		t.Errorf("afterwards: exit %d: %s", code, said)
	}
}

// A run waits for what one from another folder had under way when it was cut off, and
// then nobody waits for that again.
func TestCutOffInAnotherCheckout(t *testing.T) {
	c := newCheckouts(t)
	l, _, err := lock.Machine(c.locks, checkedOut, "12037", lock.Holder{Process: 7, Folder: "/elsewhere", Since: "then"})
	if err != nil {
		t.Fatal(err)
	}
	l.Release(false)
	const settle = 50 * time.Millisecond
	began := time.Now()
	code, said := c.apply("green", "--settle", settle.String())
	if code != 0 || !strings.Contains(said, "a run from another folder was cut off (process 7 in /elsewhere since then), and its last calls may still be carried out; waiting for 50ms") || time.Since(began) < settle {
		t.Errorf("exit %d after %v: %s", code, time.Since(began), said)
	}
	if code, said = c.apply("blue", "--settle", settle.String()); code != 0 || strings.Contains(said, "cut off") {
		t.Errorf("once more: exit %d: %s", code, said)
	}
}

// Where the user has no folder for locks, the run goes on and says what that means.
func TestNoPlaceForLocks(t *testing.T) {
	c := newCheckouts(t)
	c.locks = nil
	if code, said := c.apply("green"); code != 0 || !strings.Contains(said, "so a run in another folder is not kept out") {
		t.Errorf("exit %d: %s", code, said)
	}
}
