package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pbxsync/internal/cli"
)

var update = flag.Bool("update", os.Getenv("UPDATE") != "", "write what the program prints into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pbxsync": func() { os.Exit(cli.Main()) }, "replay": replay})
}

// TestScripts runs the whole program. Each file of testdata/script is one story;
// the commands beyond testscript's own are in script_commands_test.go.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: setUp, Cmds: scriptCommands,
		RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update})
}

// goSyntax is how Go prints what was not meant for people.
var goSyntax = regexp.MustCompile(`map\[|\[\]interface|\[\]any|%!|<nil>|&\{|0x[0-9a-f]{6}|\b(schema|sync|file|diff)\.[A-Z]`)

// TestScriptsShowNoGo: no output that the scripts expect is Go, where -update would have taken it over.
func TestScriptsShowNoGo(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) < 50 {
		t.Fatalf("%d scripts: %v", len(scripts), err)
	}
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := goSyntax.Find(text); found != nil {
			t.Errorf("%s has %s", name, found)
		}
	}
}
