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

// event is a line of go test -json.
type event struct {
	Action, Package, Test string
	Key, Value            string
	Elapsed               float64
	Output                string
}

// result is what the tests of one package have put down.
type result struct {
	pkg    string
	took   time.Duration
	passed int
	skips  []string
	failed []string
	notes  []noted
}

// noted is a note and the test that it is from.
type noted struct {
	test string
	evidence.Note
}

// testAll runs the tests of every package that puts evidence down, one package after
// the other, since times are measured.
func testAll(root string, o *options) ([]*result, error) {
	packages, err := withEvidence(root)
	if err != nil {
		return nil, err
	}
	var out []*result
	for _, pkg := range packages {
		if !wanted(o.only, pkg) {
			continue
		}
		fmt.Fprintln(os.Stderr, "testing", pkg)
		r, err := testOne(root, pkg, o)
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
		if slices.Contains(words[1:], evidencePackage) {
			packages = append(packages, words[0])
		}
	}
	return packages, nil
}

func testOne(root, pkg string, o *options) (*result, error) {
	cmd := exec.Command("go", "test", "-json", "-count=1", "-timeout=6h", pkg)
	cmd.Dir, cmd.Stderr = root, os.Stderr
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", evidence.EnvSeed, o.seed))
	if !o.sample {
		cmd.Env = append(cmd.Env, evidence.EnvFull+"=1", fmt.Sprintf("%s=%s", evidence.EnvTime, o.time))
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r, err := collect(pkg, out)
	if err != nil {
		return nil, err
	}
	if err := cmd.Wait(); err != nil && len(r.failed) == 0 {
		r.failed = append(r.failed, "the package as a whole: "+err.Error())
	}
	return r, nil
}

// collect reads what go test -json says of one package.
func collect(pkg string, from io.Reader) (*result, error) {
	r := &result{pkg: pkg}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(bytes.TrimSpace(lines.Bytes()), &e) != nil {
			continue // what the compiler says
		}
		switch {
		case e.Action == "attr" && e.Key == evidence.Key:
			n := noted{test: e.Test}
			if err := json.Unmarshal([]byte(e.Value), &n.Note); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", pkg, e.Test, err)
			}
			r.notes = append(r.notes, n)
		case (e.Action == "pass" || e.Action == "fail") && e.Test == "":
			r.took = time.Duration(e.Elapsed * float64(time.Second))
		case e.Action == "pass":
			r.passed++
		case e.Action == "skip" && e.Test != "":
			r.skips = append(r.skips, e.Test)
		case e.Action == "fail" && e.Test != "":
			r.failed = append(r.failed, e.Test)
		}
	}
	return r, lines.Err()
}
