package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	gosync "sync"
	"time"
)

// wide are the packages whose tests run the whole program, the fastest to notice first.
var wide = []string{"internal/proof", ".", "internal/harness", "internal/cli", "internal/process"}

// unit is a test: how long it takes, which mutants it reaches, and how
// many it has noticed.
type unit struct {
	suite *suite
	name  string
	took  time.Duration
	reach map[int]bool
	kills int
}

func (u *unit) String() string { return u.suite.pkg + " " + u.name }

// pattern is what -run takes for the test.
func (u *unit) pattern() string {
	parts := strings.Split(u.name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// score is how many mutants a second of the test may notice.
func (u *unit) score() float64 { return (float64(u.kills) + 0.3) / (u.took.Seconds() + 0.1) }

// tests are the units of a package. Those that have noticed much in a short time are
// asked first.
type tests struct {
	mu    gosync.Mutex
	units []*unit
}

// nearest asks the tests of the mutants' own packages, and then those of the rooms that
// these are below.
func (p *planted) nearest(o options, log *results) error {
	for _, pkg := range o.rooms {
		if tests, _ := filepath.Glob(filepath.Join(p.root, pkg, "*_test.go")); tests == nil {
			continue
		}
		own := func(m mutant) bool { return strings.HasPrefix(m.file, pkg+"/") }
		if err := p.askAll(o, log, pkg, own, func(r *outcome, by string) { r.Near = by }); err != nil {
			return err
		}
	}
	return nil
}

// farther asks the tests of the whole program about what the nearest ones did not notice.
func (p *planted) farther(o options, log *results) error {
	for _, pkg := range wide {
		every := func(mutant) bool { return true }
		if err := p.askAll(o, log, pkg, every, func(r *outcome, by string) { r.Wide = by }); err != nil {
			return err
		}
	}
	return nil
}

// askAll asks the tests of a package about the mutants of a kind that are alive.
func (p *planted) askAll(o options, log *results, pkg string, is func(mutant) bool, note func(*outcome, string)) error {
	var due []int
	for n, m := range p.mutants {
		if r := log.of(m); !p.dead[n] && is(m) && r.alive() && !slices.Contains(r.Survived, pkg) {
			due = append(due, n)
		}
	}
	if len(due) == 0 {
		return nil
	}
	all, err := p.measured(o, pkg)
	if err != nil {
		return err
	}
	for _, r := range log.last {
		all.noticed(r.Near)
		all.noticed(r.Wide)
	}
	fmt.Printf("%s: %d mutants\n", pkg, len(due))
	return side(o.parallel, due, func(k, n int) error {
		by, finished, err := p.ask(all, n+1, o.most)
		if err != nil {
			return err
		}
		all.noticed(by)
		r := log.of(p.mutants[n])
		note(&r, by)
		if by == "" && finished {
			r.Survived = append(slices.Clip(r.Survived), pkg)
		}
		return p.judged(log, n, r, by, fmt.Sprintf("%d/%d", k+1, len(due)))
	})
}

// noticed counts for the test that has noticed a mutant.
func (t *tests) noticed(by string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range t.units {
		if name := u.String(); by == name || strings.HasPrefix(by, name+"/") || strings.HasPrefix(by, name+" ") {
			u.kills++
		}
	}
}

// due returns the tests that reach a mutant, the likeliest to notice it first.
func (t *tests) due(number int) []*unit {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []*unit
	for _, u := range t.units {
		if u.reach[number] {
			out = append(out, u)
		}
	}
	slices.SortStableFunc(out, func(a, b *unit) int {
		switch x, y := a.score(), b.score(); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return out
}

// ask returns which test has noticed a mutant, and whether no more is to be asked. Tests of
// a package are run together, few at first.
func (p *planted) ask(all *tests, number int, most time.Duration) (string, bool, error) {
	due, spent := all.due(number), time.Duration(0)
	for len(due) > 0 {
		if most > 0 && spent >= most {
			return "", false, nil
		}
		n, took := 0, time.Duration(0)
		var patterns []string
		for ; n < len(due) && due[n].suite == due[0].suite && (n == 0 || took+due[n].took < max(2*time.Second, spent/2)); n++ {
			took += due[n].took
			patterns = append(patterns, due[n].pattern())
		}
		s := *due[0].suite
		s.limit = limitOf(took)
		if by, err := p.try(&s, strings.Join(patterns, "|"), strconv.Itoa(number)); by != "" || err != nil {
			return of(&s, by), true, err
		}
		due, spent = due[n:], spent+took
	}
	return "", true, nil
}

// measurement is what a run of a test without a mutant has shown, for the next run of the
// same sample.
type measurement struct {
	Name  string
	Took  time.Duration
	Reach []int
}

// measured compiles the tests of a package and runs each by itself, or takes what was noted
// of that for the same mutants.
func (p *planted) measured(o options, pkg string) (*tests, error) {
	s, err := p.compiled(pkg)
	if err != nil {
		return nil, err
	}
	units, err := p.listed(s)
	if err != nil {
		return nil, err
	}
	path := fmt.Sprintf("%s.%x", o.results, p.digest(units))
	var known []measurement
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &known) != nil {
		if known, err = p.measure(o, units); err != nil {
			return nil, err
		}
		if data, err = json.Marshal(known); err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			return nil, err
		}
	}
	out := &tests{}
	for _, m := range known {
		u := &unit{suite: s, name: m.Name, took: m.Took, reach: map[int]bool{}}
		for _, n := range m.Reach {
			u.reach[n] = true
		}
		out.units = append(out.units, u)
	}
	return out, nil
}

// digest tells samples apart, and the tests that are asked.
func (p *planted) digest(units []*unit) []byte {
	h := sha256.New()
	for _, u := range units {
		fmt.Fprintln(h, u)
	}
	for i, m := range p.mutants {
		fmt.Fprintln(h, m.Name, m.Text, p.dead[i])
	}
	return h.Sum(nil)[:8]
}

// measure runs each test by itself without a mutant, and learns which ones it reaches.
func (p *planted) measure(o options, units []*unit) ([]measurement, error) {
	out := make([]measurement, len(units))
	err := side(o.parallel, units, func(k int, u *unit) error {
		began := time.Now()
		by, err := p.try(u.suite, u.pattern(), "reach", u.reach)
		took := time.Since(began)
		fmt.Printf("%d/%d %s: %v, reaches %d %s\n", k+1, len(units), u, took.Round(10*time.Millisecond), len(u.reach), by)
		if by == "" { // one that fails without a mutant is left out
			out[k] = measurement{u.name, took, slices.Sorted(maps.Keys(u.reach))}
		}
		return err
	})
	return slices.DeleteFunc(out, func(m measurement) bool { return m.Name == "" }), err
}

// listed returns the tests of a package, each script by itself.
func (p *planted) listed(s *suite) ([]*unit, error) {
	cmd := exec.Command(s.binary, "-test.list", "^(Test|Example|Fuzz)")
	cmd.Dir = filepath.Join(p.root, s.pkg)
	text, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	scripts, _ := filepath.Glob(filepath.Join(cmd.Dir, "testdata", "script", "*.txtar"))
	var out []*unit
	for _, name := range strings.Fields(string(text)) {
		if name != "TestScripts" || scripts == nil {
			out = append(out, &unit{suite: s, name: name, reach: map[int]bool{}})
			continue
		}
		for _, path := range scripts {
			out = append(out, &unit{suite: s, name: name + "/" + strings.TrimSuffix(filepath.Base(path), ".txtar"), reach: map[int]bool{}})
		}
	}
	return out, nil
}
