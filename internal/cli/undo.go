package cli

import (
	"fmt"
	"slices"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/journal"
	"pbxsync/schema"
	"pbxsync/sync/undo"
)

// undo plans the way back from a run and takes it, as apply does with files. The files
// say where the server and the records are, and what is protected.
func (p *Program) undo(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	if err := checkPace(c); err != nil {
		return err
	}
	run, where, err := undoArgs(c)
	if err != nil {
		return err
	}
	files, in, err := p.tenant(where)
	if err != nil {
		return err
	}
	stated, err := p.stateDir(c.String("state-dir"), in)
	if err != nil {
		return err
	}
	dir, record, err := findRun(stated, run)
	if err != nil {
		return err
	}
	undoing, err := p.wayBack(dir, record)
	if err != nil {
		return err
	}
	undoing.Tenant.Protected = files.Protected
	if patterns := c.StringSlice("only"); len(patterns) > 0 {
		if err := undoing.Only(patterns); err != nil {
			return err
		}
	}
	j := &job{where: where, tenant: undoing.Tenant, dir: in.dir, undoing: undoing}
	if j, err = p.open(c, j, in); err != nil {
		return err
	}
	if record.Server != j.conn.host {
		return fail(exitGuard, "run %s was made on %s, and this is %s; nothing was written", run, record.Server, j.conn.host)
	}
	if files.Prefix != "" && record.Prefix != "" && files.Prefix != record.Prefix {
		return fail(exitGuard, "run %s was made in the tenant with prefix %s, and the files are for prefix %s; nothing was written", run, record.Prefix, files.Prefix)
	}
	return p.bring(c, j, nil)
}

// undoArgs reads RUN [PATH].
func undoArgs(c *ucli.Context) (run, where string, err error) {
	switch c.Args().Len() {
	case 1:
		return c.Args().First(), ".", nil
	case 2:
		where = c.Args().Get(1)
		if where == stdinPath {
			return "", "", fail(exitError, "undo asks before it writes, so standard input cannot hold the files; name a file or folder")
		}
		return c.Args().First(), where, nil
	}
	return "", "", fail(exitError, "undo takes RUN and PATH; pbxsync runs lists the runs")
}

// wayBack makes of a record what undoes its run.
func (p *Program) wayBack(dir string, record *journal.Record) (*undo.Undoing, error) {
	records, err := journal.Load(dir)
	if err != nil {
		return nil, err
	}
	past, err := journal.Past(records, record.Run)
	switch {
	case err != nil:
		return nil, fmt.Errorf("run %s: its plan cannot be read (%w)", record.Run, err)
	case past == nil:
		return nil, fail(exitError, "run %s has no plan on record: it changed nothing, or its plan was over 64 MiB, so it cannot be undone; pbxsync runs lists the others", record.Run)
	case len(past.Open) > 0:
		return nil, fail(exitUnknown, "it is not known whether step %d of run %s was carried out; run apply again, which finds out, or pbxsync settle %s %d --adopt ID or --forget; then undo", past.Open[0], record.Run, record.Run, past.Open[0])
	}
	return undo.Undo(p.Catalogue, past)
}

// undone adds to a report what is about an undo alone.
func (j *job) undone(c *ucli.Context) {
	if j.undoing == nil {
		return
	}
	j.report.Left = j.undoing.Lost()
	for _, g := range j.undoing.Since(&j.state.Basis, c.StringSlice("overwrite")) {
		j.report.Guards = append(j.report.Guards, g.Error())
	}
}

// unlike words what hinders an undo: its objects stand in a record, and not in files.
func (j *job) unlike(problems schema.Problems) schema.Problems {
	if j.undoing == nil {
		return problems
	}
	out := slices.Clone(problems)
	for i := range out {
		out[i].Hint = "the tenant has moved since the run; undo later runs first, or choose other objects with --only"
	}
	return out
}
