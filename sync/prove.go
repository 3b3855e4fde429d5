package sync

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// prove reads the tenant again until it is as wanted: once more after the settle time
// where an answer was lost, since what was sent twice may appear late.
func (w *writing) prove(ctx context.Context, a *Applied) error {
	ctx, cancel := w.untilStop(ctx)
	defer cancel()
	p := &proof{writing: w, applied: a}
	err := p.verify(ctx)
	if err != nil || a.Summary.Lost == 0 {
		return err
	}
	w.wait()
	return p.verify(ctx)
}

// proof is what reading the tenant again is about.
type proof struct {
	*writing
	applied *Applied
	unmoved []record.Respelled // what was sent and the server keeps as it was
}

// verify reads the tenant again: the difference has to be empty, and what was made be
// there once.
func (p *proof) verify(ctx context.Context) error {
	done := p.applied.Summary
	s, err := observe.Observe(ctx, p.sparing(), p.now.State.Desired, p.rereading())
	if errors.Is(err, context.Canceled) && p.stopped() {
		return fail(Interrupted, "interrupted; everything was written, and the tenant was not read again; run apply again, or plan, to see whether it is as wanted")
	}
	if err != nil {
		return fmt.Errorf("everything was written, and reading it again failed: %w", err)
	}
	p.applied.After = s
	if doubles := run.Doubles(p.now.Plan, s.Live); len(doubles) > 0 {
		return doubled(doubles)
	}
	if err := s.Problems.Err(); err != nil {
		return err
	}
	if list := run.Unmoved(p.now.Plan, done, s.Diff); len(list) > 0 && len(p.unmoved) == 0 {
		p.unmoved = list
		return p.verify(ctx)
	}
	p.op.Notice(Warned{s.Problems})
	return differs(s)
}

// rereading returns how the tenant is read again.
func (p *proof) rereading() observe.Options {
	done := p.applied.Summary
	o := p.reading()
	o.SendSecrets, o.Approved = nil, nil
	o.Respelled = append(done.Respelled, p.unmoved...)
	if made := done.Created; made != nil {
		o.Tenant = observe.Selector(fmt.Sprint(made.ID))
	}
	return o
}

// differs is the error of a tenant that is not as wanted after everything was written.
func differs(s *observe.State) error {
	var open []string
	for _, ch := range s.Diff.Changes {
		open = append(open, fmt.Sprintf("%s %s%s", ch.Action, ch.Address(), unkept(ch)))
	}
	if len(open) == 0 && len(s.Diff.Stuck) > 0 {
		return stuck(s)
	}
	if len(open) > 0 {
		return fmt.Errorf("everything was written, and the tenant still differs (%s); somebody edits it, or the server keeps other values; run plan to see, and write what the tenant has or set it there", strings.Join(open, "; "))
	}
	return nil
}

const fieldsNamed = 4 // of a change in an error

// unkept says what the tenant has in place of what is wanted, and where the files have that.
func unkept(ch *diff.Change) string {
	var parts []string
	for _, f := range ch.Fields {
		for _, part := range diff.Parts(f.Name, f.Old, f.New) {
			parts = append(parts, plan.Placed(placeOf(ch.Desired, part.Name), "%s is %s, and %s is wanted", part.Name, shown(part.Old), shown(part.New)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	if more := len(parts) - fieldsNamed; more > 0 {
		parts = append(parts[:fieldsNamed], fmt.Sprintf("%d more", more))
	}
	return ": " + strings.Join(parts, ", ")
}

// placeOf returns where a part of a field stands, such as rules[0].interval: its item, or the field.
func placeOf(o *schema.Object, part string) schema.Place {
	for name := part; name != ""; name = name[:max(strings.LastIndexAny(name, ".["), 0)] {
		if p, ok := o.Places[name]; ok {
			return p
		}
	}
	return o.Place
}

// shown is a value as an error has it, unless it is long.
func shown(v any) string {
	const most = 100
	text := wording.Value((&schema.Field{}).Recorded(v))
	if len(text) > most {
		return "another value"
	}
	return text
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
	return fail(Unknown, "another run made the same, or a call without an answer was carried out late: %s", strings.Join(lines, "; "))
}

// stuck is the error of an apply that has done all that can be done.
func stuck(s *observe.State) error {
	return fail(Part, "%s cannot be put back, as the plan says; everything else is as wanted; write what the tenant has, or leave the line out",
		wording.CountOf(len(s.Diff.Stuck), "difference"))
}

// undecided is the error of an apply that has left secrets alone, since only a person
// knows whether the tenant has them.
func (w *writing) undecided() error {
	n := len(w.now.State.Pending)
	if n == 0 || w.undoing != nil {
		return nil
	}
	return fail(Part, "%s to be decided, as the notes say; everything else is as wanted; send it with --send-secrets ADDRESS, or say with --trust-version ADDRESS that the tenant has it", wording.CountOf(n, "secret"))
}

// failed says what was done, what was not, and how to go on.
func failed(s *run.Summary) error {
	end := Part
	if s.Done == 0 {
		end = ""
	}
	if s.Done == 0 && guarded(s) {
		end = Refused
	}
	counts := fmt.Sprintf("%d done, %d failed, %d not tried", s.Done, s.Failed, s.Skipped)
	way := "run apply again: it reads the tenant first and goes on with what is left"
	if s.Broken != nil {
		counts += fmt.Sprintf("; nothing more was sent, since what is sent has to be on record first (%s)", s.Broken)
		way = "make sure that run records can be written (--state-dir), then " + way
	}
	for _, step := range s.Doubtful {
		if step.Creates() {
			end = Unknown
			way = fmt.Sprintf("it is not known whether %s was created; it was not sent again; %s", step.Changes[0], settleWay(s))
		}
	}
	if end != Unknown && len(s.Doubtful) > 0 {
		end = Part
	}
	if s.Interrupted {
		end = Interrupted
		counts = "interrupted; " + counts
	}
	return fail(end, "%s; %s", counts, way)
}

// guarded reports whether nothing but guards has failed.
func guarded(s *run.Summary) bool {
	for _, f := range s.Failures {
		var g *plan.Guard
		if !errors.As(f.Err, &g) {
			return false
		}
	}
	return len(s.Failures) > 0
}

// settleWay says how a create whose outcome stayed unknown goes on.
func settleWay(s *run.Summary) string {
	for _, f := range s.Failures {
		var a *run.Ambiguous
		if errors.As(f.Err, &a) {
			return a.Way()
		}
	}
	return "run apply again: it finds out first what became of it"
}
