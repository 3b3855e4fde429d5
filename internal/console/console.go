package console

import (
	"errors"
	"io"
	"iter"
	"slices"

	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/internal/wrap"
	"pbxsync/schema"
	"pbxsync/sync"
)

// The forms of results.
const (
	Text = "text"
	JSON = "json"
)

// Streams are where results and messages go, and how many cells a line of each has, 0 for what
// is no terminal.
type Streams struct {
	Stdout, Stderr  io.Writer
	Width, LogWidth int
}

// Console prints what a command says.
type Console struct {
	Out, Log *report.Printer
	Format   string
	Quiet    bool            // nothing but failures is told
	Warnings schema.Problems // that were met, each once
	Mask     report.Mask     // of every secret that was found

	Stdout, Stderr io.Writer        // with secrets masked
	results        *output          // what Stdout goes through
	wraps          [2]*wrap.Wrapper // of Stdout and Stderr
}

// New returns a console without colours.
func New(s Streams) *Console {
	c := &Console{wraps: [2]*wrap.Wrapper{wrap.New(s.Width), wrap.New(s.LogWidth)}}
	c.results = &output{to: s.Stdout, mask: &c.Mask}
	c.Stdout, c.Stderr = c.results, &output{to: s.Stderr, mask: &c.Mask}
	c.Log = report.NewPrinter(c.Stderr, false).Wrap(c.wrapped(c.wraps[1])).Mask(c.Mask.Text)
	c.Colour(false)
	return c
}

// Colour lets results be coloured.
func (c *Console) Colour(on bool) {
	c.Out = report.NewPrinter(c.Stdout, on).Wrap(c.wrapped(c.wraps[0])).Mask(c.Mask.Text)
}

// wrapped breaks lines, of which secrets are gone before.
func (c *Console) wrapped(w *wrap.Wrapper) func(string) string {
	if !w.On() {
		return nil
	}
	return func(line string) string { return w.Line(c.Mask.Text(line)) }
}

// KeepWhole names what no line is broken in: paths and addresses, which may have blanks.
func (c *Console) KeepWhole(texts iter.Seq[string]) {
	for _, w := range c.wraps {
		if !w.On() {
			continue
		}
		for text := range texts {
			w.Keep(text)
		}
	}
}

// Lost returns why results could not be written, nil where they could.
func (c *Console) Lost() error { return c.results.lost() }

// JSON prints a document with the word of the exit code.
func (c *Console) JSON(code int, document any) error {
	return report.JSON(c.Stdout, report.Coded(exit.Name(code), document))
}

// Note tells what is worth knowing, and no failure.
func (c *Console) Note(format string, args ...any) {
	if !c.Quiet {
		c.Log.Linef("note: "+format, args...)
	}
}

// Warn tells warnings that were not told yet. JSON has them in its document.
func (c *Console) Warn(ps schema.Problems) {
	var fresh schema.Problems
	for _, w := range ps.Warnings() {
		if !slices.Contains(c.Warnings, w) {
			fresh = append(fresh, w)
		}
	}
	c.Warnings = append(c.Warnings, fresh...)
	if c.Format != JSON && !c.Quiet {
		report.Warnings(c.Log, fresh)
	}
}

// Print prints a report in the chosen form.
func (c *Console) Print(code int, r *report.Report) error {
	if c.Format == JSON {
		r.Warnings = c.Warnings
		return c.JSON(code, r)
	}
	report.Text(c.Out, r)
	return nil
}

// Explain prints an error that nothing has printed yet, in the chosen form.
func (c *Console) Explain(err error, code int) {
	if err == nil || err.Error() == "" {
		return
	}
	var problems schema.Problems
	isProblems := errors.As(err, &problems)
	stale := &sync.Moved{}
	errors.As(err, &stale)
	if c.Format == JSON {
		r := report.Report{Version: report.Version}
		if r.Warnings = append(slices.Clone(c.Warnings), problems.Warnings()...); isProblems {
			r.Problems = problems.Errors()
		} else {
			r.Error, r.Moved = err.Error(), stale.Stale
		}
		if c.JSON(code, r) == nil && c.results.err == nil {
			return
		}
	}
	if isProblems {
		c.Warn(problems)
		c.problems(problems.Errors())
		return
	}
	c.Log.Linef("pbxsync: %s", err)
	for _, s := range stale.Stale {
		c.Log.Linef("  %s", s)
	}
}

// problems prints problems one to a line.
func (c *Console) problems(ps schema.Problems) {
	const most = 200
	for i, problem := range ps {
		if i == most {
			c.Log.Linef("... and %d more", len(ps)-most)
			return
		}
		c.Log.Linef("%s", problem)
	}
}
