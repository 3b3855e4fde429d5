package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api/adapter"
	"pbxsync/sync"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

const (
	settleUsual   = 60 * time.Second // a call may take so long
	settleBuiltIn = 200 * time.Millisecond
)

// settleTime returns how long a create whose answer was lost may still appear.
func settleTime(c *ucli.Context, conn *connection) (time.Duration, error) {
	d := c.Duration("settle")
	switch {
	case !c.IsSet("settle") && conn.builtin:
		return settleBuiltIn, nil
	case !c.IsSet("settle"):
		return settleUsual, nil
	case d < settleUsual && !conn.builtin && !isLoopback(conn.server):
		return 0, fail(exitError, "--settle %v is too short: a call may take %v, and what is sent again before that may be made twice", d, settleUsual)
	case d <= 0:
		return 0, fail(exitError, "--settle %v is no time; the simulator needs 200ms", d)
	}
	return d, nil
}

// lockFound locks the records of the tenant that the server has told, where the files
// did not name its prefix.
func (p *Program) lockFound(j *job) (func(), error) {
	found := tenantOf(j.state)
	if j.recordsDir(plan.TenantID{Name: j.tenant.Name, Prefix: j.tenant.Prefix}) == j.recordsDir(found) {
		return func() {}, nil
	}
	return p.lock(j, found)
}

func tenantOf(s *observe.State) plan.TenantID {
	return plan.TenantID{ID: s.Live.ID, Name: s.Live.Name, Prefix: s.Live.Prefix}
}

// resume settles the creates that earlier runs left open, and reads the tenant again
// where there were some. observed is what reading it has led to so far.
func (p *Program) resume(c *ucli.Context, j *job, observed error) error {
	t := tenantOf(j.state)
	records, err := j.records(t)
	if err != nil {
		return err
	}
	open := records.Lookable(p.Catalogue)
	if len(open) == 0 {
		return observed
	}
	p.log.Linef("an earlier run was cut off, and it is not known whether %s; looking, for up to %v", mayHaveMade(open), j.settle)
	o := p.options(c, j.dir)
	o.Settle = j.settle
	settled, ambiguous, err := sync.Resume(p.whole, adapter.Read(j.conn.client), records, t, o, p.Stop)
	if err != nil {
		return err
	}
	if err := j.putDown(t, settled); err != nil {
		return err
	}
	for _, s := range settled {
		p.log.Linef("%s", settledLine(s, open))
	}
	if len(ambiguous) > 0 {
		return unsettled(ambiguous)
	}
	if p.interrupted() {
		return fail(exitInterrupted, "interrupted; nothing was written")
	}
	return p.observe(c.Context, c, j)
}

func mayHaveMade(open []*record.Open) string {
	if len(open) == 1 {
		return open[0].Address + " was made"
	}
	return fmt.Sprintf("%s and %d more were made", open[0].Address, len(open)-1)
}

func settledLine(s record.Settled, open []*record.Open) string {
	for _, o := range open {
		if o.Run == s.Run && o.Step == s.Step {
			if s.How == record.Adopted {
				return fmt.Sprintf("%s was made, with id %d (%s)", o.Address, s.ID, o)
			}
			return fmt.Sprintf("%s was not made (%s)", o.Address, o)
		}
	}
	return ""
}

// putDown writes what was found out into a record of its own: nothing is ever added to
// an old one.
func (j *job) putDown(t plan.TenantID, settled []record.Settled) error {
	if len(settled) == 0 {
		return nil
	}
	w, _, err := j.record(t, "", 0)
	if err != nil {
		return fmt.Errorf("run records: %w; nothing was written", err)
	}
	for _, s := range settled {
		err = errors.Join(err, w.Settled(s))
	}
	return errors.Join(err, w.Finished(&run.Summary{}), w.Close())
}

// unsettled is the failure that a person has to settle.
func unsettled(list []*run.Ambiguous) error {
	var lines []string
	for _, a := range list {
		lines = append(lines, a.Error())
	}
	return fail(exitUnknown, "%s", strings.Join(lines, "; "))
}

// doubled says that something is there twice that was made once.
func doubled(list []*run.Ambiguous) error {
	var lines []string
	for _, a := range list {
		way := "delete in the PBX the one that nothing uses, then run pbxsync apply again"
		if a.Spare != "" {
			way = fmt.Sprintf("to keep %d, write id: %d at it, beside it %s, and run pbxsync apply again", a.IDs[0], a.IDs[0], a.Spare)
		}
		lines = append(lines, fmt.Sprintf("%s is there more than once (ids %s); %s", a.Address, strings.Trim(fmt.Sprint(a.IDs), "[]"), way))
	}
	return fail(exitUnknown, "another run made the same, or a call without an answer was carried out late: %s", strings.Join(lines, "; "))
}

// atLeast gives an error an exit code unless it has one.
func atLeast(code int, err error) error {
	var f *failure
	if errors.As(err, &f) {
		return err
	}
	return &failure{code, err}
}

// settleWay says how a create whose outcome stayed unknown goes on.
func settleWay(s *run.Summary) string {
	for _, f := range s.Failures {
		var a *run.Ambiguous
		if errors.As(f.Err, &a) {
			return strings.TrimPrefix(a.Error()[strings.LastIndex(a.Error(), "; ")+1:], " ")
		}
	}
	return "run apply again: it finds out first what became of it"
}
