package main

import (
	"bytes"
	"cmp"
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
)

// switches is the file that is added to each room: which mutant is on is read from the
// environment, or from the working directory where a test hands on an environment of its own.
// Where the question is which of them a test reaches, each leaves a file.
const switches = `package %s

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
)

var mutantNow, mutantReach = func() (int, string) {
	text := os.Getenv(%q)
	if text == "" {
		text, _ = os.Getwd()
	}
	m := regexp.MustCompile(%q).FindStringSubmatch(text)
	if m == nil {
		return 0, ""
	}
	if n, err := strconv.Atoi(m[1]); err == nil {
		return n, ""
	}
	return 0, m[0]
}()

var mutantReached sync.Map

func mutantOn(n int) bool {
	if mutantReach != "" {
		if _, known := mutantReached.LoadOrStore(n, true); !known {
			_ = os.WriteFile(filepath.Join(mutantReach, strconv.Itoa(n)), nil, 0o600)
		}
	}
	return mutantNow == n
}

func mutantCount(on bool, n int) int {
	if on {
		return n + 1
	}
	return n
}
`

const (
	envSwitch = "PBXSYNC_MUTANT"
	dirSwitch = "^.*/mutant-([0-9]+|reach)"
	addedFile = "mutant_switches.go"
)

// planted is a sample of mutants in copies of the files.
type planted struct {
	root, dir string
	mutants   []mutant // number of the switch - 1 -> mutant
	dead      []bool   // does not compile
}

// plant returns the source of a file with mutants in it. The lines stay where they were.
func plant(src string, mutants []mutant, number func(mutant) int) string {
	type piece struct {
		at, rank int
		text     string
	}
	var pieces []piece
	for i, m := range mutants {
		on := fmt.Sprintf("mutantOn(%d)", number(m))
		pieces = append(pieces, piece{m.from, i, strings.ReplaceAll(m.before, switchOf, on)}, piece{m.to, -1 - i, strings.ReplaceAll(m.end, switchOf, on)})
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Or(a.at-b.at, a.rank-b.rank) })
	var b strings.Builder
	at := 0
	for _, p := range pieces {
		b.WriteString(src[at:p.at])
		b.WriteString(p.text)
		at = p.at
	}
	b.WriteString(src[at:])
	return b.String()
}

// write writes the copies, and the file that tells Go to take them.
func (p *planted) write() error {
	replace, files := map[string]string{}, map[string][]mutant{}
	numbers := map[string]int{}
	for i, m := range p.mutants {
		numbers[m.Name] = i + 1
		if !p.dead[i] {
			files[m.file] = append(files[m.file], m)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		src, err := os.ReadFile(filepath.Join(p.root, file))
		if err != nil {
			return err
		}
		list := files[file]
		slices.SortStableFunc(list, func(a, b mutant) int { return cmp.Or(a.from-b.from, b.to-a.to) })
		room := filepath.Dir(file)
		if err := p.put(replace, file, plant(string(src), list, func(m mutant) int { return numbers[m.Name] })); err != nil {
			return err
		}
		if err := p.put(replace, filepath.Join(room, addedFile), fmt.Sprintf(switches, filepath.Base(room), envSwitch, dirSwitch)); err != nil {
			return err
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(p.overlay(), data, 0o600)
}

func (p *planted) overlay() string { return filepath.Join(p.dir, "overlay.json") }

func (p *planted) put(replace map[string]string, file, text string) error {
	to := filepath.Join(p.dir, strings.ReplaceAll(filepath.ToSlash(file), "/", "_"))
	replace[filepath.Join(p.root, file)] = to
	return os.WriteFile(to, []byte(text), 0o600)
}

// place is that of an error. The compiler leaves out columns that are far to the right.
var place = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):(?:(\d+):)? (.*)$`)

// compile leaves out what does not compile, until the rest does.
func (p *planted) compile(rooms []string) error {
	for range 30 {
		if err := p.write(); err != nil {
			return err
		}
		args := []string{"build", "-gcflags=-e", "-overlay", p.overlay()}
		for _, room := range rooms {
			args = append(args, "./"+room)
		}
		cmd := exec.Command("go", args...)
		cmd.Dir = p.root
		out, err := cmd.CombinedOutput()
		if err == nil {
			return nil
		}
		if p.leaveOut(out) == 0 {
			return fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	return fmt.Errorf("what is planted does not compile after 30 times")
}

// leaveOut drops the mutants that errors of the compiler point at, and returns how many.
func (p *planted) leaveOut(out []byte) int {
	n := 0
	for _, m := range place.FindAllSubmatch(out, -1) {
		line, _ := strconv.Atoi(string(m[2]))
		column, _ := strconv.Atoi(string(m[3]))
		data, err := os.ReadFile(p.copyOf(string(m[1])))
		if err != nil {
			continue
		}
		lines := bytes.Split(data, []byte("\n"))
		if line > len(lines) {
			continue
		}
		for _, i := range blamed(string(lines[line-1]), column, string(m[4])) {
			if !p.dead[i] {
				p.dead[i] = true
				n++
			}
		}
	}
	return n
}

// copyOf returns the copy of a file that the compiler names, from the root where that is
// shorter: a copy itself, or the file that it stands for.
func (p *planted) copyOf(path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.root, path)
	}
	if filepath.Dir(path) == p.dir {
		return path
	}
	rel, err := filepath.Rel(p.root, path)
	if err != nil {
		rel = path
	}
	return filepath.Join(p.dir, strings.ReplaceAll(filepath.ToSlash(rel), "/", "_"))
}

var switched = regexp.MustCompile(`mutantOn\((\d+)\)`)

// blamed returns the mutants of a line that an error is about: the one that its text names,
// else the one nearest to its column, else all of the line.
func blamed(line string, column int, text string) []int {
	if m := switched.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return []int{n - 1}
	}
	var all []int
	best, far := -1, 0
	for _, m := range switched.FindAllStringSubmatchIndex(line, -1) {
		n, _ := strconv.Atoi(line[m[2]:m[3]])
		all = append(all, n-1)
		if d := max(m[0]+1-column, column-m[1]); best < 0 || d < far {
			best, far = n-1, d
		}
	}
	if column == 0 || best < 0 {
		return all
	}
	return []int{best}
}
