package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/mattn/go-isatty"
	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/journal"
	"pbxsync/internal/report"
	"pbxsync/internal/trace"
	"pbxsync/internal/wrap"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync"
)

// Program is one run of the program with all that it takes from outside.
type Program struct {
	Args      []string // without the program's name
	Stdin     io.Reader
	Stdout    io.Writer
	Stderr    io.Writer
	Getenv    func(string) string
	ConfigDir func() (string, error) // the user's configuration folder
	LockDirs  func() []string        // the user's folders for locks of this machine; nil: a machine of its own
	Catalogue *schema.Catalogue
	Stop      <-chan struct{} // closed by the first interrupt; nil: none
	Terminal  bool            // a person can answer
	Screen    bool            // Stderr is a terminal, so that bars can be shown
	Colored   bool            // Stdout is a terminal
	Width     int             // cells in a line of Stdout where it is a terminal, else 0
	LogWidth  int             // the same for Stderr

	// For tests, which lose power and connections as they like.
	Transport http.RoundTripper // nil: the network
	Disk      journal.Opener    // nil: the disk

	out, log *report.Printer
	format   string
	quiet    bool             // nothing but failures is told
	warnings schema.Problems  // that were met, each once
	wraps    [2]*wrap.Wrapper // of Stdout and Stderr
	results  *output          // what Stdout goes through
	screen   io.Writer        // Stderr as it was given
	mask     report.Mask      // of every secret that was found
	calls    *underWay
	tracing  *trace.Trace    // nil: none
	whole    context.Context // that of the whole run, which no interrupt ends
}

// Main runs the program with what the operating system gives it.
func Main() int { return Run(schema.Builtin()) }

// Run is Main with another catalogue.
func Run(c *schema.Catalogue) int {
	signal.Ignore(syscall.SIGPIPE) // a closed pipe may not end an apply half-way
	calls := &underWay{}
	p := &Program{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
		ConfigDir: os.UserConfigDir, LockDirs: userLockDirs, Catalogue: c, Stop: interrupts(calls), calls: calls,
		Terminal: isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stderr.Fd()),
		Screen:   isatty.IsTerminal(os.Stderr.Fd()) && os.Getenv("CI") == "",
		Colored:  isatty.IsTerminal(os.Stdout.Fd()),
		Width:    width(os.Stdout), LogWidth: width(os.Stderr)}
	if p.Width > 0 {
		helpAt(p.Width)
	}
	return p.Run(context.Background())
}

// colorise lets results be coloured.
func (p *Program) colorise(colored bool) {
	p.out = report.NewPrinter(p.Stdout, colored).Wrap(p.wrapped(p.wraps[0])).Mask(p.mask.Text)
}

// Run runs the program and returns its exit code.
func (p *Program) Run(ctx context.Context) int {
	p.screen = p.Stderr
	p.results = &output{to: p.Stdout, mask: &p.mask}
	p.Stdout, p.Stderr = p.results, &output{to: p.Stderr, mask: &p.mask}
	p.wraps = [2]*wrap.Wrapper{wrap.New(p.Width), wrap.New(p.LogWidth)}
	p.log = report.NewPrinter(p.Stderr, false).Wrap(p.wrapped(p.wraps[1])).Mask(p.mask.Text)
	p.colorise(false)
	p.whole = ctx
	if p.calls == nil {
		p.calls = &underWay{}
	}
	reading, cancel := p.untilStop(ctx)
	defer cancel()
	app := p.app()
	args, err := reorder(app, p.Args)
	if err == nil {
		err = app.RunContext(reading, append([]string{app.Name}, args...))
	}
	if untraced := p.tracing.Close(); err == nil {
		err = untraced
	}
	code := exit.Of(err)
	if lost := p.results.lost(); err == nil && lost != nil {
		err = fmt.Errorf("the result could not be printed: %w", lost)
		if p.calls.next == nil {
			code = exit.Error
		}
	}
	if p.interrupted() {
		code = exit.Interrupted
	}
	p.explain(err, code)
	return code
}

func (p *Program) interrupted() bool {
	select {
	case <-p.Stop:
		return p.Stop != nil
	default:
		return false
	}
}

// explain prints an error that nothing has printed yet, in the chosen form.
func (p *Program) explain(err error, code int) {
	if err == nil || err.Error() == "" {
		return
	}
	var problems schema.Problems
	isProblems := errors.As(err, &problems)
	stale := &sync.Moved{}
	errors.As(err, &stale)
	if p.format == formatJSON {
		r := report.Report{Version: report.Version}
		if r.Warnings = append(slices.Clone(p.warnings), problems.Warnings()...); isProblems {
			r.Problems = problems.Errors()
		} else {
			r.Error, r.Moved = err.Error(), stale.Shifts
		}
		if p.json(code, r) == nil && p.results.err == nil {
			return
		}
	}
	if isProblems {
		p.warn(problems)
		p.problems(problems.Errors())
		return
	}
	p.log.Linef("pbxsync: %s", err)
	for _, s := range stale.Shifts {
		p.log.Linef("  %s", s)
	}
}

// json prints a document with the word of the exit code.
func (p *Program) json(code int, document any) error {
	return report.JSON(p.Stdout, report.Coded(exit.Name(code), document))
}

// warn tells warnings that were not told yet. JSON has them in its document.
func (p *Program) warn(ps schema.Problems) {
	var fresh schema.Problems
	for _, w := range ps.Warnings() {
		if !slices.Contains(p.warnings, w) {
			fresh = append(fresh, w)
		}
	}
	p.warnings = append(p.warnings, fresh...)
	if p.format != formatJSON && !p.quiet {
		report.Warnings(p.log, fresh)
	}
}

// problems prints problems one to a line.
func (p *Program) problems(ps schema.Problems) {
	const most = 200
	for i, problem := range ps {
		if i == most {
			p.log.Linef("... and %d more", len(ps)-most)
			return
		}
		p.log.Linef("%s", problem)
	}
}

func (p *Program) app() *ucli.App {
	app := &ucli.App{
		Name: "pbxsync", Usage: "a telephone system as code", HideHelpCommand: true,
		UsageText: "pbxsync COMMAND [FLAGS] [PATH]",
		Reader:    p.Stdin, Writer: p.Stdout, ErrWriter: p.Stderr,
		ExitErrHandler:            func(*ucli.Context, error) {},
		OnUsageError:              usageError,
		DisableSliceFlagSeparator: true,
		Version:                   version,
		Description:               exitText(),
		Action: func(c *ucli.Context) error {
			switch first := c.Args().First(); {
			case first == "help" && c.Args().Len() > 1:
				return p.help(c)
			case first == "version":
				ucli.ShowVersion(c)
				return nil
			case first != "" && first != "help":
				return p.unknownCommand(c.App, first)
			}
			return ucli.ShowAppHelp(c)
		},
		Commands: p.Commands(),
	}
	for _, c := range app.Commands {
		c.OnUsageError = usageError
	}
	return app
}

// help prints the help of a command.
func (p *Program) help(c *ucli.Context) error {
	name := c.Args().Get(1)
	if c.App.Command(name) == nil {
		return p.unknownCommand(c.App, name)
	}
	return ucli.ShowCommandHelp(c, name)
}

const version = "0.1.0"

// usageError words what the library says of flags.
func usageError(c *ucli.Context, err error, _ bool) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	command := strings.TrimSpace("pbxsync " + c.Command.Name)
	if !unknown {
		return exit.Fail(exit.Error, "%w; see %s --help", err, command)
	}
	var names []string
	for _, f := range c.Command.Flags {
		names = append(names, f.Names()[0])
	}
	return exit.Fail(exit.Error, "unknown flag --%s; %s", strings.TrimLeft(name, "-"), cmp.Or(wording.DidYouMean(strings.TrimLeft(name, "-"), names), "see "+command+" --help"))
}

func exitText() string {
	text := "Exit codes:\n"
	for _, c := range exit.Codes() {
		text += fmt.Sprintf("%4d  %s\n", c.Code, c.Text)
	}
	return text
}
