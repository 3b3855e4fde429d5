package cli

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/savedplan"
	"pbxsync/internal/vault"
	"pbxsync/schema/wording"
	"pbxsync/sync"
	"pbxsync/sync/observe"
	"pbxsync/sync/run"
)

// applier brings tenants to what is wanted.
type applier struct {
	*Program
	o *applying
}

func (p *applier) apply() error {
	j, saved, err := p.prepared()
	if err != nil {
		return err
	}
	return p.bring(j, saved != nil, func(e *sync.Engine, o sync.Options, op sync.Operator) (*sync.Applied, error) {
		if saved != nil {
			return e.ApplySaved(p.whole, saved.Approved(j.where), o, op)
		}
		return e.Apply(p.whole, j.tenant, o, op)
	})
}

// bring lets the engine bring the tenant to what a job wants, and says what came of it.
func (p *applier) bring(j *job, agreed bool, call func(*sync.Engine, sync.Options, sync.Operator) (*sync.Applied, error)) (err error) {
	defer func() {
		if closed := j.conn.close(); err == nil {
			err = closed
		}
	}()
	a := p.o
	o := j.heeding(p.options(&a.common, j.dir))
	if o.RereadAll, err = a.rereadAll(); err != nil {
		return err
	}
	if o.Settle, err = a.settleTime(j.conn); err != nil {
		return err
	}
	if o.Base, err = p.elsewhere().base(p.whole, &a.common, j); err != nil {
		return err
	}
	v := &vault.Vault{Dir: j.dir, Outside: a.secretsDir, Getenv: p.Getenv, Mask: &p.Mask, Stop: p.Stop, MakeUp: j.conn.builtin || j.conn.beside, Keep: j.conn.beside}
	o.Secrets, o.Only = v.Find, a.only
	op := &operator{p: p.Program, j: j, vault: v, agreed: agreed || a.agreed}
	e := j.engine(p.Program)
	e.Writer = adapter.Write(j.conn.client)
	done, err := call(e, o, op)
	return p.applied(j, op, done, err)
}

// applied says what an apply has come to.
func (p *applier) applied(j *job, op *operator, done *sync.Applied, err error) error {
	var guarded *sync.Guarded
	switch {
	case errors.As(err, &guarded):
		j.found(p.Program, done.Planned)
		_ = p.Print(exit.Guard, j.report)
		p.Log.Linef("nothing was written")
		return exit.Silent(exit.Guard)
	case err != nil && done.Planned == nil:
		return unseeded(j, err)
	case err != nil:
		if s := done.Summary; s != nil && j.report != nil {
			j.report.Applied = &report.Applied{Done: s.Done, Failed: s.Failed, Skipped: s.Skipped, Retries: j.conn.client.Counts().Retries}
			for _, f := range slices.SortedFunc(slices.Values(s.Failures), func(a, b run.StepFailed) int { return a.Step.Number - b.Step.Number }) {
				j.report.FailedAt(f.Step, op.unshown(f.Step, f.Err), f.Doubtful)
			}
		}
		return err
	}
	return p.finished(j, done, op.rereads())
}

// rereads is how many calls have read the tenant again.
func (o *operator) rereads() int {
	if o.before == 0 {
		return 0
	}
	return o.j.conn.client.Counts().Reads - o.before
}

// prepared reads files, or a saved plan instead.
func (p *applier) prepared() (*job, *savedplan.Plan, error) {
	o := p.o
	if err := p.tellAtEnd(o.command, o.telling); err != nil {
		return nil, nil, err
	}
	where, err := o.path()
	if err != nil {
		return nil, nil, err
	}
	if filepath.Ext(where) != savedplan.Ext {
		if where == input.Stdin && !o.agreed {
			return nil, nil, exit.Fail(exit.Guard, "standard input holds the files, so nobody can be asked; use --auto-approve")
		}
		if err := o.noTrust(); err != nil {
			return nil, nil, err
		}
		j, err := p.prepare(&o.common)
		return j, nil, err
	}
	if err := errors.Join(p.output(o.printing), checkGuards(&o.wanted, p.Catalogue)); err != nil {
		return nil, nil, err
	}
	if len(o.only) > 0 {
		return nil, nil, exit.Fail(exit.Error, "--only has no place beside a saved plan; choose the part with plan --only")
	}
	if len(o.sendSecrets) > 0 {
		return nil, nil, exit.Fail(exit.Error, "--send-secrets has no place beside a saved plan, which says already what is sent; use it with plan --out")
	}
	if len(o.trustVersions) > 0 {
		return nil, nil, exit.Fail(exit.Error, "--trust-version has no place beside a saved plan, which holds no record; use it with apply of the files")
	}
	saved, err := savedplan.Load(where, p.Stop)
	if err == nil {
		err = saved.Trusted(o.trust, where, time.Now())
	}
	if err != nil {
		return nil, nil, err
	}
	if _, err := saved.Value.Desired(p.Catalogue); err != nil {
		return nil, nil, err
	}
	dir := saved.Header.Path
	if ext := filepath.Ext(dir); ext == ".yaml" || ext == ".yml" {
		dir = filepath.Dir(dir)
	}
	if dir == input.Stdin {
		dir = ""
	}
	j, err := p.open(&o.common, p.told.about(&job{where: where, dir: dir}), &input.Input{Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	if err := cmp.Or(saved.OtherServer(j.conn.host), j.review.lacks(saved)); err != nil {
		return nil, nil, errors.Join(err, j.conn.close())
	}
	j.said = saved.Header.Report.Rules
	return j, saved, nil
}

// finished says what was done.
func (p *applier) finished(j *job, done *sync.Applied, rereads int) error {
	s, n := done.Summary, j.conn.client.Counts()
	made := done.State.Calls
	made.Again, made.Token, made.Checks, made.Settling, made.Ended = rereads, n.Token, s.Checks, s.Settling, s.Ended
	calls := report.Calls{Calls: made, Reads: n.Reads - rereads - made.Tenant - made.Limits - made.Extra - made.Second - made.Checks - made.Settling - made.Losses, Writes: n.Writes - made.Ended}
	r := j.report
	r.Calls, r.Applied = &calls, &report.Applied{Done: s.Done, Retries: n.Retries, Proven: proven(done.State)}
	if p.Format == console.Text {
		report.AppliedText(p.Page(), r)
		return p.Finish(exit.Fine, r)
	}
	return p.Print(exit.Fine, r)
}

// proven says what the second reading proves, and what it cannot.
func proven(s *observe.State) string {
	objects, secrets := 0, 0
	for _, o := range s.Desired.Objects {
		if o.Absent && o.Kind.Tenant.ID != "" {
			return "the tenant is gone"
		}
		if !o.Absent && !o.Bare {
			objects++
			secrets += len(o.Secrets)
		}
	}
	awaited := 0
	for _, a := range s.Diff.Awaiting {
		if a.For == "" {
			awaited++
		}
	}
	text := wording.CountOf(objects-awaited, "object") + " as wanted"
	if awaited > 0 {
		text += fmt.Sprintf(", %d awaited", awaited)
	}
	if secrets > 0 {
		text += ", " + wording.CountOf(secrets, "secret") + " that cannot be read back"
	}
	return text
}
