package main

import (
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
	Pkg, Name  string
	Time       time.Duration
	Executions string
	Corpus     string // inputs that reach something of their own
	failed     bool
}

var (
	fuzzFunction = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	fuzzProgress = regexp.MustCompile(`execs: (\d+) .*?(?:new interesting: \d+ \(total: (\d+)\))?\s*$`)
)

// fuzzAll runs every fuzz target of the module that is not done yet.
func fuzzAll(root string, o *options, s *state) ([]*fuzzed, error) {
	targets, err := fuzzTargets(root)
	if err != nil || o.fuzz <= 0 {
		return nil, err
	}
	var out []*fuzzed
	for _, f := range targets {
		if !wanted(o.only, f.Pkg) {
			continue
		}
		i := slices.IndexFunc(s.done, func(p *part) bool { return p.Fuzzed != nil && p.Pkg == f.Pkg && p.Test == f.Name })
		if i >= 0 {
			out = append(out, s.done[i].Fuzzed)
			continue
		}
		f.run(root, o.fuzz)
		out = append(out, f)
		p := &part{Pkg: f.Pkg, Test: f.Name, Took: f.Time, Fuzzed: f}
		if f.failed {
			p.Failed = []string{f.Name}
		}
		if err := s.keep(p); err != nil {
			return nil, err
		}
	}
	return out, nil
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
			out = append(out, &fuzzed{Pkg: "./" + filepath.ToSlash(rel), Name: string(m[1])})
		}
		return err
	})
	slices.SortFunc(out, func(a, b *fuzzed) int { return strings.Compare(a.Pkg+a.Name, b.Pkg+b.Name) })
	return out, err
}

// ranOut reports whether a target only ran out of time while it was at work, which the go
// command may take for a failure.
func ranOut(out string) bool {
	return strings.Contains(out, "context deadline exceeded") && !strings.Contains(out, "Failing input")
}

func (f *fuzzed) run(root string, d time.Duration) {
	cmd := exec.Command("go", "test", f.Pkg, "-run=^$", "-fuzz=^"+f.Name+"$", "-fuzztime="+d.String())
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	f.Time, f.Executions, f.failed = d, "0", err != nil && !ranOut(string(out))
	if f.failed {
		os.Stderr.Write(out)
	}
	for line := range strings.Lines(string(out)) {
		if m := fuzzProgress.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			f.Executions, f.Corpus = m[1], m[2]
		}
	}
}
