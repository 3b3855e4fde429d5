package report

import (
	"io"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema/risk"
)

// This file tells drift as other reports tell changes: what happened in the tenant, in the
// direction of time, and what is pending in the files.

// The words for what happened to an object.
const (
	WasChanged diff.Action = "changed"
	wasRenamed diff.Action = "renamed"
	wasDeleted diff.Action = "deleted"
	appeared   diff.Action = "appeared"
	pending    diff.Action = "pending"
)

// InTime is the report of drift with what happened in the place of the changes that would undo
// it. Without a base, and of any other command, it is the report as it is.
func (r *Report) InTime() *Report {
	if r.Command != Drift || !r.Based() {
		return r
	}
	out := *r
	out.Changes, out.Steps, out.Strays, out.perKind = []Change{}, nil, nil, nil
	t, told, planned := inWords(r), map[string]bool{}, map[string][]risk.Class{}
	for i := range r.Changes {
		planned[r.Changes[i].Address] = r.Changes[i].Risks
	}
	all := t.strays(r.Sides)
	for _, side := range []diff.Side{diff.Conflict, diff.Drift, diff.Pending} {
		for _, x := range t.of(all, side) {
			c := t.happened(x, side)
			if side == diff.Pending {
				c.Risks = planned[x.Address]
			}
			told[x.Address] = true
			out.Changes = append(out.Changes, c)
		}
	}
	for _, s := range r.Strays {
		if !told[s.Address] {
			out.Strays = append(out.Strays, s)
		}
	}
	out.countRisks()
	return &out
}

// inWords says what moved, and prints nothing.
func inWords(r *Report) *driftText { return &driftText{NewPrinter(io.Discard, false), r} }

// happened is what became of an object on a side.
func (t *driftText) happened(x Sided, side diff.Side) Change {
	c := Change{Address: x.Address, Mode: "managed", Kind: kindOf(x.Address), Type: kindOf(x.Address), Name: nameIn(x.Address), Place: x.Place, Side: string(side),
		Action: WasChanged, Reason: strings.Join(t.lines(x), "; ")}
	switch {
	case side == diff.Pending:
		c.Action = pending
	case x.Now != "":
		c.Action = wasRenamed
	case x.Fate == diff.Deleted:
		c.Action, c.Risks = wasDeleted, x.Risks
	case x.Fate == diff.Appeared, x.Fate == diff.Undeclared:
		c.Action, c.Risks = appeared, x.Risks
	default:
		c.Risks = x.Risks
	}
	for _, f := range x.Fields {
		told := Field{Name: f.Name, Before: f.Was, After: f.Is, Side: string(f.Side), Risks: f.Risks, Place: f.Place}
		if side == diff.Pending {
			told.Before, told.After = f.Is, f.Files
		}
		c.Fields = append(c.Fields, told)
	}
	return c
}

// driftSentence counts what moved.
func driftSentence(r *Report) string {
	t := inWords(r)
	all := t.strays(moves(r))
	drift := t.of(all, diff.Drift)
	if !r.Based() {
		drift = t.of(all, "")
	}
	return t.counted(drift, t.of(all, diff.Conflict), t.of(all, diff.Pending))
}
