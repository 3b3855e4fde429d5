package main

import (
	"flag"
	"os"
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
