package cli

import (
	"strconv"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/sync/record"
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
	store, err := p.store(stated, nil)
	if err == nil {
		err = store.Settle(said)
	}
	if err != nil {
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
		return "", 0, "", exit.Fail(exit.Error, "settle takes RUN and STEP, as apply printed them, and --adopt ID or --forget; see pbxsync settle --help")
	}
	if step, err = strconv.Atoi(c.Args().Get(1)); err != nil || step < 1 {
		return "", 0, "", exit.Fail(exit.Error, "STEP is a number, not %q; apply printed it beside the run", c.Args().Get(1))
	}
	if c.IsSet("adopt") == c.Bool("forget") {
		return "", 0, "", exit.Fail(exit.Error, "settle takes one of --adopt ID (it made that object) and --forget (it made nothing); look into the tenant to find out which")
	}
	if c.IsSet("adopt") && c.Int64("adopt") <= 0 {
		return "", 0, "", exit.Fail(exit.Error, "--adopt %d is no id; ids are above 0", c.Int64("adopt"))
	}
	return c.Args().First(), step, where, nil
}

// recordsOf returns the folder of run records that flags, or the tenant's place, name.
func (p *Program) recordsOf(c *ucli.Context, where string) (string, error) {
	if dir := c.String("state-dir"); dir != "" {
		return input.StateDir(dir, nil)
	}
	in, err := p.files().Read(where)
	if err != nil {
		return "", err
	}
	return input.StateDir("", in)
}
