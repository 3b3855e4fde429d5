package cli

import (
	ucli "github.com/urfave/cli/v2"
)

// Commands returns every command with its flags, for the program and the documentation.
func (p *Program) Commands() []*ucli.Command {
	return []*ucli.Command{
		{Name: "validate", Usage: "check files offline; every problem with file:line:col", ArgsUsage: "[PATH]",
			Flags: reportFlags(), Action: func(c *ucli.Context) error { return p.validate(plainOf(c)) }},
		{Name: "plan", Usage: "show what apply would do", ArgsUsage: "[PATH]",
			Flags: append(append(append(engineFlags(), guardFlags()...), onlyFlag(), skipContentFlag(), sendSecretsFlag(), trustVersionFlag(), createTenantFlag(), deleteTenantFlag(),
				&ucli.StringFlag{Name: "out", Usage: "save the plan to `FILE`"},
				&ucli.StringFlag{Name: "live", Usage: "plan from a snapshot in `FILE`, without a server (see import --snapshot)"},
				&ucli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when something differs"}), tellingFlags()...), Action: func(c *ucli.Context) error { return p.plan(c.Context, lookingOf(c)) }},
		{Name: "apply", Usage: "bring the tenant to what the files say", ArgsUsage: "[PATH|plan.json]",
			Description: "A saved plan is as trusted as the files: whoever can edit it decides what is sent. Let --expect-digest name the one that was reviewed.",
			Flags: append(append(append(append(engineFlags(), guardFlags()...), trustFlags()...), tellingFlags()...), onlyFlag(), skipContentFlag(), sendSecretsFlag(), trustVersionFlag(), createTenantFlag(), deleteTenantFlag(),
				settleFlag(),
				&ucli.StringFlag{Name: "secrets-dir", Usage: "a `DIR` of files of secrets outside the tenant's folder", EnvVars: env("secrets-dir")},
				&ucli.BoolFlag{Name: "auto-approve", Usage: "do not ask"}), Action: func(c *ucli.Context) error { return (&applier{p, applyingOf(c)}).apply() }},
		{Name: "drift", Usage: "a plan that cannot write; exit 2 when something differs", ArgsUsage: "[PATH]",
			Flags: append(append(engineFlags(), tellingFlags()...), onlyFlag(), skipContentFlag(), failOnFlag(), approveFlag()), Action: func(c *ucli.Context) error { return p.drift(c.Context, lookingOf(c)) }},
		{Name: "pull", Usage: "write live values into the files, by position, comments and all", ArgsUsage: "[PATH]",
			Flags: append(serverFlags(), pullFlags()...), Action: func(c *ucli.Context) error { return p.pull(c.Context, pullingOf(c)) }},
		{Name: "import", Usage: "write the live tenant as files", ArgsUsage: "[PATH]",
			Flags: append(serverFlags(), importFlags()...), Action: func(c *ucli.Context) error { return p.importTenant(c.Context, importingOf(c)) }},
		{Name: "runs", Usage: "list the run records of a tenant", ArgsUsage: "[PATH]",
			Flags: append(outputFlags(), stateDirFlag()), Action: func(c *ucli.Context) error { return (&keeper{p, recordedOf(c)}).runs() }},
		{Name: "undo", Usage: "plan the way back from a run, and take it", ArgsUsage: "RUN [PATH]",
			Flags: append(append(append(engineFlags(), onlyFlag()), guardFlags()...),
				&ucli.StringSliceFlag{Name: "overwrite", Usage: "an `ADDRESS` or pattern: take back too what somebody changed there since the run; repeatable"},
				settleFlag(),
				&ucli.BoolFlag{Name: "auto-approve", Usage: "do not ask"}), Action: func(c *ucli.Context) error { return (&applier{p, applyingOf(c)}).undo() }},
		{Name: "settle", Usage: "say what became of a create whose outcome nobody could find out", ArgsUsage: "RUN STEP [PATH]",
			Flags: append(outputFlags(), stateDirFlag(),
				&ucli.Int64Flag{Name: "adopt", Usage: "it made the object with this `ID`"},
				&ucli.BoolFlag{Name: "forget", Usage: "it made nothing"}), Action: func(c *ucli.Context) error { return (&keeper{p, recordedOf(c)}).settle() }},
		{Name: "show", Usage: "print a saved plan", ArgsUsage: "plan.json", Flags: reportFlags(), Action: func(c *ucli.Context) error { return p.show(plainOf(c)) }},
		{Name: "explain", Usage: "what a kind or field means, such as extension.status", ArgsUsage: "[KIND[.FIELD]]", Flags: outputFlags(), Action: func(c *ucli.Context) error { return p.explainWord(plainOf(c)) }},
		{Name: "schema", Usage: "the JSON Schema of tenant files", Flags: outputFlags(), Action: func(c *ucli.Context) error { return p.schema(plainOf(c)) }},
		{Name: "check", Usage: "server, credentials, rights, tenant, clock", ArgsUsage: "[PATH]", Flags: append(serverFlags(), deepFlags()...), Action: func(c *ucli.Context) error { return p.check(c.Context, checkingOf(c)) }},
		{Name: "simulator", Usage: "a PBX on a port of this machine",
			Flags: append(outputFlags(),
				&ucli.StringFlag{Name: "listen", Value: "127.0.0.1:8080", Usage: "the `HOST:PORT` of this machine to answer at"},
				&ucli.StringFlag{Name: "seed", Usage: "a `FILE` that says what exists beforehand"},
				&ucli.StringFlag{Name: "state", Usage: "keep the state in `FILE`"},
				&ucli.StringFlag{Name: "on-delete", Value: "refuse", Usage: "what a delete of something in use does: refuse, or null the references"},
				&ucli.BoolFlag{Name: "admin", Usage: "take all credentials for an administrator's"},
				&ucli.BoolFlag{Name: "lenient-slash", Usage: "take a path with a slash too many or too few for the documented one"},
				&ucli.BoolFlag{Name: "redirect-slash", Usage: "send such a path to the documented one, with 301"},
				&ucli.StringFlag{Name: "playback", Usage: "answer with made-up values in the shapes of a `FILE` that check --deep --record wrote, to be read only"},
				&ucli.DurationFlag{Name: "latency", Usage: "wait before each answer"},
				&ucli.StringFlag{Name: "faults", Usage: "a `FILE` that says which calls go wrong, to rehearse with (see docs/faults.md)"},
				&ucli.StringFlag{Name: "history", Usage: "append what came of each call to `FILE`, as JSON lines without bodies"}), Action: p.simulator},
		{Name: "completion", Usage: "a completion script for bash, zsh, fish or powershell", ArgsUsage: "SHELL", Action: func(c *ucli.Context) error { return (&completer{p}).complete(c.Args().Slice()) }},
	}
}
