package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"pbxsync/internal/api/adapter"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

func (p *Program) apply(c *ucli.Context) error {
	j, saved, err := p.prepareApply(c)
	if err != nil {
		return err
	}
	return p.bring(c, j, saved)
}

// bring brings the tenant to what a job wants.
func (p *Program) bring(c *ucli.Context, j *job, saved *savedPlan) (err error) {
	defer func() {
		if closed := j.conn.close(); err == nil {
			err = closed
		}
	}()
	if j.settle, err = settleTime(c, j.conn); err != nil {
		return err
	}
	unlock, err := p.lock(j, plan.TenantID{Name: j.tenant.Name, Prefix: j.tenant.Prefix})
	if err != nil {
		return err
	}
	defer unlock()
	err = p.observe(c.Context, c, j)
	if j.state != nil {
		more, locked := p.lockFound(j)
		if locked != nil {
			return locked
		}
		defer more()
		err = p.resume(c, j, err)
	}
	if err != nil {
		return j.staleOr(saved, err)
	}
	for _, l := range j.locks {
		l.Resumed()
	}
	if err := p.approve(c, j, saved); err != nil {
		return err
	}
	return p.carryOut(c, j)
}

// prepareApply reads files, or a saved plan instead.
func (p *Program) prepareApply(c *ucli.Context) (*job, *savedPlan, error) {
	where, err := path(c)
	if err != nil {
		return nil, nil, err
	}
	if filepath.Ext(where) != planExt {
		if where == stdinPath && !c.Bool("auto-approve") {
			return nil, nil, fail(exitGuard, "standard input holds the files, so nobody can be asked; use --auto-approve")
		}
		if err := noTrust(c); err != nil {
			return nil, nil, err
		}
		j, err := p.prepare(c)
		return j, nil, err
	}
	if err := errors.Join(p.output(c), checkKinds(c.StringSlice("allow-fewer"), p.Catalogue)); err != nil {
		return nil, nil, err
	}
	if len(c.StringSlice("only")) > 0 {
		return nil, nil, fail(exitError, "--only has no place beside a saved plan; choose the part with plan --only")
	}
	if len(c.StringSlice("send-secrets")) > 0 {
		return nil, nil, fail(exitError, "--send-secrets has no place beside a saved plan, which says already what is sent; use it with plan --out")
	}
	if len(c.StringSlice("trust-version")) > 0 {
		return nil, nil, fail(exitError, "--trust-version has no place beside a saved plan, which holds no record; use it with apply of the files")
	}
	saved, err := p.loadPlan(where)
	if err == nil {
		err = saved.trusted(c, where, time.Now())
	}
	if err != nil {
		return nil, nil, err
	}
	t, err := saved.decoded.Desired(p.Catalogue)
	if err != nil {
		return nil, nil, err
	}
	dir := saved.Header.Path
	if ext := filepath.Ext(dir); ext == ".yaml" || ext == ".yml" {
		dir = filepath.Dir(dir)
	}
	if dir == stdinPath {
		dir = ""
	}
	j, err := p.open(c, &job{where: where, tenant: t, dir: dir, saved: saved.decoded, kept: saved.Header.Protected}, &input{dir: dir})
	if err != nil {
		return nil, nil, err
	}
	if err := saved.otherServer(j.conn); err != nil {
		return nil, nil, errors.Join(err, j.conn.close())
	}
	return j, saved, nil
}

// staleOr turns what reading found into a stale plan where a saved one is applied.
func (j *job) staleOr(saved *savedPlan, err error) error {
	var problems schema.Problems
	if saved == nil || !errors.As(err, &problems) {
		return err
	}
	stale := &staleError{where: j.where}
	for _, p := range problems {
		s := plan.Shift{Address: p.Address, What: p.Message} // hints are about files, and these are not read
		if known := j.tenant.Object(p.Address); known != nil && j.state != nil && j.state.Live.Object(p.Address) == nil && !known.Kind.Born() {
			s.What = "it was there when the plan was made, it is gone or has another name now"
		}
		if !slices.Contains(stale.moved, s) {
			stale.moved = append(stale.moved, s)
		}
	}
	return stale
}

// approve prints the plan and makes sure that somebody wants it.
func (p *Program) approve(c *ucli.Context, j *job, saved *savedPlan) error {
	if saved != nil {
		same, err := saved.same(j.plan)
		if err != nil {
			return err
		}
		if !same {
			return &staleError{where: j.where, moved: saved.decoded.Moved(&j.plan.Value)}
		}
	}
	if p.format == formatText {
		report.Text(p.out, j.report)
	}
	if len(j.report.Guards) > 0 {
		if p.format == formatJSON {
			_ = p.print(exitGuard, j.report)
		}
		p.log.Linef("nothing was written")
		return silent(exitGuard)
	}
	if len(j.plan.Steps) == 0 || saved != nil || c.Bool("auto-approve") {
		return nil
	}
	return p.ask(j)
}

func (p *Program) ask(j *job) error {
	if !p.Terminal {
		return fail(exitGuard, "there is no terminal to ask on; use --auto-approve, or plan --out FILE and apply FILE")
	}
	fmt.Fprintf(p.Stderr, "Make %s to tenant %s (%s)? Only yes is taken for yes: ", countOf(len(j.plan.Steps), "call"), report.Clean(wording.Cut(j.plan.Tenant.Name)), report.Clean(j.plan.Tenant.Known()))
	answer := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(p.Stdin).ReadString('\n')
		answer <- text
	}()
	said := ""
	select {
	case said = <-answer:
	case <-p.Stop:
		fmt.Fprintln(p.Stderr)
	}
	if strings.TrimSpace(said) != "yes" {
		return fail(exitGuard, "not approved; nothing was written")
	}
	return nil
}

// carryOut makes the calls, reads the tenant again and says what was done.
func (p *Program) carryOut(c *ucli.Context, j *job) error {
	if len(j.plan.Steps) == 0 {
		err := j.noteProtected()
		if err == nil && len(j.state.Diff.Stuck) > 0 {
			err = stuck(j.state)
		}
		if err == nil {
			err = j.undecided()
		}
		return p.finished(j, &run.Summary{}, 0, err)
	}
	if j.first {
		p.note("runs of this user on this machine are kept apart; nothing keeps runs on two machines apart, so let only one of them apply")
	}
	v := &vault{p: p, dir: j.dir, outside: c.String("secrets-dir"), makeUp: j.conn.builtin || j.conn.beside, keep: j.conn.beside}
	screen := p.screen // bars have to know that it is one
	if !p.Screen {
		screen = nil
	}
	sink := report.NewProgress(p.log, screen, c.String("log-level") == "error")
	o := p.options(c, j.dir)
	o.Settle = j.settle
	p.calls.next = sink
	summary, w, err := j.run(p.whole, o, v.find, p.Stop, p.calls)
	if err != nil {
		return err
	}
	defer w.Close()
	j.unsure = summary.Interrupted || len(summary.Doubtful) > 0
	v.note()
	for _, line := range summary.Notes {
		p.log.Linef("note: %s", line)
	}
	p.created(j, summary)
	if summary.Failed > 0 || summary.Interrupted || summary.Broken != nil {
		return p.failed(summary)
	}
	before := j.conn.client.Counts().Reads
	err = p.prove(c, j, summary)
	if j.after != nil {
		err = errors.Join(err, noteRespelled(w, j.after))
	}
	if err == nil {
		err = w.Verified(j.verified(j.after))
	}
	if err == nil {
		err = j.undecided()
	}
	return p.finished(j, summary, j.conn.client.Counts().Reads-before, err)
}

// prove reads the tenant again until it is as wanted: once more after the settle time
// where an answer was lost, since what was sent twice may appear late.
func (p *Program) prove(c *ucli.Context, j *job, s *run.Summary) error {
	err := p.verify(c.Context, c, j, s)
	if err != nil || s.Lost == 0 {
		return err
	}
	select {
	case <-time.After(j.settle):
	case <-p.Stop:
	}
	return p.verify(c.Context, c, j, s)
}

// created says how the files name a tenant that the run has created.
func (p *Program) created(j *job, s *run.Summary) {
	t := s.Created
	if t == nil {
		return
	}
	where := "in the files"
	if j.tenant.Place.File != "" {
		where = "at " + j.tenant.Place.String()
	}
	p.log.Linef("tenant %s was created with id %d and prefix %s; write tenant: {name: %q, prefix: %q} %s", t.Name, t.ID, t.Prefix, t.Name, t.Prefix, where)
}

// verify reads the tenant again: the difference has to be empty, and what was made be
// there once.
func (p *Program) verify(ctx context.Context, c *ucli.Context, j *job, done *run.Summary) error {
	o, made := p.options(c, j.dir), done.Created
	o.TrustVersions = c.StringSlice("trust-version")
	o.Records, o.Respelled = j.records, append(done.Respelled, j.unmoved...)
	if made != nil {
		o.Tenant = observe.Selector(fmt.Sprint(made.ID))
	}
	s, err := sync.Observe(ctx, adapter.Read(j.conn.client), j.tenant, o)
	if errors.Is(err, context.Canceled) && p.interrupted() {
		return fail(exitInterrupted, "interrupted; everything was written, and the tenant was not read again; run apply again, or plan, to see whether it is as wanted")
	}
	if err != nil {
		return fmt.Errorf("everything was written, and reading it again failed: %w", err)
	}
	j.after = s
	if doubles := run.Doubles(j.plan, s.Live); len(doubles) > 0 {
		return doubled(doubles)
	}
	if err := s.Problems.Err(); err != nil {
		return err
	}
	if list := run.Unmoved(j.plan, done, s.Diff); len(list) > 0 && len(j.unmoved) == 0 {
		j.unmoved = list
		return p.verify(ctx, c, j, done)
	}
	p.warn(s.Problems)
	var open []string
	for _, ch := range s.Diff.Changes {
		open = append(open, fmt.Sprintf("%s %s", ch.Action, ch.Address()))
	}
	if len(open) == 0 && len(s.Diff.Stuck) > 0 {
		return stuck(s)
	}
	if len(open) > 0 {
		return fmt.Errorf("everything was written, and the tenant still differs (%s); somebody edits it, or the server keeps other values; run plan to see", strings.Join(open, ", "))
	}
	return nil
}

// undecided is the error of an apply that has left secrets alone, since only a person
// knows whether the tenant has them.
func (j *job) undecided() error {
	n := len(j.state.Pending)
	if n == 0 || j.undoing != nil {
		return nil
	}
	return fail(exitPart, "%s to be decided, as the notes say; everything else is as wanted; send it with --send-secrets ADDRESS, or say with --trust-version ADDRESS that the tenant has it", countOf(n, "secret"))
}

// stuck is the error of an apply that has done all that can be done.
func stuck(s *observe.State) error {
	return fail(exitPart, "%s cannot be put back, as the plan says; everything else is as wanted; write what the tenant has, or leave the line out",
		countOf(len(s.Diff.Stuck), "difference"))
}

func (p *Program) finished(j *job, s *run.Summary, rereads int, err error) error {
	if err != nil {
		return atLeast(exitPart, err)
	}
	n := j.conn.client.Counts()
	made := j.state.Calls
	made.Again, made.Token, made.Checks, made.Settling, made.Ended = rereads, n.Token, s.Checks, s.Settling, s.Ended
	calls := report.Calls{Calls: made, Reads: n.Reads - rereads - made.Tenant - made.Limits - made.Extra - made.Second - made.Checks - made.Settling - made.Losses, Writes: n.Writes - made.Ended}
	if p.format == formatJSON {
		out := map[string]any{"format_version": report.Version, "plan": j.plan.Value, "done": s.Done, "failed": 0, "skipped": 0, "calls": calls, "retries": n.Retries}
		if len(j.report.Left) > 0 {
			out["cannot_come_back"] = j.report.Left
		}
		if len(p.warnings) > 0 {
			out["warnings"] = p.warnings
		}
		return p.json(exitFine, out)
	}
	if s.Done == 0 {
		p.out.Linef("Nothing to do.")
		return nil
	}
	p.out.Linef("Applied: %s done; read again: %s.", countOf(s.Done, "step"), j.proven())
	p.out.Linef("Calls made: %s.", calls.Line())
	return nil
}

// proven says what the second reading proves, and what it cannot.
func (j *job) proven() string {
	objects, secrets := 0, 0
	for _, o := range j.tenant.Objects {
		if o.Absent && o.Kind.Tenant.ID != "" {
			return "the tenant is gone"
		}
		if !o.Absent && !o.Bare {
			objects++
			secrets += len(o.Secrets)
		}
	}
	awaited := 0
	for _, a := range j.state.Diff.Awaiting {
		if a.For == "" {
			awaited++
		}
	}
	text := countOf(objects-awaited, "object") + " as wanted"
	if awaited > 0 {
		text += fmt.Sprintf(", %d awaited", awaited)
	}
	if secrets > 0 {
		text += ", " + countOf(secrets, "secret") + " that cannot be read back"
	}
	return text
}

// failed says what was done, what was not, and how to go on.
func (p *Program) failed(s *run.Summary) error {
	code := exitPart
	if s.Done == 0 {
		code = exitError
	}
	if s.Done == 0 && guarded(s) {
		code = exitGuard
	}
	counts := fmt.Sprintf("%d done, %d failed, %d not tried", s.Done, s.Failed, s.Skipped)
	way := "run apply again: it reads the tenant first and goes on with what is left"
	if s.Broken != nil {
		counts += fmt.Sprintf("; nothing more was sent, since what is sent has to be on record first (%s)", s.Broken)
		way = "make sure that run records can be written (--state-dir), then " + way
	}
	for _, step := range s.Doubtful {
		if step.Creates() {
			code = exitUnknown
			way = fmt.Sprintf("it is not known whether %s was created; it was not sent again; %s", step.Changes[0], settleWay(s))
		}
	}
	if code != exitUnknown && len(s.Doubtful) > 0 {
		code = exitPart
	}
	if s.Interrupted {
		code = exitInterrupted
		counts = "interrupted; " + counts
	}
	return fail(code, "%s; %s", counts, way)
}
