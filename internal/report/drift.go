package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

// This file tells what moved: in the past tense, the worst first, and what can be done about it.

// Drifted reports whether the tenant moved, so far as that is known; without a base whether
// anything differs. What the files alone changed is no drift, nor is what only apply needs.
func (r *Report) Drifted() bool {
	if slices.ContainsFunc(r.Strays, func(s Stray) bool { return s.Policy == schema.Differ }) {
		return true
	}
	return slices.ContainsFunc(moves(r), func(x Sided) bool { return x.Side != diff.Pending && x.Side != diff.Alike && x.counts() })
}

// counts reports whether something is a difference.
func (s *Sided) counts() bool {
	return s.Side != "" || s.Fate == diff.Changed || s.Fate == diff.Added || s.Fate == diff.Dropped
}

// Based reports whether it is known who moved.
func (r *Report) Based() bool { return r.Base != nil && r.Base.Missing == "" }

// moves are all that moved; without a base, all that differs.
func moves(r *Report) []Sided {
	if r.Based() {
		return r.Sides
	}
	out := slices.Clone(r.missing)
	stuck := map[string][]SidedField{}
	for _, s := range r.Stuck {
		stuck[s.Address] = append(stuck[s.Address], SidedField{Name: s.Field, Is: s.Old, Files: s.New, Place: s.Place})
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		x := Sided{Address: c.Address, Fate: diff.Changed, Place: c.Place, Fields: stuck[c.Address]}
		delete(stuck, c.Address)
		switch c.Action {
		case diff.Create, diff.Replace:
			x.Fate = diff.Added
		case diff.Delete:
			x.Fate = diff.Dropped
		default:
			for _, f := range c.Fields {
				x.Fields = append(x.Fields, SidedField{Name: f.Name, Is: f.Before, Files: f.After, Place: f.Place})
			}
		}
		out = append(out, x)
	}
	for address, fields := range stuck {
		out = append(out, Sided{Address: address, Fate: diff.Changed, Fields: fields})
	}
	slices.SortFunc(out, func(a, b Sided) int { return strings.Compare(a.Address, b.Address) })
	return out
}

// drifted prints it all.
func drifted(p *Printer, r *Report) {
	if t := r.Tenant; t != nil {
		p.Linef("Tenant %s (%s)", t.Name, t.Known())
	}
	t := &driftText{p, r}
	all := t.strays(moves(r))
	drift, conflict := t.of(all, diff.Drift), t.of(all, diff.Conflict)
	if !r.Based() {
		drift = t.of(all, "")
	}
	t.headline(drift, conflict, t.of(all, diff.Pending))
	answers(p, r)
	t.section(red, "Changed in the tenant, and differently in the files:", conflict)
	t.section(red, t.heading(), drift)
	t.section(yellow, "Changed in the files, and not applied yet:", t.of(all, diff.Pending))
	t.section(faint, "Changed in both to the same, so nothing differs:", t.of(all, diff.Alike))
	t.ways(drift, conflict)
	for _, a := range r.Asks {
		p.styled(yellow, "apply will ask for: %s", a)
	}
	stuck(p, r.Stuck)
	accepted(p, r.Accepted)
	strays(p, t.undeclared(all))
	awaiting(p, r.Awaiting)
	warned(p, r.Policies)
	for _, l := range r.Pending {
		p.styled(yellow, "to be decided: %s", fmt.Sprint(l))
	}
	for _, n := range r.Notes {
		p.Linef("note: %s", n)
	}
	if r.Calls != nil {
		p.Linef("Calls: %s.", r.Calls.text(p.verbose))
	}
	if r.Coverage != nil {
		p.Linef("%s", r.Coverage.text(p.verbose))
	}
}

// driftText writes what moved.
type driftText struct {
	p *Printer
	r *Report
}

// strays adds what is in no file, where nothing is known of it yet.
func (t *driftText) strays(list []Sided) []Sided {
	known := map[string]bool{}
	for _, x := range list {
		known[x.Address] = true
	}
	counted := map[string]bool{}
	for _, s := range t.r.Strays {
		counted[s.Address] = s.Policy == schema.Differ
		if !known[s.Address] {
			list = append(list, Sided{Address: s.Address, Fate: diff.Undeclared})
		}
	}
	list = slices.Clone(list)
	for i := range list {
		if x := &list[i]; counted[x.Address] && x.Side != diff.Drift && t.r.Based() {
			x.Side = diff.Drift
		}
	}
	return list
}

// of returns what moved on a side.
func (t *driftText) of(list []Sided, side diff.Side) []Sided {
	var out []Sided
	for _, x := range list {
		if side == "" && t.plainStray(x) || side != "" && x.Side == "" || x.Before != "" {
			continue
		}
		part := x
		part.Fields = nil
		for _, f := range x.Fields {
			if f.Side == side {
				part.Fields = append(part.Fields, f)
			}
		}
		if x.Side == side || len(part.Fields) > 0 {
			out = append(out, part)
		}
	}
	return out
}

// plainStray reports whether something is in no file and counts for nothing.
func (t *driftText) plainStray(x Sided) bool {
	return x.Side == "" && (x.Fate == diff.Undeclared || x.Fate == diff.Appeared) &&
		!slices.ContainsFunc(t.r.Strays, func(s Stray) bool { return s.Address == x.Address && s.Policy == schema.Differ })
}

// undeclared are the strays that are no difference.
func (t *driftText) undeclared(list []Sided) []Stray {
	plain := map[string]bool{}
	for _, x := range list {
		plain[x.Address] = t.plainStray(x) && x.Before == ""
	}
	return slices.DeleteFunc(slices.Clone(t.r.Strays), func(s Stray) bool { return !plain[s.Address] })
}

// headline says in one or two lines what is compared, and what came of it.
func (t *driftText) headline(drift, conflict, pending []Sided) {
	t.p.Linef("Compared with %s.", t.r.Base)
	if len(drift)+len(conflict)+len(pending) == 0 {
		t.p.styled(bold, "No drift.")
		return
	}
	t.p.styled(bold, "Drift: %s.", t.counted(drift, conflict, pending))
}

// counted counts the objects of each side.
func (t *driftText) counted(drift, conflict, pending []Sided) string {
	if len(drift)+len(conflict)+len(pending) == 0 {
		return "no drift"
	}
	if !t.r.Based() {
		return wording.CountOf(len(drift), "object") + " that differ"
	}
	var parts []string
	for _, c := range []struct {
		n    int
		what string
	}{{len(conflict), "in conflict"}, {len(drift), "drifted"}, {len(pending), "pending in the files"}} {
		if c.n > 0 {
			parts = append(parts, wording.CountOf(c.n, "object")+" "+c.what)
		}
	}
	return strings.Join(parts, ", ")
}

// baseless says of a drift that nobody can tell who moved, and what would.
func baseless(p *Printer, r *Report) {
	if b := r.Base; r.Command == Drift && b != nil && b.Missing != "" {
		p.Linef("There is no base (%s), so hand edits and edits of the files look alike; apply once with --state-dir, or name one with --base.", b.Missing)
	}
}

func (t *driftText) heading() string {
	if t.r.Based() {
		return "Changed in the tenant:"
	}
	return "Different:"
}

// section writes what moved on one side, the worst first and alike in one go.
func (t *driftText) section(s style, heading string, list []Sided) {
	if len(list) == 0 {
		return
	}
	t.p.styled(s, "%s", heading)
	for _, g := range t.groups(list) {
		t.group(g)
	}
}

// moved is what moved alike.
type moved struct {
	Sided
	addresses []string
}

// groups folds what moved alike.
func (t *driftText) groups(list []Sided) []*moved {
	by := map[string]*moved{}
	var out []*moved
	for _, x := range list {
		key := x.Address
		if !t.p.all {
			key = strings.Join(append([]string{kindOf(x.Address), string(x.Fate)}, t.lines(x)...), "\n")
		}
		if by[key] == nil {
			by[key] = &moved{Sided: x}
			out = append(out, by[key])
		}
		by[key].addresses = append(by[key].addresses, x.Address)
	}
	slices.SortStableFunc(out, func(a, b *moved) int { return cmp.Compare(worst(a.Risks), worst(b.Risks)) })
	return out
}

// worst ranks what moved by the gravest of its classes.
func worst(list []risk.Class) int {
	for i, c := range risk.Classes() {
		if slices.Contains(list, c) {
			return i
		}
	}
	return len(risk.Classes())
}

// group writes what moved alike: an object in a line or two, or many in as many.
func (t *driftText) group(g *moved) {
	lines := t.lines(g.Sided)
	risks := ""
	for _, c := range g.Risks {
		risks += fmt.Sprintf(" [%s]", c)
	}
	who, at := g.Address, placed(g.Place)
	if n := len(g.addresses); n > 1 {
		who, at = fmt.Sprintf("%s: %s", Plural(kindOf(g.Address), n), t.p.names(g.addresses)), ""
		if of := t.r.declared[kindOf(g.Address)]; of > n {
			who = fmt.Sprintf("%d of %s: %s", n, Plural(kindOf(g.Address), of), t.p.names(g.addresses))
		}
	}
	if g.Since != "" {
		at += "   (since " + g.Since + ")"
	}
	if len(lines) == 1 && len(g.addresses) == 1 {
		t.p.Linef("  %s: %s%s%s", who, lines[0], risks, at)
		return
	}
	t.p.Linef("  %s%s%s", who, risks, at)
	for _, l := range lines {
		t.p.Linef("      %s", l)
	}
}

func placed(at schema.Place) string {
	if at.File == "" {
		return ""
	}
	return "   " + at.String()
}

// lines say what became of an object, in the direction of time.
func (t *driftText) lines(x Sided) []string {
	if x.Now != "" {
		return []string{fmt.Sprintf("was renamed: name was %s, is %s", t.value(nameIn(x.Address)), t.value(nameIn(x.Now)))}
	}
	switch x.Fate {
	case diff.Deleted:
		return []string{"was deleted"}
	case diff.Appeared:
		if x.Place.File != "" {
			return []string{"appeared, and the files want it gone"}
		}
		return []string{"appeared, in no file"}
	case diff.Undeclared:
		return []string{"is in no file"}
	case diff.Dropped:
		return []string{"is there, and the files want it no more"}
	case diff.Added:
		if x.Side == diff.Pending {
			return []string{"is new in the files"}
		}
		return []string{"is not in the tenant"}
	}
	var out []string
	for _, f := range x.Fields {
		out = append(out, t.field(x, f))
	}
	if len(out) == 0 {
		out = append(out, "a secret is to be sent")
	}
	return out
}

func (t *driftText) field(x Sided, f SidedField) string {
	was, is, files := t.value(f.Was), t.value(f.Is), t.value(f.Files)
	switch {
	case f.Side == "":
		return fmt.Sprintf("%s: is %s, the files say %s", f.Name, is, files)
	case f.Side == diff.Conflict && f.New:
		return fmt.Sprintf("%s: is %s, the files say %s, and neither was there", f.Name, is, files)
	case f.Side == diff.Conflict:
		return fmt.Sprintf("%s: was %s, is %s, the files say %s", f.Name, was, is, files)
	case f.Side == diff.Pending:
		return fmt.Sprintf("%s: is %s, the files say %s now", f.Name, is, files)
	}
	return fmt.Sprintf("%s: was %s, is %s", f.Name, was, is)
}

// value shows a text in quotes, so that what was added to it is seen.
func (t *driftText) value(v any) string { return wording.InWords(t.p.shortValue(v)) }

// leftAlone says of a plan what drifted and stays as it is.
func leftAlone(p *Printer, r *Report) {
	var list []Sided
	for _, x := range r.Sides {
		if !x.left() {
			continue
		}
		part := x
		part.Fields = slices.DeleteFunc(slices.Clone(x.Fields), func(f SidedField) bool { return !f.Left })
		list = append(list, part)
	}
	if len(list) == 0 {
		return
	}
	t := &driftText{p, r}
	t.section(yellow, "Left alone, since somebody changed it in the tenant (--revert-drift puts it back, pbxsync pull keeps it):", list)
}
