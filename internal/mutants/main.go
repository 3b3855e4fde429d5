package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const usualRooms = "sync,diff,schema,schema/file,internal/api,internal/journal"

type options struct {
	n, parallel int
	seed        uint64
	rooms       []string
	names       []string
	results     string
	near        bool
	most        time.Duration
}

// outcome is a line of the results. By is what has noticed the mutant: package and test.
type outcome struct {
	Name string `json:"name"`
	Line int    `json:"line"`
	Text string `json:"text"`
	Near string `json:"near,omitempty"`
	Wide string `json:"wide,omitempty"`
	// Survived are the packages all of whose tests did not notice it.
	Survived []string `json:"survived,omitempty"`
}

func (o outcome) alive() bool { return o.Near == "" && o.Wide == "" }

func main() {
	o := options{}
	page := flag.Bool("page", false, "write docs/survivors.md from survivors.txt")
	list := flag.Bool("list", false, "print the mutants of the sample and try none")
	rooms, names := flag.String("rooms", usualRooms, "the packages to change"), flag.String("names", "", "only mutants whose names begin so, divided by commas")
	flag.IntVar(&o.n, "n", 100, "how many mutants")
	flag.Uint64Var(&o.seed, "seed", 1, "which ones")
	flag.IntVar(&o.parallel, "p", 1, "how many at the same time")
	flag.BoolVar(&o.near, "near", false, "ask only the tests of the mutant's own package")
	flag.DurationVar(&o.most, "most", 0, "how long the tests of a package may take for one mutant, the likeliest to notice first; what is alive then counts as a survivor")
	flag.StringVar(&o.results, "results", "", "where results go, and are taken from; by default in the cache folder of the user")
	flag.Parse()
	o.rooms = strings.Split(*rooms, ",")
	if *names != "" {
		o.names = strings.Split(*names, ",")
	}
	if err := run(o, *page, *list); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(o options, page, list bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if page {
		return writePage(root)
	}
	if o.rooms, err = withRoomsBelow(root, o.rooms); err != nil {
		return err
	}
	sample, err := choose(root, o)
	if err != nil {
		return err
	}
	if list {
		for _, m := range sample {
			fmt.Printf("%s\t%d\t%s\n", m.Name, m.Line, m.Text)
		}
		return nil
	}
	if o.results == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		o.results = filepath.Join(cache, "pbxsync", "mutants.jsonl")
	}
	return try(root, o, sample)
}

// withRoomsBelow adds the packages below rooms, each once and before the one that it is below.
func withRoomsBelow(root string, rooms []string) ([]string, error) {
	var all []string
	for _, room := range rooms {
		var below []string
		err := filepath.WalkDir(filepath.Join(root, room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" {
				return fs.SkipDir
			}
			if files, _ := filepath.Glob(filepath.Join(path, "*.go")); files != nil {
				rel, _ := filepath.Rel(root, path)
				below = append(below, filepath.ToSlash(rel))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, below...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	slices.Reverse(all)
	return all, nil
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("there is no go.mod here or above")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}

// choose returns the sample that a seed picks, in the order of the source.
func choose(root string, o options) ([]mutant, error) {
	var all []mutant
	for _, room := range o.rooms {
		found, err := mutantsOf(root, room)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("no mutants in %s", room)
		}
		all = append(all, found...)
	}
	if o.names != nil {
		return slices.DeleteFunc(all, func(m mutant) bool {
			return !slices.ContainsFunc(o.names, func(name string) bool { return strings.HasPrefix(m.Name, name) })
		}), nil
	}
	r := rand.New(rand.NewPCG(o.seed, 0))
	var out []mutant
	for _, i := range r.Perm(len(all))[:min(o.n, len(all))] {
		out = append(out, all[i])
	}
	slices.SortFunc(out, func(a, b mutant) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// try plants a sample and asks the tests about each mutant.
func try(root string, o options, sample []mutant) error {
	dir, err := os.MkdirTemp("", "pbxsync-mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p := &planted{root: root, dir: dir, mutants: sample, dead: make([]bool, len(sample))}
	if err := p.compile(o.rooms); err != nil {
		return err
	}
	log, err := openResults(o.results)
	if err != nil {
		return err
	}
	defer log.close()
	if err := p.nearest(o, log); err != nil {
		return err
	}
	if !o.near {
		if err := p.farther(o, log); err != nil {
			return err
		}
	}
	log.summary(p, o)
	return nil
}

// side calls f for each of a list, some at the same time.
func side[T any](parallel int, list []T, f func(int, T) error) error {
	var g errgroup.Group
	g.SetLimit(parallel)
	for k, n := range list {
		g.Go(func() error { return f(k, n) })
	}
	return g.Wait()
}

func of(s *suite, by string) string {
	if by == "" {
		return ""
	}
	return s.pkg + " " + by
}

// judged notes and prints what has become of a mutant.
func (p *planted) judged(log *results, n int, r outcome, by, at string) error {
	m := p.mutants[n]
	r.Name, r.Line, r.Text = m.Name, m.Line, m.Text
	if by == "" {
		by = "survives: " + m.Text
	}
	fmt.Printf("%s %s: %s\n", at, m.Name, by)
	return log.add(r)
}

// results are what is known of each mutant; a later line counts.
type results struct {
	mu   gosync.Mutex
	f    *os.File
	last map[string]outcome
}

func openResults(path string) (*results, error) {
	r := &results{last: map[string]outcome{}}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err == nil {
		for in := bufio.NewScanner(f); in.Scan(); {
			var o outcome
			if json.Unmarshal(in.Bytes(), &o) == nil { // the last line of a run that was killed may be torn
				r.last[o.Name] = o
			}
		}
		_ = f.Close()
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	r.f, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return r, err
}

func (r *results) close() { _ = r.f.Close() }

// of returns what is known of a mutant; nothing where its source has changed.
func (r *results) of(m mutant) outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o := r.last[m.Name]; o.Text == m.Text {
		return o
	}
	return outcome{}
}

func (r *results) add(o outcome) error {
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last[o.Name] = o
	_, err = r.f.Write(append(data, '\n'))
	return err
}

// summary counts, and lists what has survived.
func (r *results) summary(p *planted, o options) {
	made, near, wide, explained := 0, 0, 0, 0
	list, _ := survivors(survivorsText)
	var left []string
	for i, m := range p.mutants {
		if p.dead[i] {
			continue
		}
		made++
		switch got := r.of(m); {
		case got.Near != "":
			near++
		case got.Wide != "":
			wide++
		case slices.ContainsFunc(list, func(s survivor) bool { return s.name == p.mutants[i].Name }):
			explained++
		default:
			left = append(left, fmt.Sprintf("%s\t%d\t%s", m.Name, m.Line, m.Text))
		}
	}
	fmt.Printf("\nsurvivors that are not on the list:\n%s\n", strings.Join(left, "\n"))
	fmt.Printf("seed %d: %d mutants made (%d do not compile), %d dead by the nearest package, %d dead end to end, %d survivors, %d of them on the list\n",
		o.seed, made, len(p.mutants)-made, near, wide, explained+len(left), explained)
}
