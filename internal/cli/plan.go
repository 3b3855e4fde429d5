package cli

import (
	"encoding/json"
	"errors"
	"os"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/exit"
	"pbxsync/internal/input"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync"
	"pbxsync/sync/local"
	"pbxsync/sync/plan"
)

func (p *Program) validate(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	where, err := path(c)
	if err != nil {
		return err
	}
	t, in, err := p.tenant(where)
	if err != nil {
		return err
	}
	if p.format == formatJSON {
		return p.json(exit.Fine, map[string]any{"format_version": report.Version, "tenant": t.Name, "objects": len(t.Objects), "problems": schema.Problems{}, "warnings": append(schema.Problems{}, p.warnings...)})
	}
	p.out.Linef("%s: %s in %s, no problems", t.Name, wording.CountOf(len(t.Objects), "object"), wording.CountOf(len(in.Files), "file"))
	return nil
}

// job is what plan, drift and apply have in common: a tenant, a server, and what
// they found.
type job struct {
	where   string
	tenant  *schema.Tenant
	dir     string
	stated  string // the folder of run records
	store   *local.Store
	conn    *connection
	planned *sync.Planned
	report  *report.Report
}

// engine returns the engine for the server of a job. It cannot write.
func (j *job) engine(p *Program) *sync.Engine {
	return &sync.Engine{Reader: adapter.Read(j.conn.client), Store: j.store, Stop: p.Stop}
}

// found makes the report of what the engine has found.
func (j *job) found(planned *sync.Planned) {
	if planned == nil {
		return
	}
	j.planned, j.report = planned, report.Of(planned.State, planned.Plan)
	j.report.Left, j.report.Guards = planned.Lost, nil
	for _, g := range planned.Guards {
		j.report.Guards = append(j.report.Guards, g.Error())
	}
	if planned.Unordered != nil {
		j.report.Asks = append(j.report.Asks, schema.Problem{Message: planned.Unordered.Error(), Asked: true})
	}
}

// prepare reads flags and files and opens the server.
func (p *Program) prepare(c *ucli.Context) (*job, error) {
	j, err := p.desired(c)
	if err != nil {
		return nil, err
	}
	return p.open(c, j, &input.Input{Dir: j.dir})
}

// desired reads flags and files.
func (p *Program) desired(c *ucli.Context) (*job, error) {
	if err := p.output(c); err != nil {
		return nil, err
	}
	if err := errors.Join(checkPace(c), checkKinds(c.StringSlice("allow-fewer"), p.Catalogue)); err != nil {
		return nil, err
	}
	where, err := path(c)
	if err != nil {
		return nil, err
	}
	t, in, err := p.tenant(where)
	if err != nil {
		return nil, err
	}
	if patterns := c.StringSlice("only"); len(patterns) > 0 {
		part, problems := t.Only(patterns)
		if err := problems.Err(); err != nil {
			return nil, err
		}
		t = part
	}
	for _, flag := range []string{"send-secrets", "trust-version"} {
		if err := checkSecrets(flag, c.StringSlice(flag), t); err != nil {
			return nil, err
		}
	}
	return &job{where: where, tenant: t, dir: in.Dir}, nil
}

func (p *Program) open(c *ucli.Context, j *job, in *input.Input) (*job, error) {
	var err error
	j.stated, err = input.StateDir(c.String("state-dir"), in)
	if err != nil {
		if c.Command.Name == "apply" || in.Dir != "" || c.IsSet("state-dir") {
			return nil, err
		}
		if j.stated, err = os.MkdirTemp("", "pbxsync"); err != nil {
			return nil, err
		}
	}
	if j.conn, err = p.connect(c, j.dir, j.stated); err != nil {
		return nil, err
	}
	if j.store, err = p.store(j.stated, j.conn); err != nil {
		return nil, errors.Join(err, j.conn.close())
	}
	return j, nil
}

// print prints the report in the chosen form.
func (p *Program) print(code int, r *report.Report) error {
	if p.format == formatJSON {
		r.Warnings = p.warnings
		return p.json(code, r)
	}
	report.Text(p.out, r)
	return nil
}

// look is what plan and drift do: read, compare, and write nothing.
func (p *Program) look(c *ucli.Context, call func(*sync.Engine, *schema.Tenant, sync.Options, sync.Operator) (*sync.Planned, error)) (*job, error) {
	if file := c.String("live"); file != "" {
		return p.lookAt(c, file)
	}
	j, err := p.prepare(c)
	if err != nil {
		return nil, err
	}
	defer j.conn.close()
	planned, err := call(j.engine(p), j.tenant, p.options(c, j.dir), &operator{p: p, j: j})
	if planned == nil {
		err = unseeded(j, err)
	}
	j.found(planned)
	return j, err
}

func (p *Program) plan(c *ucli.Context) error {
	j, err := p.look(c, func(e *sync.Engine, desired *schema.Tenant, o sync.Options, op sync.Operator) (*sync.Planned, error) {
		return e.Plan(c.Context, desired, o, op)
	})
	if err != nil {
		return err
	}
	if out := c.String("out"); out != "" {
		if err := p.savePlan(out, j, p.warnings); err != nil {
			return err
		}
	}
	code := j.code(c.Bool("detailed-exitcode"))
	if err := p.print(code, j.report); err != nil {
		return err
	}
	return exit.Silent(code)
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

func (p *Program) drift(c *ucli.Context) error {
	j, err := p.look(c, func(e *sync.Engine, desired *schema.Tenant, o sync.Options, op sync.Operator) (*sync.Planned, error) {
		return e.Drift(c.Context, desired, o, op)
	})
	if err != nil && (j == nil || j.report == nil) {
		return err
	}
	j.report.Guards = nil // nothing is going to be written
	code := exit.Of(err)
	if err == nil {
		code = j.code(true)
	}
	if printed := p.print(code, j.report); printed != nil {
		return printed
	}
	if err != nil && p.format != formatJSON { // the differences are worth knowing too
		return err
	}
	return exit.Silent(code)
}

func (p *Program) show(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	if c.Args().Len() != 1 {
		return exit.Fail(exit.Error, "show takes one saved plan; make one with plan --out plan.json")
	}
	saved, err := p.loadPlan(c.Args().First())
	if err != nil {
		return err
	}
	if p.format == formatJSON {
		return report.JSON(p.Stdout, saved)
	}
	if !p.quiet {
		p.log.Linef("made %s by pbxsync %s on %s", saved.Header.Time, saved.Header.Tool, saved.Header.Host)
	}
	p.keepWhole(plannedBy(saved.decoded))
	printed := saved.Header.Report
	p.warn(printed.Warnings)
	printed.Plan = saved.decoded
	report.Text(p.out, &printed)
	return nil
}

// savedPlan is a plan in a file. Plan is kept as it was written, since its bytes
// are what counts.
type savedPlan struct {
	Header  planHeader      `json:"header"`
	Plan    json.RawMessage `json:"plan"`
	decoded *plan.Value
	digest  string // of the whole file
}

// planHeader says where a plan comes from. Nothing in it decides what is sent.
type planHeader struct {
	Tool   string            `json:"tool"`
	Time   string            `json:"time"`
	Host   string            `json:"host"`
	Server string            `json:"server"`
	Path   string            `json:"path"`
	Files  map[string]string `json:"files"`  // name -> sha256 of the content
	Report report.Report     `json:"report"` // what was printed beside the plan

	// Protected goes into the run records, so that what leaves the files later is not
	// deleted in the same change.
	Protected []string `json:"protected,omitempty"`
}
