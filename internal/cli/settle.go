package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/journal"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// settle records what a person says of a create whose outcome the program could not
// find out. It makes no call: the next plan looks at what was named.
func (p *Program) settle(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	name, step, where, err := settleArgs(c)
	if err != nil {
		return err
	}
	said := record.Settled{Run: name, Step: step, How: record.Forgotten}
	if c.IsSet("adopt") {
		said.How, said.ID = record.Adopted, c.Int64("adopt")
	}
	stated, err := p.recordsOf(c, where)
	if err != nil {
		return err
	}
	dir, past, err := findRun(stated, name)
	if err != nil {
		return err
	}
	unlock, err := lockRecords(stated, dir)
	if err != nil {
		return err
	}
	defer unlock()
	if err := checkOpen(past, step); err != nil {
		return err
	}
	h := past.Header
	h.Plan, h.Steps, h.Tool = "", 0, version
	h.Host, _ = os.Hostname()
	w, _, err := beginRecord(p.Disk, stated, dir, h)
	if err != nil {
		return err
	}
	if err := errors.Join(w.Settled(said), w.Finished(&run.Summary{}), w.Close()); err != nil {
		return err
	}
	if said.How == record.Adopted {
		p.out.Linef("on record: step %d of run %s made id %d; run plan to see whether it is as wanted", step, name, said.ID)
	} else {
		p.out.Linef("on record: step %d of run %s made nothing; the next apply makes it", step, name)
	}
	return nil
}

// settleArgs reads RUN STEP [PATH] and which of the two flags there is.
func settleArgs(c *ucli.Context) (run string, step int, where string, err error) {
	where = "."
	switch c.Args().Len() {
	case 3:
		where = c.Args().Get(2)
	case 2:
	default:
		return "", 0, "", fail(exitError, "settle takes RUN and STEP, as apply printed them, and --adopt ID or --forget; see pbxsync settle --help")
	}
	if step, err = strconv.Atoi(c.Args().Get(1)); err != nil || step < 1 {
		return "", 0, "", fail(exitError, "STEP is a number, not %q; apply printed it beside the run", c.Args().Get(1))
	}
	if c.IsSet("adopt") == c.Bool("forget") {
		return "", 0, "", fail(exitError, "settle takes one of --adopt ID (it made that object) and --forget (it made nothing); look into the tenant to find out which")
	}
	if c.IsSet("adopt") && c.Int64("adopt") <= 0 {
		return "", 0, "", fail(exitError, "--adopt %d is no id; ids are above 0", c.Int64("adopt"))
	}
	return c.Args().First(), step, where, nil
}

// recordsOf returns the folder of run records that flags, or the tenant's place, name.
func (p *Program) recordsOf(c *ucli.Context, where string) (string, error) {
	if dir := c.String("state-dir"); dir != "" {
		return p.stateDir(dir, nil)
	}
	in, err := p.read(where)
	if err != nil {
		return "", err
	}
	return p.stateDir("", in)
}

// findRun finds the record of a run, whatever its tenant.
func findRun(stated, run string) (dir string, r *journal.Record, err error) {
	folders, err := recordFolders(stated)
	if err != nil {
		return "", nil, err
	}
	for _, folder := range folders {
		records, err := journal.LoadBelow(stated, folder)
		if err != nil {
			return "", nil, err
		}
		for _, r := range records {
			if r.Run == run {
				return folder, r, nil
			}
		}
	}
	return "", nil, fail(exitError, "there is no run %q in %s; pbxsync runs lists them", run, filepath.ToSlash(stated))
}

// checkOpen refuses to settle what is known. What was settled may be settled again: the
// last word counts.
func checkOpen(r *journal.Record, step int) error {
	for _, s := range r.Steps() {
		if s.Number == step && s.Outcome == journal.TypeUnknown && s.Intent.Creates {
			return nil
		}
	}
	return fail(exitError, "step %d of run %s is not open: what became of it is known, or it was never sent", step, r.Run)
}
