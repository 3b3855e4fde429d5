package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"pbxsync/internal/evidence"
)

// pagePath is where the page lies in the module.
const pagePath = "docs/reliability.md"

// options are the flags.
type options struct {
	seed   uint64
	time   time.Duration
	fuzz   time.Duration
	sample bool
	again  bool
	size   float64
	only   string // packages, for people who work on one
	run    string // tests, likewise
	state  string
	out    string
	rows   bool
}

func main() {
	var o options
	flag.Uint64Var(&o.seed, "seed", evidence.Seed(), "the seed of everything random")
	flag.DurationVar(&o.time, "time", 30*time.Minute, "how long random seeds are tried")
	flag.DurationVar(&o.fuzz, "fuzz", time.Minute, "how long each fuzz target runs; 0 for not at all")
	flag.BoolVar(&o.sample, "sample", false, "the sizes of go test ./...")
	flag.StringVar(&o.only, "only", "", "only packages whose path ends so, parted by commas")
	flag.Float64Var(&o.size, "size", 1, "a part of the full sizes, such as 0.1")
	flag.StringVar(&o.run, "run", "", "only tests that this expression matches, as for go test")
	flag.StringVar(&o.state, "state", "", "the folder for parts that are done (default: pbxsync-reliability in the user's cache)")
	flag.BoolVar(&o.again, "again", false, "forget the parts that are done already")
	flag.StringVar(&o.out, "out", "", "write the page there, and not into "+pagePath)
	flag.BoolVar(&o.rows, "rows", false, "run nothing: only put rows that the page lacks into it, as not tried yet")
	flag.Parse()
	if err := run(&o); err != nil {
		fmt.Fprintln(os.Stderr, "reliability:", err)
		os.Exit(1)
	}
}

func run(o *options) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	table, err := readTable()
	if err != nil {
		return err
	}
	out := o.out
	if out == "" {
		out = filepath.Join(root, filepath.FromSlash(pagePath))
	}
	if o.rows {
		return table.addTo(out)
	}
	p := &page{table: table, made: about(root, o)}
	if o.size <= 0 || o.size > 1 {
		return fmt.Errorf("-size %g: more than 0 and at most 1 is possible", o.size)
	}
	s, err := openState(o.state, root, o)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "parts that are done are kept in", s.path)
	if p.results, err = testAll(root, o, s); err != nil {
		return err
	}
	if p.fuzzed, err = fuzzAll(root, o, s); err != nil {
		return err
	}
	p.made.took = p.took()
	if err := os.WriteFile(out, p.bytes(), 0o644); err != nil {
		return err
	}
	fmt.Println("wrote", out)
	return errors.Join(p.wrong()...)
}

// circumstances are what figures depend on.
type circumstances struct {
	date, commit, machine, seed, sizes string
	took                               time.Duration
}

func about(root string, o *options) circumstances {
	c := circumstances{date: time.Now().UTC().Format("2006-01-02 15:04 UTC"), seed: fmt.Sprint(o.seed),
		commit: git(root, "rev-parse", "--short=12", "HEAD"), sizes: "full",
		machine: fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())}
	if git(root, "status", "--porcelain", "--untracked-files=no", "--", ":!"+pagePath) != "" {
		c.commit += ", with changes that are in no commit"
	}
	if o.size != 1 {
		c.sizes = fmt.Sprintf("%g of the full ones", o.size)
	}
	if o.sample {
		c.sizes = "those of go test ./..."
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		c.machine += ", load " + strings.Fields(string(load))[0] + " at the start"
	}
	return c
}

// git asks about the commit; without git nothing is known.
func git(root string, args ...string) string {
	cmd := exec.Command("git", args...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "not known"
	}
	return strings.TrimSpace(string(out))
}

// moduleRoot looks upwards for the folder of go.mod.
func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	path := strings.TrimSpace(string(out))
	if err != nil || path == "" || path == os.DevNull {
		return "", errors.New("no go.mod here or above; run it inside the module")
	}
	return filepath.Dir(path), nil
}
