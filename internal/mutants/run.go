package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// suite is the compiled tests of a package.
type suite struct {
	pkg, binary string
	limit       time.Duration
}

// compiled builds the tests of a package once for all mutants.
func (p *planted) compiled(pkg string) (*suite, error) {
	s := &suite{pkg: pkg, binary: filepath.Join(p.dir, strings.ReplaceAll("test_"+pkg, "/", "_")), limit: 20 * time.Minute}
	cmd := exec.Command("go", "test", "-c", "-overlay", p.overlay(), "-o", s.binary, "./"+pkg)
	cmd.Dir = p.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("tests of %s: %w\n%s", pkg, err, out)
	}
	return s, nil
}

func limitOf(took time.Duration) time.Duration { return 20*time.Second + 8*took }

var (
	failed  = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	running = regexp.MustCompile(`(?m)^\s*running tests:\n\s*(\S+)`)
)

// try runs tests of a suite with one mutant on, and returns what has noticed it. Where the
// switch is "reach" it fills in which mutants were reached.
func (p *planted) try(s *suite, run, number string, reach ...map[int]bool) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), s.limit+10*time.Second)
	defer cancel()
	own, err := os.MkdirTemp(p.dir, "try")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(own)
	tmp := filepath.Join(own, "mutant-"+number)
	if err := os.Mkdir(tmp, 0o700); err != nil {
		return "", err
	}
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
		if m := running.FindSubmatch(out); m != nil {
			return string(m[1]) + " hangs", nil
		}
		return "hang", nil
	case !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay):
		return "", err
	}
	if m := failed.FindAllSubmatch(out, -1); m != nil {
		return string(m[len(m)-1][1]), nil
	}
	return "crash", nil
}
