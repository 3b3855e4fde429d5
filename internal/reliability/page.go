package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed rows.json
var rows []byte

// table is what the page has rows for.
type table struct {
	Faults  []row // numbered
	Figures []row // named
}

// row is what one line of the page is about. NotRun is what no test here tries, and why.
type row struct {
	Row, Text, NotRun string
	Bound             bool // zero failures in N are published with what they say: below 3 in N
}

func readTable() (*table, error) {
	t := &table{}
	d := json.NewDecoder(bytes.NewReader(rows))
	d.DisallowUnknownFields()
	if err := d.Decode(t); err != nil {
		return nil, fmt.Errorf("rows.json: %w", err)
	}
	return t, nil
}

// page is all that the page says.
type page struct {
	table   *table
	made    circumstances
	results []*result
	fuzzed  []*fuzzed
	text    bytes.Buffer
}

const (
	madeBy = "<!-- Made by go run ./internal/reliability; do not edit. "
	endsIn = " -->\n"
)

// bytes makes the page. Its first line has the digest of the rest.
func (p *page) bytes() []byte {
	p.text.Reset()
	p.head()
	p.line("## Faults\n")
	p.line("Each row is a kind of fault, with the cases that were tried and those that ended as they should: the tenant as wanted, nothing made twice, nobody else's objects touched, an exit code that tells the truth. What was not run says why.\n")
	p.rows("fault", p.table.Faults)
	p.line("## Figures\n")
	p.rows("figure", append(slices.Clone(p.table.Figures), p.unknown()...))
	p.fuzz()
	p.tests()
	return append([]byte(madeBy+digest(p.text.Bytes())+endsIn), p.text.Bytes()...)
}

func digest(text []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(text)) }

func (p *page) line(format string, args ...any) { fmt.Fprintf(&p.text, format+"\n", args...) }

func (p *page) head() {
	p.line("\n# Reliability\n")
	p.line("What was tried to break pbxsync, and what came of it. A run of the tests wrote every figure here, and `go run ./internal/reliability` writes the page again.\n")
	p.line("| | |\n|---|---|")
	for _, c := range [][2]string{{"made", p.made.date}, {"took", p.made.took.Round(time.Second).String()}, {"seed", p.made.seed}, {"sizes", p.made.sizes}, {"machine", p.made.machine}, {"commit", p.made.commit}} {
		p.cells(c[0], c[1])
	}
	p.line("")
}

func (p *page) cells(cells ...string) {
	for i, c := range cells {
		cells[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(c)
	}
	p.line("| %s |", strings.Join(cells, " | "))
}

func (p *page) rows(what string, list []row) {
	p.line("| | %s | tried | right | what it shows | seeded bugs that make it red |\n|---|---|---|---|---|---|", what)
	for _, r := range list {
		tried, right, figures := p.sum(r.Row)
		name := r.Row
		if what == "figure" {
			name = ""
		}
		if tried == 0 && len(figures) == 0 {
			p.cells(name, r.Text, "not run", "", orNot(r.NotRun), "")
			continue
		}
		if r.Bound && right == tried {
			figures = append(figures, fmt.Sprintf("0 failures in %d: with 95 %% confidence fewer than 3 in %d, that is %.2g, for these faults", tried, tried, 3/float64(tried)))
		}
		if r.NotRun != "" {
			figures = append(figures, "not run: "+r.NotRun)
		}
		count := fmt.Sprint(right)
		if right != tried {
			count = "**" + count + "**"
		}
		p.cells(name, r.Text, fmt.Sprint(tried), count, strings.Join(figures, "<br>"), p.mutants(r.Row))
	}
	p.line("")
}

// mutants names the seeded bugs with which a row did not come out right.
func (p *page) mutants(name string) string {
	var out []string
	seeded := 0
	for _, r := range p.results {
		seeded += len(r.reds)
		for _, red := range r.reds {
			if slices.Contains(red.Rows, name) {
				out = append(out, red.Mutant)
			}
		}
	}
	switch {
	case seeded == 0:
		return "not run"
	case len(out) == 0:
		return "none"
	}
	slices.Sort(out)
	return fmt.Sprintf("%d: %s", len(out), strings.Join(out, "; "))
}

func orNot(reason string) string {
	if reason == "" {
		return "no test has anything on record for it"
	}
	return reason
}

// sum adds up the notes of a row. Of the figures, the last one of each test counts.
func (p *page) sum(name string) (tried, right int, figures []string) {
	last := map[string]string{}
	var order []string
	for _, r := range p.results {
		for _, n := range r.notes {
			if n.Row != name {
				continue
			}
			tried, right = tried+n.Tried, right+n.Right
			key := r.pkg + " " + n.Test
			if last[key] == "" && n.Figure != "" {
				order = append(order, key)
			}
			last[key] = n.Figure
		}
	}
	for _, key := range order {
		figures = append(figures, last[key])
	}
	return tried, right, figures
}

// unknown are the rows that tests have on record and rows.json lacks.
func (p *page) unknown() []row {
	known := map[string]bool{}
	for _, r := range append(slices.Clone(p.table.Faults), p.table.Figures...) {
		known[r.Row] = true
	}
	var out []row
	for _, r := range p.results {
		for _, n := range r.notes {
			if !known[n.Row] {
				known[n.Row] = true
				out = append(out, row{Row: n.Row, Text: n.Row})
			}
		}
	}
	return out
}

func (p *page) fuzz() {
	p.line("## Fuzzing\n")
	if len(p.fuzzed) == 0 {
		p.line("not run: it was left out of this run.\n")
		return
	}
	p.line("| target | time | executions | inputs kept | failures |\n|---|---|---|---|---|")
	for _, f := range p.fuzzed {
		failures := "0"
		if f.failed {
			failures = "**failed**"
		}
		p.cells(fmt.Sprintf("`%s` in %s", f.Name, strings.TrimPrefix(f.Pkg, "./")), f.Time.String(), f.Executions, f.Corpus, failures)
	}
	p.line("")
}

func (p *page) tests() {
	p.line("## Tests that this comes from\n")
	p.line("| package | time | passed | failed | skipped |\n|---|---|---|---|---|")
	for _, r := range p.results {
		p.cells(strings.TrimPrefix(r.pkg, "pbxsync/"), r.took.Round(100*time.Millisecond).String(), fmt.Sprint(r.passed), names(r.failed), names(r.skips))
	}
}

func names(tests []string) string {
	if len(tests) == 0 {
		return "0"
	}
	var out []string
	for _, t := range tests {
		out = append(out, path.Clean(t))
	}
	return fmt.Sprintf("%d: %s", len(tests), strings.Join(out, ", "))
}

// took is how long the parts took, in this run and in those that it goes on from.
func (p *page) took() time.Duration {
	var d time.Duration
	for _, r := range p.results {
		d += r.took
	}
	for _, f := range p.fuzzed {
		d += f.Time
	}
	return d
}

// wrong is what makes the command fail: tests and fuzz targets that failed, and rows in
// which not every case came out right.
func (p *page) wrong() []error {
	var out []error
	for _, r := range p.results {
		for _, test := range r.failed {
			out = append(out, fmt.Errorf("%s: %s failed", strings.TrimPrefix(r.pkg, "pbxsync/"), test))
		}
	}
	for _, f := range p.fuzzed {
		if f.failed {
			out = append(out, fmt.Errorf("%s: %s failed", f.Pkg, f.Name))
		}
	}
	for _, r := range slices.Concat(p.table.Faults, p.table.Figures, p.unknown()) {
		if tried, right, _ := p.sum(r.Row); tried != right {
			out = append(out, fmt.Errorf("row %s (%s): %d of %d cases ended as they should", r.Row, r.Text, right, tried))
		}
	}
	return out
}
