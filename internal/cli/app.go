package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/journal"
	"pbxsync/internal/trace"
	"pbxsync/internal/waiting"
	"pbxsync/schema"
	"pbxsync/schema/wording"
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
	Stop      <-chan struct{}  // closed by the first interrupt; nil: none
	Terminal  bool             // a person can answer
	Screen    bool             // Stderr is a terminal, so that bars can be shown
	Colored   bool             // Stdout is a terminal
	Now       func() time.Time // the clock; nil: that of the machine
	Width     int              // cells in a line of Stdout where it is a terminal, else 0
	LogWidth  int              // the same for Stderr

	// For tests, which lose power and connections as they like.
	Transport http.RoundTripper // nil: the network
	Disk      journal.Opener    // nil: the disk

	*console.Console
	screen  io.Writer // Stderr as it was given
	line    *waiting.Line
	calls   *underWay
	tracing *trace.Trace    // nil: none
	told    *told           // nil: nobody is told of the run
	whole   context.Context // that of the whole run, which no interrupt ends
}

// Main runs the program with what the operating system gives it.
func Main() int {
	collectLate()
	return Run(schema.Builtin())
}

// Run is Main with another catalogue.
func Run(c *schema.Catalogue) int { return RunAt(c, time.Now) }

// RunAt is Run with another clock.
func RunAt(c *schema.Catalogue, now func() time.Time) int {
	signal.Ignore(syscall.SIGPIPE) // a closed pipe may not end an apply half-way
	calls := &underWay{}
	p := &Program{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
		ConfigDir: os.UserConfigDir, LockDirs: userLockDirs, Catalogue: c, Now: now, Stop: interrupts(calls), calls: calls,
		Terminal: isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stderr.Fd()),
		Screen:   isatty.IsTerminal(os.Stderr.Fd()) && os.Getenv("CI") == "",
		Colored:  isatty.IsTerminal(os.Stdout.Fd()),
		Width:    width(os.Stdout), LogWidth: width(os.Stderr)}
	if p.Width > 0 {
		helpAt(p.Width)
	}
	return p.Run(context.Background())
}

// Run runs the program and returns its exit code.
func (p *Program) Run(ctx context.Context) int {
	p.screen, p.whole = p.Stderr, ctx
	p.line = &waiting.Line{To: p.Stderr, Screen: p.Screen}
	defer p.line.Stop()
	p.Console = console.New(console.Streams{Stdout: p.line.Over(p.Stdout), Stderr: p.line.Over(p.Stderr), Width: p.Width, LogWidth: p.LogWidth, Page: columns(p.Getenv)})
	p.Began = now()
	p.Stdout, p.Stderr = p.Console.Stdout, p.Console.Stderr
	if p.calls == nil {
		p.calls = &underWay{}
	}
	reading, cancel := untilStop(ctx, p.Stop)
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
	if lost := p.Lost(); err == nil && lost != nil {
		err = fmt.Errorf("the result could not be printed: %w", lost)
		if p.calls.next == nil {
			code = exit.Error
		}
	}
	if p.interrupted() {
		code = exit.Interrupted
	}
	p.Explain(err, code)
	p.told.tell(code, err)
	return code
}

// clock is the point in time at which the program runs.
func (p *Program) clock() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

// today is the day on which the program runs, where it does.
func (p *Program) today() string { return p.clock().Format(time.DateOnly) }

func (p *Program) interrupted() bool {
	select {
	case <-p.Stop:
		return p.Stop != nil
	default:
		return false
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
				return help(c)
			case first == "version":
				ucli.ShowVersion(c)
				return nil
			case first != "" && first != "help":
				return unknownCommand(c.App, first)
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
func help(c *ucli.Context) error {
	name := c.Args().Get(1)
	if c.App.Command(name) == nil {
		return unknownCommand(c.App, name)
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

// ballast is memory that is never touched, and so never there: garbage is collected as though
// the program was larger.
var ballast atomic.Pointer[[ballastSize]byte]

const ballastSize = 16 << 20

// collectLate puts the first collection of garbage off until there are 16 MiB of it, which
// takes more than a small tenant's plan: two of them took a quarter of what a start cost.
// From then on ballast does the same for the collections that follow.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(400) // of the 4 MiB with which Go begins
	runtime.AddCleanup(new([64]byte), func(int) {
		ballast.Store(new([ballastSize]byte))
		debug.SetGCPercent(100)
	}, 0)
}
