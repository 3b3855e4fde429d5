package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// fuzzed is what came of one fuzz target.
type fuzzed struct {
	pkg, name  string
	time       time.Duration
	executions string
	corpus     string // inputs that reach something of their own
	failed     bool
}

var (
	fuzzFunction = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	fuzzProgress = regexp.MustCompile(`execs: (\d+) .*?(?:new interesting: \d+ \(total: (\d+)\))?\s*$`)
)

// fuzzAll runs every fuzz target of the module.
func fuzzAll(root string, o *options) ([]*fuzzed, error) {
	targets, err := fuzzTargets(root)
	if err != nil || o.fuzz <= 0 {
		return nil, err
	}
	for _, f := range targets {
		fmt.Fprintln(os.Stderr, "fuzzing", f.pkg, f.name)
		f.run(root, o.fuzz)
	}
	return targets, nil
}

// fuzzTargets finds them in the tests.
func fuzzTargets(root string) ([]*fuzzed, error) {
	var out []*fuzzed
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		for _, m := range fuzzFunction.FindAllSubmatch(text, -1) {
			out = append(out, &fuzzed{pkg: "./" + filepath.ToSlash(rel), name: string(m[1])})
		}
		return err
	})
	slices.SortFunc(out, func(a, b *fuzzed) int { return strings.Compare(a.pkg+a.name, b.pkg+b.name) })
	return out, err
}

// ranOut reports whether a target only ran out of time while it was at work, which the go
// command may take for a failure.
func ranOut(out string) bool {
	return strings.Contains(out, "context deadline exceeded") && !strings.Contains(out, "Failing input")
}

func (f *fuzzed) run(root string, d time.Duration) {
	cmd := exec.Command("go", "test", f.pkg, "-run=^$", "-fuzz=^"+f.name+"$", "-fuzztime="+d.String())
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	f.time, f.executions, f.failed = d, "0", err != nil && !ranOut(string(out))
	if f.failed {
		os.Stderr.Write(out)
	}
	for line := range strings.Lines(string(out)) {
		if m := fuzzProgress.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			f.executions, f.corpus = m[1], m[2]
		}
	}
}
