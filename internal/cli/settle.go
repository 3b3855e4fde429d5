package cli

import (
	"strconv"
	"time"

	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/profile"
	"pbxsync/sync/record"
)

// settle records what a person says of a create whose outcome the program could not
// find out. It makes no call: the next plan looks at what was named.
func (p *keeper) settle() error {
	o := p.o
	if err := p.output(o.printing); err != nil {
		return err
	}
	name, step, where, err := o.settled()
	if err != nil {
		return err
	}
	said := record.Settled{Run: name, Step: step, How: record.Forgotten}
	if o.adopts {
		said.How, said.ID = record.Adopted, o.adopt
	}
	stated, err := p.recordsOf(where)
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
		p.Out.Linef("on record: step %d of run %s made id %d; run plan to see whether it is as wanted", step, name, said.ID)
	} else {
		p.Out.Linef("on record: step %d of run %s made nothing; the next apply makes it", step, name)
	}
	return nil
}

// settled reads RUN STEP [PATH] and which of the two flags there is.
func (o *recorded) settled() (run string, step int, where string, err error) {
	where = "."
	switch len(o.list) {
	case 3:
		where = o.list[2]
	case 2:
	default:
		return "", 0, "", exit.Fail(exit.Error, "settle takes RUN and STEP, as apply printed them, and --adopt ID or --forget; see pbxsync settle --help")
	}
	if step, err = strconv.Atoi(o.list[1]); err != nil || step < 1 {
		return "", 0, "", exit.Fail(exit.Error, "STEP is a number, not %q; apply printed it beside the run", o.list[1])
	}
	if o.adopts == o.forget {
		return "", 0, "", exit.Fail(exit.Error, "settle takes one of --adopt ID (it made that object) and --forget (it made nothing); look into the tenant to find out which")
	}
	if o.adopts && o.adopt <= 0 {
		return "", 0, "", exit.Fail(exit.Error, "--adopt %d is no id; ids are above 0", o.adopt)
	}
	return o.list[0], step, where, nil
}

// recordsOf returns the folder of run records that flags, or the tenant's place, name.
func (p *keeper) recordsOf(where string) (string, error) {
	if dir := p.o.stateDir; dir != "" {
		return input.StateDir(dir, nil)
	}
	in, err := p.files().Read(where)
	if err != nil {
		return "", err
	}
	return input.StateDir("", in)
}

const (
	settleUsual   = 60 * time.Second // a call may take so long
	settleBuiltIn = 200 * time.Millisecond
)

// settleTime returns how long a create whose answer was lost may still appear.
func (o *applying) settleTime(conn *connection) (time.Duration, error) {
	d := o.settle
	switch {
	case !o.settles && conn.builtin:
		return settleBuiltIn, nil
	case !o.settles:
		return settleUsual, nil
	case d < settleUsual && !conn.builtin && !profile.Loopback(conn.server):
		return 0, exit.Fail(exit.Error, "--settle %v is too short: a call may take %v, and what is sent again before that may be made twice", d, settleUsual)
	case d <= 0:
		return 0, exit.Fail(exit.Error, "--settle %v is no time; the simulator needs 200ms", d)
	}
	return d, nil
}

// rereadAll reports whether the tenant is read again as a whole in the end.
func (o *applying) rereadAll() (bool, error) {
	switch o.reread {
	case "", rereadTouched:
		return false, nil
	case rereadWhole:
		return true, nil
	}
	return false, exit.Fail(exit.Error, "--reread %s is not known; %s or %s", o.reread, rereadTouched, rereadWhole)
}
