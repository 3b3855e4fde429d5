package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pbxsync/internal/evidence"
)

// part is a test that has ended, or a fuzz target, with what came of it.
type part struct {
	Pkg, Test     string
	Took          time.Duration
	Passed        int
	Skips, Failed []string       `json:",omitempty"`
	Notes         []noted        `json:",omitempty"`
	Reds          []evidence.Red `json:",omitempty"`
	Fuzzed        *fuzzed        `json:",omitempty"`
	said          said           // what the test printed, for when it fails
}

// said is what a test printed: its first and its last lines, and how many are left out between them.
// A test that tries thousands of cases says at first which of them failed, and at last how many.
type said struct {
	first, last []string
	between     int
}

// mostSaid is how many first lines of a test that failed are shown, and how many last ones.
const mostSaid = 100

func (s *said) add(line string) {
	if len(s.first) < mostSaid {
		s.first = append(s.first, line)
		return
	}
	if s.last = append(s.last, line); len(s.last) > mostSaid {
		s.last, s.between = s.last[1:], s.between+1
	}
}

func (s *said) String() string {
	var gap string
	if s.between > 0 {
		gap = fmt.Sprintf("... %d lines ...\n", s.between)
	}
	return strings.Join(s.first, "") + gap + strings.Join(s.last, "")
}

// take adds what an event says.
func (p *part) take(e *evidence.Event) error {
	switch {
	case e.Action == "output":
		p.said.add(e.Output)
	case e.Action == "attr" && e.Key == evidence.Key:
		n := noted{Test: e.Test}
		err := json.Unmarshal([]byte(e.Value), &n.Note)
		p.Notes = append(p.Notes, n)
		return err
	case e.Action == "attr" && e.Key == evidence.RedKey:
		var r evidence.Red
		err := json.Unmarshal([]byte(e.Value), &r)
		p.Reds = append(p.Reds, r)
		return err
	case e.Action == "pass":
		p.Passed++
	case e.Action == "skip":
		p.Skips = append(p.Skips, e.Test)
	case e.Action == "fail":
		p.Failed = append(p.Failed, e.Test)
	}
	if e.Test == p.Test && e.Elapsed > 0 {
		p.Took = time.Duration(e.Elapsed * float64(time.Second))
	}
	return nil
}

// state is the file of the parts that are done. Its name is the digest of all sources
// and of the sizes, so that what another state of them has shown is never taken.
type state struct {
	path string
	done []*part
}

// openState reads the parts that a run before this one has finished.
func openState(dir, root string, o *options) (*state, error) {
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("%w; name a folder with -state", err)
		}
		dir = filepath.Join(cache, "pbxsync-reliability")
	}
	digest, err := sources(root)
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s %d %v %v %v %v", digest, o.seed, o.time, o.fuzz, o.sample, o.size))
	s := &state{path: filepath.Join(dir, fmt.Sprintf("%x.jsonl", key[:8]))}
	if o.again {
		_ = os.Remove(s.path)
	}
	data, err := os.ReadFile(s.path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for line := range bytes.Lines(data) {
		p := &part{}
		if json.Unmarshal(line, p) == nil { // the last line may be torn: its part is run again
			s.done = append(s.done, p)
		}
	}
	return s, os.MkdirAll(dir, 0o700)
}

// of returns the parts of a package that are done.
func (s *state) of(pkg string) []*part {
	return slices.DeleteFunc(slices.Clone(s.done), func(p *part) bool { return p.Pkg != pkg || p.Fuzzed != nil })
}

// keep says what has ended, and puts it into the file. What failed is run again next time.
func (s *state) keep(p *part) error {
	word := "ok"
	if len(p.Failed) > 0 {
		word = "FAILED"
	}
	fmt.Fprintf(os.Stderr, "%s %-6s %s %s (%v)\n", clock(), word, strings.TrimPrefix(p.Pkg, "pbxsync/"), p.Test, p.Took.Round(100*time.Millisecond))
	if word != "ok" {
		fmt.Fprint(os.Stderr, &p.said)
		return nil
	}
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if whole, err := endsWhole(f); err != nil {
		return err
	} else if !whole {
		line = append([]byte("\n"), line...)
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return err
	}
	return f.Sync()
}

// endsWhole reports whether a file ends with a whole line.
func endsWhole(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return true, err
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, info.Size()-1)
	return last[0] == '\n', err
}

// sources is the digest of all files of the module, without the page.
func sources(root string) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules" || d.Name() == ".pbxsync"):
			return fs.SkipDir
		case !d.Type().IsRegular() || filepath.ToSlash(rel) == pagePath || rel == ".git":
			return nil
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n", rel, len(data))
		sum.Write(data)
		return err
	})
	return fmt.Sprintf("%x", sum.Sum(nil)), err
}

func clock() string { return time.Now().Format("15:04:05") }

func sorted[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
