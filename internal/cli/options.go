package cli

import (
	"slices"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/profile"
	"pbxsync/internal/report/forms"
	"pbxsync/internal/savedplan"
	"pbxsync/schema/wording"
	"pbxsync/sync"
	"pbxsync/sync/observe"
)

// This file is the door: flags and arguments become one value for each command, and nothing
// behind it knows how they were written.

// printing says how to print.
type printing struct {
	format, color, level string
	by                   string // the command
	reporting            bool   // the command makes a report, which has many forms
	reports              []string
	told                 forms.Options
}

func printingOf(c *ucli.Context) printing {
	p := printing{format: c.String("format"), color: c.String("color"), level: c.String("log-level"), by: c.Command.Name, reports: c.StringSlice("report"),
		told: forms.Options{All: c.Bool("all"), Verbose: c.Bool("verbose"), Budget: c.Int("budget")}}
	p.reporting = slices.ContainsFunc(c.Command.Flags, func(f ucli.Flag) bool { return f.Names()[0] == "report" })
	return p
}

// arguments are what stands on the command line beside flags.
type arguments struct {
	command string
	list    []string
}

func argumentsOf(c *ucli.Context) arguments {
	return arguments{c.Command.Name, c.Args().Slice()}
}

// path returns the one argument of a command.
func (a arguments) path() (string, error) {
	switch len(a.list) {
	case 0:
		return ".", nil
	case 1:
		return a.list[0], nil
	}
	return "", exit.Fail(exit.Error, "%s takes one PATH, not %d (%s); run it once for each", a.command, len(a.list), strings.Join(a.list, " "))
}

// atMost refuses arguments that a command would ignore.
func (a arguments) atMost(n int) error {
	if len(a.list) <= n {
		return nil
	}
	return exit.Fail(exit.Error, "%s takes %s, not %d (%s); see pbxsync %s --help", a.command, wording.CountOf(n, "argument"), len(a.list), strings.Join(a.list, " "), a.command)
}

// first returns the first argument, "" where there is none.
func (a arguments) first() string {
	if len(a.list) == 0 {
		return ""
	}
	return a.list[0]
}

// serving says which server is spoken to, how, and where run records of it lie.
type serving struct {
	asked       profile.Asked
	tenant      string
	parallelism int
	pageSize    int
	rate        float64
	basePath    string
	tokenPath   string
	stateDir    string
	trace       string
	traceValues bool
	stated      map[string]bool // flags that were written on the command line or have a variable
}

func servingOf(c *ucli.Context) serving {
	s := serving{asked: profile.Asked{Endpoint: c.String("endpoint"), Stated: c.IsSet("endpoint"), Config: c.String("config")}, tenant: c.String("tenant"),
		parallelism: c.Int("parallelism"), pageSize: c.Int("page-size"), rate: c.Float64("rate"), basePath: c.String("base-path"), tokenPath: c.String("token-path"),
		stateDir: c.String("state-dir"), trace: c.String("trace"), traceValues: c.Bool("trace-values"), stated: map[string]bool{}}
	for _, name := range []string{"endpoint", "config", "tenant", "state-dir", "base"} {
		s.stated[name] = c.IsSet(name)
	}
	return s
}

// check refuses what makes no sense.
func (s *serving) check() error {
	if s.parallelism < 1 || s.pageSize < 1 {
		return exit.Fail(exit.Error, "--parallelism and --page-size are at least 1; leave them out for 10 and 200")
	}
	if s.rate < 0 {
		return exit.Fail(exit.Error, "--rate %v: calls per second are due; 0 for no limit", s.rate)
	}
	return nil
}

// wanted says which part of the files is meant, and what guards let pass.
type wanted struct {
	only, sendSecrets, trustVersions []string
	skipContent                      bool
	createTenant, deleteTenant       string
	base                             string // where the tenant is told as it was; "": by run records
	revertDrift                      bool
	allow                            sync.Allowed
	failOn                           []string // classes of risk
	rules                            ruled
}

func wantedOf(c *ucli.Context) wanted {
	return wanted{only: c.StringSlice("only"), sendSecrets: c.StringSlice("send-secrets"), trustVersions: c.StringSlice("trust-version"),
		skipContent: c.Bool("skip-content"), createTenant: c.String("create-tenant"), deleteTenant: c.String("delete-tenant"), base: c.String("base"), revertDrift: c.Bool("revert-drift"),
		allow: sync.Allowed{Deletes: c.Int("allow-deletes"), Updates: c.Int("allow-updates"), Loss: c.StringSlice("allow-loss"), Hangup: c.StringSlice("allow-hangup"),
			Fewer: c.StringSlice("allow-fewer"), Rules: c.StringSlice("allow-policy"), Risks: parted(c.StringSlice("approve")), Overwrite: c.StringSlice("overwrite")}, failOn: parted(c.StringSlice("fail-on")), rules: ruledOf(c)}
}

// plain are the options of commands that only print.
type plain struct {
	printing
	arguments
}

func plainOf(c *ucli.Context) *plain { return &plain{printingOf(c), argumentsOf(c)} }

// validating are the options of validate.
type validating struct {
	plain
	rules ruled
}

func validatingOf(c *ucli.Context) *validating { return &validating{*plainOf(c), ruledOf(c)} }

// common are the options of commands that talk to a server.
type common struct {
	plain
	serving
	wanted
}

func commonOf(c *ucli.Context) common { return common{*plainOf(c), servingOf(c), wantedOf(c)} }

// options returns how the engine reads and writes.
func (p *Program) options(o *common, dir string) sync.Options {
	return sync.Options{Catalogue: p.Catalogue, Tenant: observe.Selector(o.tenant), Parallelism: o.parallelism, Create: o.createTenant, Delete: o.deleteTenant,
		Today: p.today(), Folder: p.files().Folder(dir), SkipContent: o.skipContent, SendSecrets: o.sendSecrets, TrustVersions: o.trustVersions, Allow: o.allow, FailOn: classes(o.failOn),
		RevertDrift: o.revertDrift}
}

// looking are the options of plan and drift.
type looking struct {
	common
	telling
	live, out   string
	differences bool // they have an exit code
}

func lookingOf(c *ucli.Context) *looking {
	return &looking{commonOf(c), tellingOf(c), c.String("live"), c.String("out"), c.Bool("detailed-exitcode")}
}

// applying are the options of apply and undo.
type applying struct {
	common
	telling
	settle     time.Duration
	settles    bool // it was stated
	reread     string
	secretsDir string
	agreed     bool // nobody is asked
	trust      savedplan.Trust
}

func applyingOf(c *ucli.Context) *applying {
	return &applying{commonOf(c), tellingOf(c), c.Duration("settle"), c.IsSet("settle"), c.String("reread"), c.String("secrets-dir"), c.Bool("auto-approve"),
		savedplan.Trust{Digest: c.String("expect-digest"), Stated: c.IsSet("expect-digest"), MaxAge: c.Duration("max-age"), Aged: c.IsSet("max-age")}}
}

// importing are the options of import.
type importing struct {
	common
	sparse, strict, force bool
	snapshot, all         string
	snapshots, everything bool // these two were stated
}

func importingOf(c *ucli.Context) *importing {
	return &importing{commonOf(c), c.Bool("sparse"), c.Bool("strict"), c.Bool("force"), c.String("snapshot"), c.String("all"),
		c.IsSet("snapshot"), c.IsSet("all")}
}

// checking are the options of check.
type checking struct {
	common
	deep   bool
	record string
	sample int
}

func checkingOf(c *ucli.Context) *checking {
	return &checking{commonOf(c), c.Bool("deep"), c.String("record"), c.Int("sample")}
}

// recorded are the options of commands about run records.
type recorded struct {
	plain
	stateDir string
	adopt    int64
	adopts   bool // it was stated
	forget   bool

	prune     bool
	keep      int
	olderThan time.Duration
	policy    bool // which runs may be pruned was stated
}

func recordedOf(c *ucli.Context) *recorded {
	return &recorded{plain: *plainOf(c), stateDir: c.String("state-dir"), adopt: c.Int64("adopt"), adopts: c.IsSet("adopt"), forget: c.Bool("forget"),
		prune: c.Bool("prune"), keep: c.Int("keep"), olderThan: c.Duration("older-than"), policy: c.IsSet("keep") || c.IsSet("older-than")}
}
