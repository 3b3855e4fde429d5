package sync

import (
	"fmt"
	"slices"

	"pbxsync/schema/wording"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// Allowed is what somebody has agreed to of what a plan may only do when it was agreed to:
// each class of loss by itself, by number, kind or address.
type Allowed struct {
	Deletes   int      // exactly so many strays may go
	Updates   int      // the values of exactly so many objects may be overwritten, where it is a large part of a kind
	Loss      []string // addresses of what may be replaced or deleted with what is lost with it
	Hangup    []string // addresses of what may go although calls go on at it
	Fewer     []string // kinds of which there may be far fewer objects than there were
	Rules     []string // ids of rules of Options.Judge that the plan may break
	Risks     []string // classes of risk, and what else plan.Approvals has
	Overwrite []string // of Undo: addresses or patterns of what may be taken back though it was changed since
}

// guards are what forbids carrying out the plan that was made, all in one list.
func (w *work) guards() []*plan.Guard {
	s, p, o := w.now.State, w.now.Plan, w.options.Allow
	out := append(slices.Clone(s.Guards), p.Guards...)
	if w.undoing != nil {
		out = append(out, w.undoing.Since(&s.Basis, o.Overwrite)...)
	}
	if n := p.Pruned(); n > 0 && o.Deletes != n {
		out = append(out, plan.Needs("prune", "--allow-deletes", []string{fmt.Sprint(n)}, "", "prune deletes "+wording.CountOf(n, "stray")))
	}
	if g := observe.OverwriteGuard(observe.Overwrites(s), o.Updates); g != nil {
		out = append(out, g)
	}
	out = append(append(out, replaced(p, o)...), lost(w.now, o)...)
	if !w.options.RevertDrift {
		out = append(out, conflicts(s.Sides)...)
	}
	out = append(out, plan.Risky(&s.Basis, p, w.options.FailOn, o.Risks)...)
	return append(out, broken(w.now.Findings, o.Rules)...)
}

// replaced refuses what a plan loses by replacing, unless each object is allowed.
func replaced(p *plan.Plan, o Allowed) []*plan.Guard {
	var out []*plan.Guard
	allowed := setOf(o.Loss)
	for _, ch := range p.Changes {
		if ch.Replaces == "" || ch.Loses == "" || allowed[ch.Replaces] {
			continue
		}
		text := ch.Replaces + " is replaced and loses " + ch.Loses
		for _, s := range ch.Silent {
			text += "; " + s.String()
		}
		out = append(out, plan.Needs("replace", "--allow-loss", []string{ch.Replaces}, "", text))
	}
	return out
}

// lost refuses what goes with a deleted object at this moment, unless it is allowed.
func lost(p *Planned, o Allowed) []*plan.Guard {
	hangup, loss := setOf(o.Hangup), setOf(o.Loss)
	for i := range p.Plan.Changes { // a replace has to be allowed anyway by the same address
		if ch := &p.Plan.Changes[i]; ch.Loses != "" {
			loss[ch.Replaces] = true
		}
	}
	allowed := func(l *plan.Loss) bool {
		if l.Running() {
			return hangup[l.Address()]
		}
		return loss[l.Address()]
	}
	var out []*plan.Guard
	for _, g := range plan.GroupLosses(slices.DeleteFunc(slices.Clone(p.State.Losses), allowed)) {
		id, flag, instead := "loss", "--allow-loss", ""
		if g.Running {
			id, flag, instead = "running", "--allow-hangup", "wait until it is over, or "
		}
		out = append(out, plan.Needs(id, flag, g.Addresses, instead, g.Who()+" "+g.Text))
	}
	return out
}

func setOf(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, x := range list {
		set[x] = true
	}
	return set
}

// judge asks whether the plan keeps the rules.
func (w *work) judge() {
	if w.options.Judge != nil {
		w.now.Findings = w.options.Judge(w.now)
	}
}

// broken refuses what breaks a rule, unless that one can be approved and was.
func broken(findings []plan.Finding, approved []string) []*plan.Guard {
	var out []*plan.Guard
	for _, f := range findings {
		if f.Severity == plan.Warn || f.Severity == plan.Approve && slices.Contains(approved, f.ID) {
			continue
		}
		g := &plan.Guard{ID: "policy", Message: "policy " + f.ID + ": " + f.Message, Hint: "nobody can approve that; change the files, or the policy at " + f.Place.String()}
		if f.Severity == plan.Approve {
			g = plan.Needs("policy", "--allow-policy", []string{f.ID}, "", g.Message)
		}
		out = append(out, g)
	}
	return out
}
