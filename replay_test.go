package main

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestReplay plays a week of a team with its tenant in a repository of git: testdata/replay. What
// is written for people stands beside the script as files of its own.
func TestReplay(t *testing.T) {
	commands := maps.Clone(scriptCommands)
	commands["golden"] = golden
	testscript.Run(t, testscript.Params{Dir: "testdata/replay", Setup: setUp, Cmds: commands,
		RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update})
}

// golden compares a file with the one of the same name beside the script, or puts it there.
func golden(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "golden FILE")
	path := filepath.Join("testdata", "replay", filepath.Base(args[0]))
	got := ts.ReadFile(args[0])
	if *update {
		ts.Check(os.WriteFile(path, []byte(got), 0o600))
		return
	}
	want, err := os.ReadFile(path)
	ts.Check(err)
	if got != string(want) {
		ts.Fatalf("%s is another one than %s (-update writes it): %s", args[0], path, got)
	}
}
