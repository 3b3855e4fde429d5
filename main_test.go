package main

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", os.Getenv("UPDATE") != "", "write what the program prints into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pbxsync": func() { os.Exit(program()) }})
}

// scriptClock is the clock of scripts: at noon of the day that they set in $TODAY, or that of the machine.
func scriptClock() time.Time {
	if day, err := time.ParseInLocation(time.DateOnly, os.Getenv("TODAY"), time.Local); err == nil {
		return day.Add(12 * time.Hour)
	}
	return time.Now()
}

// TestScripts runs the whole program. Each file of testdata/script is one story;
// the commands beyond testscript's own are in script_commands_test.go.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: setUp, Cmds: scriptCommands,
		RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update})
}
