package forms

import (
	"io"
	"strings"

	"pbxsync/internal/report"
	"pbxsync/internal/report/findings"
	"pbxsync/internal/report/markdown"
	"pbxsync/internal/report/page"
	"pbxsync/schema/wording"
)

// Options say how much is told, and how.
type Options struct {
	All, Verbose bool                // list each object; tell all that is known
	Budget       int                 // of bytes, for forms that have one
	Colored      bool                // for the screen
	Wrap         func(string) string // breaks lines for people; nil: none is broken
	Mask         func(string) string // takes secrets out of what is cut or escaped; nil: there are none
}

// Form writes a report.
type Form struct {
	Name, Means string
	Write       func(io.Writer, *report.Report, Options) error
}

// Text is the form for people at a screen, Lines the one that is written while things happen.
const (
	Text  = "text"
	Lines = "jsonl"
)

// All returns the forms, in the order in which people should meet them.
func All() []Form {
	return []Form{
		{Text, "for people, at a screen", text},
		{"json", "one document of version 2.0", document},
		{"markdown", "a comment for a pull request, within --budget", comment},
		{"html", "one page for a browser, which fetches nothing", htmlPage},
		{Lines, "events as they happen, a JSON object to a line", lines},
		{"github", "commands of a workflow, which become annotations", plainly(findings.GitHub)},
		{"sarif", "findings for code scanning", plainly(findings.SARIF)},
		{"junit", "a suite of tests, a case for each object", plainly(findings.JUnit)},
		{"codequality", "findings for GitLab", plainly(findings.CodeQuality)},
	}
}

// Names returns the names of the forms.
func Names() []string {
	var out []string
	for _, f := range All() {
		out = append(out, f.Name)
	}
	return out
}

// Named returns a form, nil where there is none of that name.
func Named(name string) *Form {
	for _, f := range All() {
		if f.Name == name {
			return &f
		}
	}
	return nil
}

// Unknown says what is wrong with the name of a form.
func Unknown(name string) string {
	return "form " + report.Clean(wording.Excerpt(name)) + " is not known; forms are " + strings.Join(Names(), ", ")
}

func text(w io.Writer, r *report.Report, o Options) error {
	p := report.NewPrinter(w, o.Colored).Wrap(o.Wrap).Mask(o.Mask).Detail(o.All, o.Verbose)
	report.Whole(p, r)
	return p.Err()
}

func comment(w io.Writer, r *report.Report, o Options) error { return markdown.Write(w, r, o.Budget) }

func htmlPage(w io.Writer, r *report.Report, o Options) error { return page.Write(w, r, o.Mask) }

// plainly makes a form of what knows no options.
func plainly(write func(io.Writer, *report.Report) error) func(io.Writer, *report.Report, Options) error {
	return func(w io.Writer, r *report.Report, _ Options) error { return write(w, r) }
}

func document(w io.Writer, r *report.Report, _ Options) error { return report.JSON(w, r) }
