package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"
)

// measureImport is the word with which the import is measured instead of the plan.
const measureImport = "import"

// What the program takes if no flag says otherwise.
const (
	rowsInAPage = 200
	atOnce      = 10
)

// importReport is what the program says of an import in its JSON.
type importReport struct {
	announced
	Lines    int
	Files    []string
	Objects  map[string]int
	Coverage struct{ Compared, Fields int }
}

// imports measures the import of a generated tenant, and the plan of what it wrote:
//
//	go run ./internal/bench import [-extensions 10000] [-latency 20ms]
func imports(args []string) error {
	fs := flag.NewFlagSet("bench import", flag.ExitOnError)
	n := fs.Int("extensions", maxExtensions, "extensions of the tenant")
	latency := fs.Duration("latency", 20*time.Millisecond, "what the server waits before each answer")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *n < 1 || *n > maxExtensions {
		return fmt.Errorf("-extensions: a number from 1 to %d is due", maxExtensions)
	}
	dir, err := os.MkdirTemp("", "pbxsync-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := newLab(dir)
	if err != nil {
		return err
	}
	_, smallest, err := l.importOf(1, 0)
	if err != nil {
		return err
	}
	// One extension has one page and one phone. A page that is full has another after it.
	bound := smallest.Calls.Reads - 2 + *n/rowsInAPage + 1 + *n
	return l.printImport(*n, *latency, bound)
}

// importOf imports a tenant of n extensions.
func (l *lab) importOf(n int, latency time.Duration) (usage, *importReport, error) {
	s, err := l.serve(n, latency)
	if err != nil {
		return usage{}, nil, err
	}
	defer s.stop()
	u, out, err := timed(l.command(s, "pbxsync", "import", "--format", "json", "--force", l.imported(n)), s)
	if err != nil {
		return u, nil, fmt.Errorf("pbxsync import: %w\n%.2000s", err, out)
	}
	r := &importReport{}
	if err := json.Unmarshal(out, r); err != nil {
		return u, nil, err
	}
	if r.gets() != u.Reads || u.Writes != 0 {
		return u, nil, fmt.Errorf("the import announced %+v, and the server saw %d reads and %d writes", r.Calls, u.Reads, u.Writes)
	}
	return u, r, nil
}

func (l *lab) serve(n int, latency time.Duration) (*server, error) {
	files, err := l.files(n)
	if err != nil {
		return nil, err
	}
	return startServer(filepath.Join(l.dir, "server"), filepath.Join(files, seedFile), latency)
}

func (l *lab) imported(n int) string { return filepath.Join(l.dir, "imported-"+strconv.Itoa(n)) }

func (l *lab) printImport(n int, latency time.Duration, bound int) error {
	u, r, err := l.importOf(n, latency)
	if err != nil {
		return err
	}
	s, err := l.serve(n, latency)
	if err != nil {
		return err
	}
	defer s.stop()
	planned, err := l.plan(s, l.imported(n))
	if err != nil {
		return err
	}
	objects := 0
	for _, c := range r.Objects {
		objects += c
	}
	least := time.Duration(u.Reads) * latency / atOnce
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	row(w, "extensions, objects", fmt.Sprintf("%d, %d", n, objects))
	row(w, "calls", fmt.Sprintf("%d, bound %d", r.Calls.Reads, bound))
	row(w, "calls counted apart", fmt.Sprintf("%d for the tenant, %d to see whether a list goes on, %d to read lists a second time", r.Calls.Tenant, r.Calls.Extra, r.Calls.Second))
	row(w, "wall time", fmt.Sprintf("%.2fs, calls x latency / parallelism %.2fs", u.Wall, least.Seconds()))
	row(w, "CPU, peak memory", fmt.Sprintf("%.2fs, %s", u.CPU, memory(u.Memory)))
	row(w, "files, lines", fmt.Sprintf("%d, %d (%.2f an extension)", len(r.Files), r.Lines, float64(r.Lines)/float64(n)))
	row(w, "coverage", fmt.Sprintf("%d of %d fields", r.Coverage.Compared, r.Coverage.Fields))
	row(w, "plan of the result", fmt.Sprintf("%.2fs, %s, %d calls, empty", planned.Wall, memory(planned.Memory), planned.Reads))
	return w.Flush()
}
