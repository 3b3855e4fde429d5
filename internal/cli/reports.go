package cli

import (
	"path/filepath"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/report/forms"
	"pbxsync/internal/staging"
)

// budget is how many bytes a comment may have where nobody says it: less than what GitHub takes.
const budget = 60000

// reportFlags are those of commands that make a report, in place of outputFlags.
func reportFlags() []ucli.Flag {
	out := outputFlags()
	out[0] = &ucli.StringFlag{Name: "format", Value: console.Text, Usage: "what is printed: " + strings.Join(forms.Names(), ", "), EnvVars: env("format")}
	return append(out,
		&ucli.StringSliceFlag{Name: "report", Usage: "write the report to a file too, as `FORM=FILE`; repeatable"},
		&ucli.BoolFlag{Name: "all", Usage: "list each object, also where many change alike", EnvVars: env("all")},
		&ucli.BoolFlag{Name: "verbose", Usage: "tell all: what the server fills in, the calls in their order, what was not read", EnvVars: env("verbose")},
		&ucli.IntFlag{Name: "budget", Value: budget, Usage: "how many `BYTES` markdown may have", EnvVars: env("budget")})
}

// form heeds --format.
func (p *Program) form(o printing) error {
	p.Format = console.Text
	switch {
	case o.format == "" || o.format == console.Text:
	case o.reporting && forms.Named(o.format) == nil:
		return exit.Fail(exit.Error, "--format: %s", forms.Unknown(o.format))
	case !o.reporting && o.format != console.JSON:
		return exit.Fail(exit.Error, "--format %s is not known; text or json", o.format)
	default:
		p.Format = o.format
	}
	return nil
}

// targets heeds --report, before anything is read or written.
func (p *Program) targets(o printing) error {
	var paths []string
	for _, text := range o.reports {
		name, path, ok := strings.Cut(text, "=")
		if !ok || path == "" {
			return exit.Fail(exit.Error, "--report %s: FORM=FILE is due, such as --report markdown=plan.md", text)
		}
		form := forms.Named(name)
		if form == nil {
			return exit.Fail(exit.Error, "--report %s: %s", text, forms.Unknown(name))
		}
		whole, err := filepath.Abs(path)
		if err == nil && slices.Contains(paths, whole) {
			return exit.Fail(exit.Error, "--report %s: another report goes to this file already; name another", text)
		}
		if err == nil {
			err = staging.CanReplace(path)
		}
		if err != nil {
			return exit.Fail(exit.Error, "--report %s: the file cannot be written (%w); name another", text, err)
		}
		paths = append(paths, whole)
		p.Reports = append(p.Reports, console.Target{Form: form, Path: path, Write: staging.Replace})
	}
	return nil
}
