package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pbxsync/internal/console"
	"pbxsync/internal/exit"
	"pbxsync/internal/report"
	"pbxsync/internal/vault"
	"pbxsync/schema/wording"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// operator tells a person what the engine does, and asks before it writes.
type operator struct {
	p      *Program
	j      *job
	vault  *vault.Vault // nil: nothing is going to be sent
	agreed bool         // nobody is asked
	before int          // reads before the tenant was read again
}

var _ sync.Operator = &operator{}

// Event shows the steps as they are carried out, and then what people should know of them.
func (o *operator) Event(e run.Event) {
	if _, begins := e.(run.Started); begins {
		o.showSteps()
	}
	if f, failed := e.(run.StepFailed); failed {
		f.Err = o.unshown(f.Step, f.Err)
		e = f
	}
	if o.j.report != nil {
		if line, told := o.j.report.Happened(e, now()); told {
			_ = o.p.Tell(line) // what cannot be printed is found at the end
		}
	}
	o.p.calls.Event(e)
	if f, ends := e.(run.Finished); ends {
		if text := o.vault.Note(); text != "" {
			o.p.Log.Linef("note: %s", text)
		}
		for _, line := range f.Summary.Notes {
			o.p.Log.Linef("note: %s", line)
		}
		o.created(f.Summary)
	}
}

// unshown is an error of a step without what no report shows, which a server may have repeated.
func (o *operator) unshown(s *plan.Step, err error) error {
	if o.j.planned == nil || o.j.planned.Plan == nil {
		return err
	}
	text := err.Error()
	for _, w := range o.j.planned.Plan.Wanted {
		if slices.Contains(s.Changes, w.Address) {
			text = report.Unshown(o.p.Catalogue.Kind(w.Kind), w.Values, text)
		}
	}
	return errors.New(text)
}

// showSteps opens the bar, or the list of lines, for steps. It has to know a screen as one.
func (o *operator) showSteps() {
	p := o.p
	p.line.Stop()
	screen := p.screen
	if !p.Screen {
		screen = nil
	}
	p.calls.next = report.NewProgress(p.Log, screen, p.Quiet)
}

// created says how the files name a tenant that the run has created.
func (o *operator) created(s *run.Summary) {
	t := s.Created
	if t == nil {
		return
	}
	where := "in the files"
	if at := o.j.planned.State.Desired.Place; at.File != "" {
		where = "at " + at.String()
	}
	o.p.Log.Linef("tenant %s was created with id %d and prefix %s; write tenant: {name: %q, prefix: %q} %s", t.Name, t.ID, t.Prefix, t.Name, t.Prefix, where)
}

// Notice tells what happens beside the steps.
func (o *operator) Notice(n sync.Notice) {
	p := o.p
	switch n := n.(type) {
	case sync.Read:
		p.KeepWhole(addressesOf(n.Objects))
	case sync.Warned:
		p.Warn(n.Problems)
	case sync.Missing:
		tellGone(p.Console, n.Run)
	case sync.Alone:
		p.Note("%s, so a run in another folder is not kept out", n.Why)
	case sync.CutOff:
		p.Log.Linef("a run from another folder was cut off (%s), and its last calls may still be carried out; waiting for %v", n.Run, n.Wait)
	case sync.Looking:
		p.Log.Linef("an earlier run was cut off, and it is not known whether %s; looking, for up to %v", mayHaveMade(n.Open), n.Wait)
	case sync.Settled:
		p.Log.Linef("%s", settledLine(n))
	case sync.First:
		p.Note("runs of this user on this machine are kept apart; nothing keeps runs on two machines apart, so let only one of them apply")
	case sync.Proving:
		o.before = o.j.conn.client.Counts().Reads
		p.reads(o.j.conn)
	}
}

// reads tells whoever waits for a server how far its reading is.
func (p *Program) reads(c *connection) {
	if p.Quiet {
		return
	}
	before := c.client.Counts().Reads
	p.line.Begin(func() string {
		return "reading: " + wording.CountOf(c.client.Counts().Reads-before, "call") + " so far"
	})
}

func mayHaveMade(open []*record.Open) string {
	if len(open) == 1 {
		return open[0].Address + " was made"
	}
	return fmt.Sprintf("%s and %d more were made", open[0].Address, len(open)-1)
}

func settledLine(n sync.Settled) string {
	if n.How == record.Adopted {
		return fmt.Sprintf("%s was made, with id %d (%s)", n.Open.Address, n.ID, n.Open)
	}
	return fmt.Sprintf("%s was not made (%s)", n.Open.Address, n.Open)
}

// tellGone names the runs whose records were taken away.
func tellGone(c *console.Console, runs ...string) {
	for _, run := range runs {
		c.Note("the record of run %s is gone, and a later one tells of it; whatever it did counts as not known", run)
	}
}

// Approve prints the plan, and asks a person where there is something to do.
func (o *operator) Approve(_ context.Context, planned *sync.Planned) error {
	o.j.found(o.p, planned)
	var err error
	if o.p.Format == console.Text {
		err = o.p.Print(exit.Fine, o.j.report)
	} else {
		err = o.p.Finish(exit.Fine, o.j.report) // what cannot be reported is not applied
		if err == nil {
			err = o.p.Tell(o.j.report.Findings()...)
		}
	}
	if err != nil {
		return err
	}
	if len(planned.Plan.Steps) == 0 || o.agreed {
		return nil
	}
	return o.ask(planned)
}

func (o *operator) ask(planned *sync.Planned) error {
	p := o.p
	if !p.Terminal {
		return exit.Fail(exit.Guard, "there is no terminal to ask on; use --auto-approve, or plan --out FILE and apply FILE")
	}
	t := planned.Plan.Tenant
	if !p.yes(fmt.Sprintf("Make %s to tenant %s (%s)?", wording.CountOf(len(planned.Plan.Steps), "call"), report.Clean(wording.Cut(t.Name, wording.Longest, wording.Longest)), report.Clean(t.Known()))) {
		return exit.Fail(exit.Guard, "not approved; nothing was written")
	}
	return nil
}

// yes asks a person, and reports whether the answer is the word yes. An interrupt is none.
func (p *Program) yes(question string) bool {
	fmt.Fprintf(p.Stderr, "%s Only yes is taken for yes: ", question)
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
	return strings.TrimSpace(said) == "yes"
}
