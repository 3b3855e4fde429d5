package cli

import (
	"context"
	"errors"
	"os"
	"time"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/internal/savedplan"
	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync"
	"pbxsync/sync/local"
	"pbxsync/sync/plan"
)

func (p *Program) validate(o *validating) error {
	if err := p.output(o.printing); err != nil {
		return err
	}
	where, err := o.path()
	if err != nil {
		return err
	}
	t, in, err := p.tenant(where, report.Validate)
	if err != nil {
		return err
	}
	by, err := p.elsewhere().rules(o.rules, where, in.Dir, t)
	if err != nil {
		return err
	}
	r := p.begin(report.Validate)
	r.Tenant, r.Files = &plan.TenantID{Name: t.Name, Prefix: t.Prefix}, len(in.Files)
	r.Path = where
	r.Declared(t)
	by.told(r, nil)
	return p.Print(exit.Fine, r)
}

// begin returns the empty report of a command.
func (p *Program) begin(command string) *report.Report {
	r := report.New(command)
	r.Made, p.Found = now(), r
	return r
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }

// job is what plan, drift and apply have in common: a tenant, a server, and what
// they found.
type job struct {
	command string
	speed   report.Speed
	flags   []string // that apply needs too
	where   string
	files   []file.File // as they were read; nil: a saved plan is in their place
	tenant  *schema.Tenant
	dir     string
	stated  string // the folder of run records
	store   *local.Store
	conn    *connection
	review  *reviewed
	said    *report.Rules // what was said of the rules when a saved plan was made
	planned *sync.Planned
	report  *report.Report
}

// engine returns the engine for the server of a job, which is going to read. It cannot write.
func (j *job) engine(p *Program) *sync.Engine {
	p.reads(j.conn)
	return &sync.Engine{Reader: adapter.Read(j.conn.client), Store: j.store, Stop: p.Stop}
}

// found makes the report of what the engine has found.
func (j *job) found(p *Program, planned *sync.Planned) {
	if planned == nil {
		return
	}
	r := report.Of(j.command, p.Catalogue, planned.State, planned.Plan)
	r.Flags = j.flags
	r.Path, r.Made, r.Left, r.Guards = j.where, now(), planned.Lost, report.Refusals(planned.Guards)
	r.Policies, r.Rules = planned.Findings, j.said
	r.Sided(planned)
	r.Answers = report.Answers(j.command, planned.State, p.clock())
	j.review.told(r, planned.Reviewed)
	if planned.Unordered != nil {
		r.Asks = append(r.Asks, schema.Problem{Message: planned.Unordered.Error(), Asked: true})
	}
	if j.conn.client != nil {
		r.Calls.Seconds = report.Seconds(r.Steps, j.conn.client.Latency(), j.speed)
	}
	j.planned, j.report, p.Found = planned, r, r
}

// prepare reads flags and files and opens the server.
func (p *Program) prepare(o *common) (*job, error) {
	j, err := p.desired(o)
	if err != nil {
		return nil, err
	}
	return p.open(o, j, &input.Input{Dir: j.dir})
}

// desired reads flags and files.
func (p *Program) desired(o *common) (*job, error) {
	if err := p.output(o.printing); err != nil {
		return nil, err
	}
	if err := errors.Join(o.serving.check(), checkGuards(&o.wanted, p.Catalogue)); err != nil {
		return nil, err
	}
	where, err := o.path()
	if err != nil {
		return nil, err
	}
	t, in, err := p.tenant(where, o.command)
	if err != nil {
		return nil, err
	}
	if patterns := o.only; len(patterns) > 0 {
		part, problems := t.Only(patterns)
		if err := problems.Err(); err != nil {
			return nil, err
		}
		t = part
	}
	if err := checkSecrets("send-secrets", o.sendSecrets, t); err != nil {
		return nil, err
	}
	if err := checkSecrets("trust-version", o.trustVersions, t); err != nil {
		return nil, err
	}
	return p.told.about(&job{where: where, files: in.Files, tenant: t, dir: in.Dir}), nil
}

func (p *Program) open(o *common, j *job, in *input.Input) (*job, error) {
	var err error
	j.flags = o.repeated()
	j.command, j.speed = o.command, report.Speed{Parallelism: o.parallelism, Rate: o.rate}
	j.stated, err = input.StateDir(o.stateDir, in)
	if err != nil {
		if o.command == "apply" || in.Dir != "" || o.stated["state-dir"] {
			return nil, err
		}
		if j.stated, err = os.MkdirTemp("", "pbxsync"); err != nil {
			return nil, err
		}
	}
	if j.review, err = p.elsewhere().rules(o.rules, j.place(), j.dir, j.tenant); err != nil {
		return nil, err
	}
	if j.conn, err = (&dialer{p, o}).connect(j.dir, j.stated); err != nil {
		return nil, err
	}
	if j.store, err = p.store(j.stated, j.conn); err != nil {
		return nil, errors.Join(err, j.conn.close())
	}
	return j, nil
}

// looker reads a tenant and compares it.
type looker struct {
	*Program
	o *looking
}

// look is what plan and drift do: read, compare, and write nothing.
func (p *looker) look(ctx context.Context, call func(*sync.Engine, *schema.Tenant, sync.Options, sync.Operator) (*sync.Planned, error)) (*job, error) {
	o := p.o
	if err := p.tellAtEnd(o.command, o.telling); err != nil {
		return nil, err
	}
	if o.live != "" {
		return p.lookAt(ctx)
	}
	j, err := p.prepare(&o.common)
	if err != nil {
		return nil, err
	}
	defer j.conn.close()
	how := j.heeding(p.options(&o.common, j.dir))
	if how.Base, err = p.elsewhere().base(ctx, &o.common, j); err != nil {
		return nil, err
	}
	planned, err := call(j.engine(p.Program), j.tenant, how, &operator{p: p.Program, j: j})
	if planned == nil {
		err = unseeded(j, err)
	}
	j.found(p.Program, planned)
	return j, err
}

func (p *looker) plan(ctx context.Context) error {
	o := p.o
	j, err := p.look(ctx, func(e *sync.Engine, desired *schema.Tenant, o sync.Options, op sync.Operator) (*sync.Planned, error) {
		return e.Plan(ctx, desired, o, op)
	})
	if err != nil {
		return err
	}
	code := j.code(o.differences)
	if o.out != "" {
		if err := p.save(code, j); err != nil {
			return err
		}
	}
	if err := p.Print(code, j.report); err != nil {
		return err
	}
	return exit.Silent(code)
}

// heeding returns options with the rules by which the plan is reviewed.
func (j *job) heeding(o sync.Options) sync.Options {
	o.Judge, o.Rules = j.review.judge, j.review.holding()
	return o
}

// code is the exit code of what was found, where differences count if they are asked for.
func (j *job) code(differences bool) int {
	switch {
	case len(j.report.Guards) > 0:
		return exit.Guard
	case differences && j.report.Differs():
		return exit.Differences
	}
	return exit.Fine
}

func (p *looker) drift(ctx context.Context) error {
	j, err := p.look(ctx, func(e *sync.Engine, desired *schema.Tenant, o sync.Options, op sync.Operator) (*sync.Planned, error) {
		return e.Drift(ctx, desired, o, op)
	})
	if err != nil && (j == nil || j.report == nil) {
		return err
	}
	code := exit.Of(err)
	if err == nil {
		code = j.code(!j.report.Based() || j.report.Drifted())
	}
	if printed := p.Print(code, j.report); printed != nil {
		return printed
	}
	if err != nil && p.Format == console.Text { // the differences are worth knowing too
		return err
	}
	return exit.Silent(code)
}

// save saves what was planned, so that apply can carry out what was approved.
func (p *looker) save(code int, j *job) error {
	path := p.o.out
	if err := savedplan.Check(path); err != nil {
		return err
	}
	files := j.files
	if j.where == input.Stdin {
		files = nil
	}
	printed := *j.report
	printed.Warnings, printed.Code = p.Warnings, exit.Name(code)
	digest, err := savedplan.Save(path, savedplan.Header{Tool: version, Server: j.conn.host, Path: j.where, Asked: sync.Asked{FailOn: classes(p.o.failOn), RevertDrift: p.o.revertDrift}}, j.planned, &printed, files)
	if err == nil {
		p.Note("%s has the sha256 %s; apply --expect-digest takes no other", path, digest)
	}
	return err
}

func (p *Program) show(o *plain) error {
	if err := p.output(o.printing); err != nil {
		return err
	}
	if len(o.list) != 1 {
		return exit.Fail(exit.Error, "show takes one saved plan; make one with plan --out plan.json")
	}
	saved, err := savedplan.Load(o.first(), p.Stop)
	if err != nil {
		return err
	}
	if !p.Quiet && p.Format == console.Text {
		p.Log.Linef("made %s by pbxsync %s on %s", saved.Header.Time, saved.Header.Tool, saved.Header.Host)
	}
	p.KeepWhole(plannedBy(saved.Value))
	printed := saved.Printed(p.Catalogue)
	p.Warn(printed.Warnings)
	return p.Print(exit.Numbered(printed.Code), printed)
}
