package cli

import (
	"cmp"
	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/schema/wording"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"
)

// env names the variable of a flag: each flag but approvals and guards has one.
func env(flag string) []string {
	return []string{"PBXSYNC_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))}
}

// Flags of every command that prints.
func outputFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "format", Value: console.Text, Usage: "text or json", EnvVars: env("format")},
		&ucli.StringFlag{Name: "color", Value: "auto", Usage: "auto, always or never; NO_COLOR is honoured", EnvVars: env("color")},
		&ucli.StringFlag{Name: "log-level", Value: "info", Usage: "info, or error for failures only", EnvVars: env("log-level")},
	}
}

// Flags of every command that talks to a server. The endpoint's variable is read
// apart, since credentials have to come from the same source.
func serverFlags() []ucli.Flag { return append(outputFlags(), callFlags()...) }

// engineFlags are those of commands that make a report of what a server has.
func engineFlags() []ucli.Flag { return append(reportFlags(), callFlags()...) }

func callFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "endpoint", Usage: "URL of the server, or simulator for the built-in one [$PBXSYNC_ENDPOINT]"},
		&ucli.StringFlag{Name: "config", Usage: "a `FILE` with a profile: endpoint, app_id, app_secret_file", EnvVars: env("config")},
		&ucli.StringFlag{Name: "tenant", Value: "@me", Usage: "ID, @me, prefix:P or name:N", EnvVars: env("tenant")},
		&ucli.IntFlag{Name: "parallelism", Value: 10, Usage: "calls at the same time", EnvVars: env("parallelism")},
		&ucli.Float64Flag{Name: "rate", Usage: "calls per second, 0 for no limit", EnvVars: env("rate")},
		&ucli.IntFlag{Name: "page-size", Value: 200, Usage: "rows asked for in one page", EnvVars: env("page-size")},
		&ucli.StringFlag{Name: "base-path", Usage: "path of the API on the server (default /api/ver1.0)", EnvVars: env("base-path")},
		&ucli.StringFlag{Name: "token-path", Usage: "path of the token endpoint (default /oauth/token)", EnvVars: env("token-path")},
		stateDirFlag(),
		&ucli.StringFlag{Name: "trace", Usage: "write each call and the shape of its answer to `FILE`, as JSON lines", EnvVars: env("trace")},
		&ucli.BoolFlag{Name: "trace-values", Usage: "put the values into the trace too, all but secrets", EnvVars: env("trace-values")},
	}
}

func stateDirFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "state-dir", Usage: "the `DIR` of run records (default .pbxsync beside the files)", EnvVars: env("state-dir")}
}

func onlyFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "only", Usage: "an `ADDRESS` or pattern, such as extension/101 or 'did/*'; repeatable"}
}

func skipContentFlag() ucli.Flag {
	return &ucli.BoolFlag{Name: "skip-content", Usage: "leave the content of files out: do not download it", EnvVars: env("skip-content")}
}

func allowDeletesFlag() ucli.Flag {
	return &ucli.IntFlag{Name: "allow-deletes", Value: -1, DefaultText: "none", Usage: "the exact `NUMBER` of strays that prune may delete"}
}

func allowLossFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "allow-loss", Usage: "the `ADDRESS` of an object that is replaced or deleted, with what is lost with it; once for each"}
}

func allowPolicyFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "allow-policy", Usage: "the `ID` of a policy that the plan may break, where that can be approved; repeatable"}
}

func sendSecretsFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "send-secrets", Usage: "an `ADDRESS` or pattern: send the secrets of these objects once more; repeatable"}
}

func trustVersionFlag() ucli.Flag {
	return &ucli.StringSliceFlag{Name: "trust-version", Usage: "an `ADDRESS` or pattern: these objects have their secrets in the stated versions; put that on record, send nothing; repeatable"}
}

func createTenantFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "create-tenant", Usage: "create the tenant with this `NAME` if there is none; it repeats the tenant: line"}
}

func deleteTenantFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "delete-tenant", Usage: "delete the tenant with this `NAME`, where its settings say absent: true"}
}

func settleFlag() ucli.Flag {
	return &ucli.DurationFlag{Name: "settle", DefaultText: "1m0s, with the built-in simulator 200ms",
		Usage: "how long to look for what a create without an answer may have made, before it is sent again", EnvVars: env("settle")}
}

// output heeds how to print.
func (p *Program) output(o printing) error {
	p.Command = o.by
	if err := cmp.Or(p.form(o), p.targets(o)); err != nil {
		return err
	}
	colored := p.Colored && p.Getenv("NO_COLOR") == ""
	switch cmp.Or(o.color, "auto") {
	case "always":
		colored = true
	case "never":
		colored = false
	case "auto":
	default:
		return exit.Fail(exit.Error, "--color %s is not known; auto, always or never", o.color)
	}
	if l := cmp.Or(o.level, "info"); l != "info" && l != "error" {
		return exit.Fail(exit.Error, "--log-level %s is not known; info or error", l)
	}
	p.Quiet = o.level == "error"
	p.Told = o.told
	p.Colour(colored)
	return nil
}

// reorder puts flags before arguments: the library would swallow flags that come
// after an argument without a word.
func reorder(app *ucli.App, args []string) ([]string, error) {
	if len(args) == 0 {
		return args, nil
	}
	i := slices.IndexFunc(args, func(a string) bool { return !strings.HasPrefix(a, "-") })
	if i < 0 {
		return args, nil
	}
	command := app.Command(args[i])
	if command == nil || command.SkipFlagParsing {
		return args, nil
	}
	head := append(slices.Clone(args[:i]), command.Name)
	flags, rest, err := split(command.Flags, args[i+1:])
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		flags = append(flags, "--")
	}
	return append(append(head, flags...), rest...), nil
}

// split parts flags, with their values, from arguments.
func split(known []ucli.Flag, args []string) (flags, rest []string, err error) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			return flags, append(rest, args[i+1:]...), nil
		case a == "-" || !strings.HasPrefix(a, "-"):
			rest = append(rest, a)
			continue
		}
		flags = append(flags, a)
		if strings.Contains(a, "=") || !takesValue(known, strings.TrimLeft(a, "-")) {
			continue
		}
		if i+1 == len(args) {
			return nil, nil, exit.Fail(exit.Error, "flag %s needs a value; write it behind the flag", a)
		}
		i++
		flags = append(flags, args[i])
	}
	return flags, rest, nil
}

func takesValue(known []ucli.Flag, name string) bool {
	for _, f := range known {
		if v, ok := f.(ucli.DocGenerationFlag); ok && slices.Contains(f.Names(), name) {
			return v.TakesValue()
		}
	}
	return false
}

func unknownCommand(app *ucli.App, name string) error {
	if slices.Contains(laterCommands, name) {
		return exit.Fail(exit.Invalid, "%s is not supported in this version", name)
	}
	var names []string
	for _, c := range app.VisibleCommands() {
		names = append(names, c.Name)
	}
	hint := cmp.Or(wording.DidYouMean(name, names), "commands are "+strings.Join(names, ", "))
	return exit.Fail(exit.Error, "unknown command %q; %s", name, hint)
}

// laterCommands are known by name and refused.
var laterCommands = []string{"fleet"}

func revertDriftFlag() ucli.Flag {
	return &ucli.BoolFlag{Name: "revert-drift", Usage: "put back what somebody changed in the tenant since it was applied, and let the files win where both were changed"}
}

// What --reread may be.
const (
	rereadTouched = "touched"
	rereadWhole   = "all"
)

func rereadFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "reread", Value: rereadTouched, Usage: "what is read again in the end: lists and what the run has touched, or all", EnvVars: env("reread")}
}
