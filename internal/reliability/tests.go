package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"pbxsync/internal/evidence"
)

const evidencePackage = "pbxsync/internal/evidence"

// result is what the tests of one package have put on record.
type result struct {
	pkg    string
	took   time.Duration
	passed int
	skips  []string
	failed []string
	notes  []noted
	reds   []evidence.Red
}

// noted is a note and the test that it is from.
type noted struct {
	Test string
	evidence.Note
}

// testAll runs the tests of every package that puts evidence on record, one package after
// the other, since times are measured.
func testAll(root string, o *options, s *state) ([]*result, error) {
	packages, err := withEvidence(root)
	if err != nil {
		return nil, err
	}
	var out []*result
	for _, pkg := range packages {
		if !wanted(o.only, pkg) {
			continue
		}
		r, err := testOne(root, pkg, o, s)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func wanted(only, pkg string) bool {
	return only == "" || slices.ContainsFunc(strings.Split(only, ","), func(end string) bool { return strings.HasSuffix(pkg, end) })
}

// withEvidence lists the packages whose tests use package evidence.
func withEvidence(root string) ([]string, error) {
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}`, "./...")
	cmd.Dir, cmd.Stderr = root, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var packages []string
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if slices.Contains(words[1:], evidencePackage) && words[0] != "pbxsync/internal/mutants" { // it has a page of its own
			packages = append(packages, words[0])
		}
	}
	return packages, nil
}

// testOne runs the tests of a package that are not done yet.
func testOne(root, pkg string, o *options, s *state) (*result, error) {
	done := s.of(pkg)
	r := &result{pkg: pkg}
	args := []string{"test", "-json", "-count=1", "-timeout=12h"}
	if o.run != "" {
		args = append(args, "-run="+o.run)
	}
	if len(done) > 0 {
		var names []string
		for _, p := range done {
			names = append(names, p.Test)
			r.add(p)
		}
		args = append(args, "-skip=^("+strings.Join(names, "|")+")$")
	}
	fmt.Fprintf(os.Stderr, "%s testing %s, %d tests are done already\n", clock(), pkg, len(done))
	cmd := exec.Command("go", append(args, pkg)...)
	cmd.Dir, cmd.Stderr = root, os.Stderr
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", evidence.EnvSeed, o.seed))
	if !o.sample {
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%g", evidence.EnvFull, o.size), fmt.Sprintf("%s=%s", evidence.EnvTime, o.time))
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := r.collect(out, s.keep); err != nil {
		return nil, err
	}
	if err := cmd.Wait(); err != nil && len(r.failed) == 0 {
		r.failed = append(r.failed, "the package as a whole: "+err.Error())
	}
	return r, nil
}

func (r *result) add(p *part) {
	r.took += p.Took
	r.passed += p.Passed
	r.skips, r.failed = append(r.skips, p.Skips...), append(r.failed, p.Failed...)
	r.notes, r.reds = append(r.notes, p.Notes...), append(r.reds, p.Reds...)
}

// collect reads what go test -json says of one package, and hands on each test with all
// that is below it when it has ended.
func (r *result) collect(from io.Reader, ended func(*part) error) error {
	parts := map[string]*part{}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e evidence.Event
		if json.Unmarshal(bytes.TrimSpace(lines.Bytes()), &e) != nil || e.Test == "" {
			continue // what the compiler says, or of the package as a whole
		}
		name, _, _ := strings.Cut(e.Test, "/")
		p := parts[name]
		if p == nil {
			p = &part{Pkg: r.pkg, Test: name}
			parts[name] = p
		}
		if err := p.take(&e); err != nil {
			return fmt.Errorf("%s: %s: %w", r.pkg, e.Test, err)
		}
		if e.Test != name || e.Action != "pass" && e.Action != "fail" && e.Action != "skip" {
			continue
		}
		delete(parts, name)
		r.add(p)
		if err := ended(p); err != nil {
			return err
		}
	}
	for _, name := range sorted(parts) { // the package came to its end before they did
		parts[name].Failed = append(parts[name].Failed, name+" (it did not end)")
		fmt.Fprint(os.Stderr, &parts[name].said)
		r.add(parts[name])
	}
	return lines.Err()
}
