package cli

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"
	"unicode"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/journal"
	"pbxsync/internal/lock"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/undo"
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
		return p.json(exitFine, map[string]any{"format_version": report.Version, "tenant": t.Name, "objects": len(t.Objects), "problems": schema.Problems{}, "warnings": append(schema.Problems{}, p.warnings...)})
	}
	p.out.Linef("%s: %s in %s, no problems", t.Name, countOf(len(t.Objects), "object"), countOf(len(in.files), "file"))
	return nil
}

// job is what plan, drift and apply have in common: a tenant, a server, and what
// they found.
type job struct {
	where   string
	tenant  *schema.Tenant
	dir     string
	stated  string // the folder of run records
	disk    journal.Opener
	conn    *connection
	state   *observe.State
	after   *observe.State     // what the last reading after apply found
	settle  time.Duration      // how long to look for what a call may have made
	saved   *plan.Value        // that is being applied, or nil
	kept    []string           // what the files of that plan protected
	undoing *undo.Undoing      // a run that is being undone, or nil
	unmoved []record.Respelled // what the run has sent and the server keeps as it was
	drift   bool               // nothing is going to be written
	gone    []string           // runs whose records were taken away
	locks   []*lock.Lock       // that all checkouts share
	first   bool               // no run of this user has written to the tenant on this machine
	unsure  bool               // a call of the run may still be carried out

	plan   *plan.Plan
	report *report.Report
}

// prepare reads flags and files and opens the server.
func (p *Program) prepare(c *ucli.Context) (*job, error) {
	j, err := p.desired(c)
	if err != nil {
		return nil, err
	}
	return p.open(c, j, &input{dir: j.dir})
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
	return &job{where: where, tenant: t, dir: in.dir}, nil
}

func (p *Program) open(c *ucli.Context, j *job, in *input) (*job, error) {
	var err error
	j.disk = p.Disk
	j.stated, err = p.stateDir(c.String("state-dir"), in)
	if err != nil {
		if c.Command.Name == "apply" || in.dir != "" || c.IsSet("state-dir") {
			return nil, err
		}
		if j.stated, err = os.MkdirTemp("", "pbxsync"); err != nil {
			return nil, err
		}
	}
	j.conn, err = p.connect(c, j.dir, j.stated)
	return j, err
}

// observe reads the tenant and makes the plan.
func (p *Program) observe(ctx context.Context, c *ucli.Context, j *job) error {
	o := p.options(c, j.dir)
	o.TrustVersions = c.StringSlice("trust-version")
	o.Records, o.SendSecrets, o.Approved = j.records, c.StringSlice("send-secrets"), j.saved
	err := p.observeIn(ctx, c, j, adapter.Read(j.conn.client), o)
	p.tellGone(j.gone)
	j.gone = nil
	return err
}

// tellGone names the runs whose records were taken away.
func (p *Program) tellGone(runs []string) {
	for _, run := range runs {
		p.note("the record of run %s is gone, and a later one tells of it; whatever it did counts as not known", run)
	}
}

// observeIn does so with whatever answers as the server does.
func (p *Program) observeIn(ctx context.Context, c *ucli.Context, j *job, api call.Reader, o sync.Options) error {
	var err error
	j.state, err = sync.Observe(ctx, api, j.tenant, o)
	if errors.Is(err, context.Canceled) && p.interrupted() {
		return fail(exitInterrupted, "interrupted while reading; nothing was written")
	}
	if err != nil {
		return unseeded(j, err)
	}
	p.keepWhole(addressesOf(j.state.Live.Objects))
	hinders := j.state.Problems
	if j.drift = c.Command.Name == "drift"; j.drift {
		hinders = hinders.Reading() // what only a create needs is no difference
	}
	if hinders.Err() != nil {
		ordered, _ := plan.Order(&j.state.Basis) // drift shows it all the same
		j.report = report.Of(j.state, ordered)
		return j.unlike(hinders)
	}
	p.warn(j.state.Problems)
	if j.undoing != nil {
		j.undoing.Word(&j.state.Basis)
	}
	if j.plan, err = plan.Order(&j.state.Basis); err != nil {
		return j.unordered(err)
	}
	j.report = report.Of(j.state, j.plan)
	j.undone(c)
	j.guards(c)
	return nil
}

// unordered is what changes without an order end with: drift needs none.
func (j *job) unordered(err error) error {
	if !j.drift {
		return err
	}
	j.report = report.Of(j.state, nil)
	j.report.Asks = append(j.report.Asks, schema.Problem{Message: err.Error(), Asked: true})
	return nil
}

// quoted writes a word so that a shell takes it as one.
func quoted(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/_-.%:@+,=", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
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
func (p *Program) look(c *ucli.Context) (*job, error) {
	if file := c.String("live"); file != "" {
		return p.lookAt(c, file)
	}
	j, err := p.prepare(c)
	if err != nil {
		return nil, err
	}
	defer j.conn.close()
	err = p.observe(c.Context, c, j)
	return j, err
}

func (p *Program) plan(c *ucli.Context) error {
	j, err := p.look(c)
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
	return silent(code)
}

// code is the exit code of what was found, where differences count if they are asked for.
func (j *job) code(differences bool) int {
	switch {
	case len(j.report.Guards) > 0:
		return exitGuard
	case differences && j.report.Differs():
		return exitDifferences
	}
	return exitFine
}

func (p *Program) drift(c *ucli.Context) error {
	j, err := p.look(c)
	if err != nil && (j == nil || j.report == nil) {
		return err
	}
	j.report.Guards = nil // nothing is going to be written
	code := codeOf(err)
	if err == nil {
		code = j.code(true)
	}
	if printed := p.print(code, j.report); printed != nil {
		return printed
	}
	if err != nil && p.format != formatJSON { // the differences are worth knowing too
		return err
	}
	return silent(code)
}

func (p *Program) show(c *ucli.Context) error {
	if err := p.output(c); err != nil {
		return err
	}
	if c.Args().Len() != 1 {
		return fail(exitError, "show takes one saved plan; make one with plan --out plan.json")
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
