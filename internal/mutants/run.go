package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// suite is the compiled tests of a package.
type suite struct {
	pkg, binary string
	limit       time.Duration
	units       []unit // quick ones first; none: the whole is run at once
}

// unit is a test, how long it takes, and which mutants it reaches.
type unit struct {
	run   string
	took  time.Duration
	reach map[int]bool
}

// wide are the packages whose tests run the whole program, the fastest to notice first.
var wide = []string{"internal/proof", ".", "internal/harness", "internal/cli", "internal/process"}

// build compiles the tests of a package once for all mutants, and runs them without one: they
// have to pass, and how long that takes is the measure of a hang.
func (p *planted) build(pkg string) (*suite, error) {
	s := &suite{pkg: pkg, binary: filepath.Join(p.dir, strings.ReplaceAll("test_"+pkg, "/", "_")), limit: 20 * time.Minute}
	cmd := exec.Command("go", "test", "-c", "-overlay", p.overlay(), "-o", s.binary, "./"+pkg)
	cmd.Dir = p.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("tests of %s: %w\n%s", pkg, err, out)
	}
	if slices.Contains(wide, pkg) {
		return s, p.measure(s)
	}
	began := time.Now()
	if by, err := p.try(s, "", "0"); err != nil || by != "" {
		return nil, fmt.Errorf("the tests of %s fail without a mutant: %s %w", pkg, by, err)
	}
	s.limit = limitOf(time.Since(began))
	return s, nil
}

func limitOf(took time.Duration) time.Duration { return 20*time.Second + 8*took }

// measure runs each test of a package by itself, and learns which mutants it reaches.
func (p *planted) measure(s *suite) error {
	cmd := exec.Command(s.binary, "-test.list", "^Test")
	cmd.Dir = filepath.Join(p.root, s.pkg)
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	for _, name := range strings.Fields(string(out)) {
		runs := []string{"^" + name + "$"}
		if scripts, _ := filepath.Glob(filepath.Join(cmd.Dir, "testdata", "script", "*.txtar")); name == "TestScripts" && scripts != nil {
			runs = nil
			for _, path := range scripts {
				runs = append(runs, "^"+name+"$/^"+strings.TrimSuffix(filepath.Base(path), ".txtar")+"$")
			}
		}
		for _, run := range runs {
			began, u := time.Now(), unit{run: run, reach: map[int]bool{}}
			by, err := p.try(s, run, "reach", u.reach)
			if err != nil {
				return err
			}
			if u.took = time.Since(began); by == "" {
				fmt.Printf("%s %s: %v, reaches %d\n", s.pkg, run, u.took.Round(10*time.Millisecond), len(u.reach))
				s.units = append(s.units, u)
			} else {
				fmt.Printf("%s %s is left out, since it fails without a mutant (%s)\n", s.pkg, run, by)
			}
		}
	}
	slices.SortStableFunc(s.units, func(a, b unit) int { return cmp.Compare(a.took, b.took) })
	return nil
}

// ask returns which test of a suite has noticed a mutant.
func (p *planted) ask(s *suite, number int) (string, error) {
	if s.units == nil {
		return p.try(s, "", strconv.Itoa(number))
	}
	for _, u := range s.units {
		if !u.reach[number] {
			continue
		}
		t := *s
		t.limit = limitOf(u.took)
		if by, err := p.try(&t, u.run, strconv.Itoa(number)); by != "" || err != nil {
			return by, err
		}
	}
	return "", nil
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// try runs tests of a suite with one mutant on, and returns what has noticed it. Where the
// switch is "reach" it fills in which mutants were reached.
func (p *planted) try(s *suite, run, number string, reach ...map[int]bool) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), s.limit+10*time.Second)
	defer cancel()
	tmp := filepath.Join(p.dir, "mutant-"+number)
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	cmd := exec.CommandContext(ctx, "nice", "-n", "10", s.binary, "-test.failfast", "-test.timeout="+s.limit.String(), "-test.run", run)
	cmd.Dir, cmd.WaitDelay = filepath.Join(p.root, s.pkg), 5*time.Second
	cmd.Env = append(os.Environ(), envSwitch+"="+tmp, "TMPDIR="+tmp, "GOFLAGS=-overlay="+p.overlay())
	out, err := cmd.CombinedOutput()
	for _, r := range reach {
		names, _ := os.ReadDir(tmp)
		for _, e := range names {
			if n, err := strconv.Atoi(e.Name()); err == nil {
				r[n] = true
			}
		}
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "", nil
	case ctx.Err() != nil || strings.Contains(string(out), "panic: test timed out"):
		return "hang " + run, nil
	case !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay):
		return "", err
	}
	if m := failed.FindAllSubmatch(out, -1); m != nil {
		return string(m[len(m)-1][1]), nil
	}
	return "crash " + run, nil
}
