package report

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// Text prints a report for people.
func Text(p *Printer, r *Report) {
	for _, l := range r.Left {
		p.styled(yellow, "cannot come back: %s", l)
	}
	if r.Plan != nil {
		Plan(p, r.Plan)
	}
	for _, l := range r.Lost {
		p.styled(red, "! %s", l)
	}
	for _, s := range r.Stuck {
		p.styled(yellow, "! %s: %s is %s and cannot be put back to %s: %s   %s", s.Address, s.Field, p.value(s.Old), p.value(s.New), s.Why, s.Place)
	}
	for _, a := range r.Asks {
		p.styled(yellow, "apply will ask for: %s", a)
	}
	strays(p, r.Strays)
	awaiting(p, r.Awaiting)
	for _, g := range r.Guards {
		p.styled(red, "refused: %s", g)
	}
	for _, f := range r.Policies {
		if f.Severity == plan.Warn {
			p.styled(yellow, "policy %s: %s   %s", f.ID, f.Message, f.Place)
		}
	}
	for _, n := range r.Notes {
		p.Linef("note: %s", n)
	}
	if r.Plan != nil {
		p.styled(bold, "Plan: %s.", summary(r.Plan)+r.beside())
	}
	if r.Calls != nil {
		p.Linef("Calls: %s.", r.Calls.Line())
	}
	if r.Coverage != nil {
		p.Linef("Coverage: %s.", r.Coverage.Line())
	}
}

// Plan prints the steps of a plan in their order, each with the changes that it serves.
func Plan(p *Printer, ordered *plan.Value) {
	p.Linef("Tenant %s (%s)", ordered.Tenant.Name, ordered.Tenant.Known())
	changes := map[string]plan.Change{}
	for _, c := range ordered.Changes {
		changes[c.Address] = c
	}
	width := len(fmt.Sprint(len(ordered.Steps)))
	shown := map[string]bool{}
	for i := range ordered.Steps {
		stepText(p, &ordered.Steps[i], changes, shown, width)
	}
	if len(ordered.Steps) > 0 {
		p.Linef("")
	}
}

var signs = map[diff.Action]struct {
	sign  string
	style style
}{diff.Create: {"+", green}, diff.Update: {"~", yellow}, diff.Rename: {"~", yellow}, diff.Replace: {"±", red}, diff.Delete: {"-", red}}

func stepText(p *Printer, s *plan.Step, changes map[string]plan.Change, shown map[string]bool, width int) {
	if len(s.Changes) > 1 {
		p.Linef("%*d   %s %s", width+2, s.Number, s.Method, s.Path)
	}
	for i, a := range s.Changes {
		c := changes[a]
		number := ""
		if i == 0 && len(s.Changes) == 1 {
			number = fmt.Sprint(s.Number)
		}
		why := c.Why
		if s.Why != "" && len(s.Changes) == 1 {
			why = s.Why
		}
		sign := signs[actionOf(s, c)]
		p.styled(sign.style, "%*s %s %s%s", width+2, number, sign.sign, cmp.Or(s.Deletes, a), note(why, c.Place))
		switch {
		case s.Deletes != "":
			lossText(p, c, width+7)
		case !shown[a]:
			shown[a] = true
			changeText(p, c, width+7)
		}
	}
}

// actionOf returns what a step does for a change: the two of a replace differ.
func actionOf(s *plan.Step, c plan.Change) diff.Action {
	switch {
	case c.Action != diff.Replace || s.Method == http.MethodPut:
		return c.Action
	case s.Deletes != "":
		return diff.Delete
	}
	return diff.Create
}

func note(why string, at schema.Place) string {
	if at.File == "" {
		return "   (" + why + ")"
	}
	return "   (" + why + ")   " + at.String()
}

func changeText(p *Printer, c plan.Change, indent int) {
	pad := strings.Repeat(" ", indent)
	for _, f := range c.Fields {
		if f.First {
			if f.New != nil {
				p.Linef("%s%s: %s", pad, f.Name, p.value(f.New))
			}
			continue
		}
		if f.OldName != "" {
			p.Linef("%s", strings.TrimRight(fmt.Sprintf("%s%s: %s -> %s   %s", pad, f.Name, oldName(p, f), p.value(f.New), f.Place), " "))
			continue
		}
		for _, d := range differences(f.Name, f.Old, f.New) {
			p.Linef("%s", strings.TrimRight(fmt.Sprintf("%s%s: %s -> %s   %s", pad, d.name, p.value(d.old), p.value(d.new), f.Place), " "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
		p.Linef("%s%s: will be set from %s", pad, name, c.Secrets[name])
	}
	for _, name := range slices.Sorted(maps.Keys(c.Once)) {
		p.Linef("%s%s: %s, once", pad, name, p.value(c.Once[name]))
	}
	if len(c.Unstated) > 0 {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(c.Unstated)) {
			parts = append(parts, name+"="+p.value(c.Unstated[name]))
		}
		p.styled(faint, "%snot stated, so: %s", pad, strings.Join(parts, " "))
	}
	if c.Action == diff.Delete {
		lossText(p, c, indent)
	}
}

// oldName shows what a reference led to where its key does not tell it: by its name, and by
// its id where the name is not enough.
func oldName(p *Printer, f plan.FieldChange) string {
	id := schema.RefOf(f.Old).ID
	if id == 0 {
		return p.value(f.OldName)
	}
	return fmt.Sprintf("%s (id %d)", p.value(f.OldName), id)
}

// lossText says what goes with a deleted object, and what rings nowhere meanwhile.
func lossText(p *Printer, c plan.Change, indent int) {
	pad := strings.Repeat(" ", indent)
	if len(c.Gone) > 0 {
		p.Linef("%sgoes with it: %s", pad, strings.Join(c.Gone, ", "))
	}
	if c.Loses != "" {
		p.Linef("%sloses %s", pad, c.Loses)
	}
	if c.Follows != "" {
		p.Linef("%smay follow: %s", pad, c.Follows)
	}
	for _, s := range c.Silent {
		p.Linef("%s%s", pad, s)
	}
}

func strays(p *Printer, list []Stray) {
	for _, s := range list {
		what := "no file declares it"
		switch {
		case s.Policy == schema.Differ && s.Stays:
			what += ", which counts as a difference; the API cannot delete it, so declare it"
		case s.Policy == schema.Differ:
			what += ", which counts as a difference; declare it, or delete it with absent: true"
		case s.Stays:
			what = "stays: no file declares it, and the API cannot delete it"
		}
		p.Linef("? %s   (%s)", s.Address, what)
	}
}

func awaiting(p *Printer, list []Awaiting) {
	for _, a := range list {
		if a.For == "" {
			p.Linef("awaited: %s, not in the tenant yet   %s", a.Address, a.Place)
		} else {
			p.Linef("awaiting: %s of %s is set once %s is there   %s", a.Field, a.Address, a.For, a.Place)
		}
	}
}
