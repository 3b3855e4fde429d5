package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pbxsync/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pbxsync": func() { os.Exit(cli.Main()) }})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE") != ""})
}
