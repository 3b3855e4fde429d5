package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
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
	again       []string
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
	rooms := flag.String("rooms", "", "the packages to change; by default those of -names and -again, or "+usualRooms)
	names := flag.String("names", "", "only mutants whose names begin so, divided by commas")
	again := flag.String("again", "", "only the mutants of a file, such as one that -list or a run has printed")
	flag.IntVar(&o.n, "n", 100, "how many mutants")
	flag.Uint64Var(&o.seed, "seed", 1, "which ones")
	flag.IntVar(&o.parallel, "p", 1, "how many at the same time")
	flag.BoolVar(&o.near, "near", false, "ask only the tests of the mutant's own package")
	flag.DurationVar(&o.most, "most", 0, "how long the tests of a package may take for one mutant, the likeliest to notice first; what is alive then counts as a survivor")
	flag.StringVar(&o.results, "results", "", "where results go, and are taken from; by default in the cache folder of the user")
	flag.Parse()
	root, err := moduleRoot()
	if err == nil {
		err = o.choice(root, *rooms, *names, *again)
	}
	if err == nil {
		err = run(root, o, *page, *list)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(root string, o options, page, list bool) (err error) {
	if page {
		return writePage(root)
	}
	if o.rooms, err = withRoomsBelow(root, o.rooms); err != nil {
		return err
	}
	sample, gone, err := choose(root, o)
	if err != nil {
		return err
	}
	if len(gone) > 0 {
		fmt.Fprintf(os.Stderr, "%d of %d mutants do not exist any more:\n%s\n", len(gone), len(o.again), strings.Join(gone, "\n"))
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
