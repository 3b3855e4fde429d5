package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pbxsync/internal/cli"
	"pbxsync/schema"
)

// program is pbxsync as scripts know it: each plan that it prints is saved as well, and what
// show prints of that has to be the same, byte for byte. Both are one process, since a second
// one would cost as much as the plan.
func program() int {
	args := os.Args[1:]
	if len(args) == 0 || args[0] != "plan" || slices.ContainsFunc(args, func(a string) bool { return a == "--format" || a == "--color" || a == "--help" }) {
		return cli.RunAt(schema.Builtin(), scriptClock)
	}
	dir, err := os.MkdirTemp("", "plan")
	if err != nil {
		return unlike("%v", err)
	}
	defer os.RemoveAll(dir)
	saved, note := filepath.Join(dir, "plan.json"), ""
	if i := slices.Index(args, "--out"); i > 0 && i+1 < len(args) {
		saved = args[i+1]
	} else {
		args, note = slices.Insert(slices.Clone(args), 1, "--out", saved), "note: "+saved+" has the sha256 "
	}
	code, planned, said := printed(dir, args)
	for line := range strings.Lines(said) {
		if note == "" || !strings.HasPrefix(line, note) { // the script has not asked for it
			fmt.Fprint(os.Stderr, line)
		}
	}
	fmt.Print(planned)
	if planned == "" {
		return code
	}
	how := slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a != "--all" && a != "--verbose" })
	if shows, shown, wrong := printed(dir, append([]string{"show", saved}, how...)); shows != 0 || shown != planned {
		return unlike("show prints something else than plan did (exit code %d):\n%s%s", shows, shown, wrong)
	}
	return code
}

func unlike(format string, args ...any) int {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	return 97 // no exit code of the program
}

// printed runs the program with its output in files, and returns what it printed.
func printed(dir string, args []string) (code int, stdout, stderr string) {
	out, errs := os.Stdout, os.Stderr
	defer func() { os.Stdout, os.Stderr = out, errs }()
	os.Stdout, os.Stderr = scrap(dir), scrap(dir)
	os.Args = append(os.Args[:1:1], args...)
	code = cli.RunAt(schema.Builtin(), scriptClock)
	return code, read(os.Stdout), read(os.Stderr)
}

func scrap(dir string) *os.File {
	f, err := os.CreateTemp(dir, "said")
	if err != nil {
		panic(err)
	}
	return f
}

func read(f *os.File) string {
	defer f.Close()
	data, err := os.ReadFile(f.Name())
	if err != nil {
		panic(err)
	}
	return string(data)
}
