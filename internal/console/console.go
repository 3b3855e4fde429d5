package console

import (
	"cmp"
	"errors"
	"io"
	"iter"
	"slices"

	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/internal/report/forms"
	"pbxsync/internal/wrap"
	"pbxsync/schema"
	"pbxsync/sync"
)

// The forms of results that every command has.
const (
	Text = forms.Text
	JSON = "json"
)

// page is how many cells a line of a report has where there is no screen.
const page = 80

// Streams are where results and messages go, and how many cells a line of each has, 0 for what
// is no terminal. Page is how many those of a report have there, 0 for as many as everybody can read.
type Streams struct {
	Stdout, Stderr        io.Writer
	Width, LogWidth, Page int
}

// Console prints what a command says.
type Console struct {
	Out, Log *report.Printer
	Format   string
	Command  string          // that makes reports, "" for others
	Told     forms.Options   // how much of a report is told
	Reports  []Target        // files that get the report too
	Began    string          // wall time, for a report that knows none
	Found    *report.Report  // what is known so far, for an error that ends the command; nil: nothing
	Quiet    bool            // nothing but failures is told
	Warnings schema.Problems // that were met, each once
	Mask     report.Mask     // of every secret that was found

	Stdout, Stderr io.Writer        // with secrets masked
	events         map[string]bool  // that were printed
	results        *output          // what Stdout goes through
	wraps          [3]*wrap.Wrapper // of Stdout, Stderr and reports
}

// New returns a console without colours.
func New(s Streams) *Console {
	c := &Console{Format: Text, events: map[string]bool{}, wraps: [3]*wrap.Wrapper{wrap.New(s.Width), wrap.New(s.LogWidth), wrap.New(cmp.Or(s.Width, s.Page, page))}}
	c.results = &output{to: s.Stdout, mask: &c.Mask}
	c.Stdout, c.Stderr = c.results, &output{to: s.Stderr, mask: &c.Mask}
	c.Log = report.NewPrinter(c.Stderr, false).Wrap(c.wrapped(c.wraps[1])).Mask(c.Mask.Text)
	c.Colour(false)
	return c
}

// Colour lets results be coloured.
func (c *Console) Colour(on bool) {
	c.Out = report.NewPrinter(c.Stdout, on).Wrap(c.wrapped(c.wraps[0])).Mask(c.Mask.Text)
	c.Told.Colored = on
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

// Warn tells warnings that were not told yet. Every other form has them in it.
func (c *Console) Warn(ps schema.Problems) {
	var fresh schema.Problems
	for _, w := range ps.Warnings() {
		if !slices.Contains(c.Warnings, w) {
			fresh = append(fresh, w)
		}
	}
	c.Warnings = append(c.Warnings, fresh...)
	if c.Format == Text && !c.Quiet {
		report.Warnings(c.Log, fresh)
	}
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
	c.Warn(problems)
	said := c.fail(c.failed(err, problems, stale), code)
	if c.Format != Text && said == nil && c.results.err == nil {
		return
	}
	if isProblems {
		c.problems(problems.Errors())
	} else {
		c.Log.Linef("pbxsync: %s", err)
	}
	for _, s := range stale.Stale {
		c.Log.Linef("  %s", s)
	}
	if said != nil {
		c.Log.Linef("pbxsync: %s", said)
	}
}

// failed is the report of what is known, with the error that ended the command.
func (c *Console) failed(err error, problems schema.Problems, stale *sync.Moved) *report.Report {
	r := c.Found
	if r == nil {
		r = report.New(c.Command)
		r.Made = c.Began
	}
	if problems == nil {
		r.Failed(err)
	}
	r.Errors, r.Moved = append(r.Errors, problems.Errors()...), stale.Stale
	return r
}

// fail prints the report of an error, but for the form that people read: they get messages.
func (c *Console) fail(r *report.Report, code int) error {
	c.judge(code, r)
	if c.Format == Text {
		return c.Save(r)
	}
	return errors.Join(c.print(r), c.Save(r))
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
