package report

import (
	"cmp"
	"fmt"
	"strings"

	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
	"pbxsync/sync/plan"
)

// Text prints a report for people: what it comes to, the risks and what is refused; the changes,
// the worst first; what else was found; what it costs, and how much was looked at.
func Text(p *Printer, r *Report) {
	rulesText(p, r)
	body(p, r)
}

// Whole prints the same with the errors of the report.
func Whole(p *Printer, r *Report) {
	rulesText(p, r)
	ErrorText(p, r)
	body(p, r)
}

func body(p *Printer, r *Report) {
	if r.Command == Validate {
		validated(p, r)
		return
	}
	if r.Command == Drift && r.Based() {
		drifted(p, r)
		return
	}
	for _, l := range r.Left {
		p.styled(yellow, "cannot come back: %s", l)
	}
	if t := r.Tenant; t != nil {
		p.Linef("Tenant %s (%s)", t.Name, t.Known())
	}
	if r.Tenant != nil {
		p.styled(bold, "Plan: %s.", r.Verdict.Sentence)
	}
	baseless(p, r)
	risks(p, r)
	for _, g := range r.Guards {
		p.styled(red, "refused: %s", g.Sentence)
	}
	answers(p, r)
	changesText(p, r)
	leftAlone(p, r)
	beside(p, r)
	if p.verbose {
		steps(p, r.Steps)
	}
	if r.Calls != nil && r.Applied == nil {
		p.Linef("Calls: %s.", r.Calls.text(p.verbose))
	}
	if r.Coverage != nil {
		p.Linef("%s", r.Coverage.text(p.verbose))
	}
	AppliedText(p, r)
}

// ErrorText prints the errors of a report.
func ErrorText(p *Printer, r *Report) {
	for _, e := range r.Errors {
		p.styled(red, "error: %s", e)
	}
	for _, m := range r.Moved {
		p.Linef("  %s", m)
	}
}

// validated says what files that are valid have.
func validated(p *Printer, r *Report) {
	if len(r.Errors) == 0 {
		p.Linef("%s: %s in %s, no problems", r.Tenant.Name, wording.CountOf(len(r.Objects), "object"), wording.CountOf(r.Files, "file"))
	}
}

// AppliedText prints what an apply has come to.
func AppliedText(p *Printer, r *Report) {
	if r.Applied == nil || len(r.Errors) > 0 {
		return
	}
	if r.Applied.Done == 0 {
		p.Linef("Nothing to do.")
		return
	}
	p.Linef("Applied: %s done; read again: %s.", count(r.Applied.Done, "step"), r.Applied.Proven)
	p.Linef("Calls made: %s.", r.Calls.text(p.verbose))
}

// mostAnswers is how many answers stand above the changes.
const mostAnswers = 10

// answers tells which calls go elsewhere.
func answers(p *Printer, r *Report) {
	lines := AnswerLines(r)
	if len(lines) == 0 {
		return
	}
	p.styled(bold, "Answers to calls that change:")
	for i, line := range lines {
		switch {
		case i == mostAnswers && !p.all && len(lines) > mostAnswers+1:
			p.Linef("    and %s more; --all tells them", wording.Thousands(len(lines)-i))
			return
		case r.Answers[i].Cut:
			p.styled(red, "  ! %s", line)
		default:
			p.Linef("    %s", line)
		}
	}
}

// risks counts the changes of each class of risk.
func risks(p *Printer, r *Report) {
	if line := r.RiskLine(); line != "" {
		p.styled(red, "Risks: %s.", line)
	}
}

// RiskLine counts the changes of each class of risk, in words; "" where there is none.
func (r *Report) RiskLine() string {
	var parts []string
	for _, class := range risk.Classes() {
		if n := r.Risks[class]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s (%s)", class, wording.Thousands(n), class.Meaning()))
		}
	}
	return strings.Join(parts, ", ")
}

// beside says what was found that is no change.
func beside(p *Printer, r *Report) {
	for _, l := range r.Lost {
		p.styled(red, "! %s", l)
	}
	stuck(p, r.Stuck)
	for _, a := range r.Asks {
		p.styled(yellow, "apply will ask for: %s", a)
	}
	accepted(p, r.Accepted)
	strays(p, r.Strays)
	awaiting(p, r.Awaiting)
	warned(p, r.Policies)
	for _, n := range r.Notes {
		p.Linef("note: %s", n)
	}
}

// stuck says what no call can end.
func stuck(p *Printer, list []Stuck) {
	for _, s := range list {
		p.styled(yellow, "! %s: %s is %s and cannot be put back to %s: %s   %s", s.Address, s.Field, p.value(s.Old), p.value(s.New), s.Why, s.Place)
	}
}

// warned says which policies are broken that refuse nothing.
func warned(p *Printer, list []plan.Finding) {
	for _, f := range list {
		if f.Severity == plan.Warn {
			p.styled(yellow, "policy %s: %s   %s", f.ID, f.Message, f.Place)
		}
	}
}

// Beside returns the same lines, for other forms.
func (r *Report) Beside() []string {
	var b strings.Builder
	beside(NewPrinter(&b, false), r)
	var out []string
	for line := range strings.Lines(b.String()) {
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

// steps lists the calls in their order.
func steps(p *Printer, list []Step) {
	if len(list) == 0 {
		return
	}
	p.Linef("")
	p.styled(bold, "Calls in their order:")
	for _, s := range list {
		after := ""
		if len(s.After) > 0 {
			after = "   after " + strings.Trim(strings.ReplaceAll(fmt.Sprint(s.After), " ", ", "), "[]")
		}
		p.Linef("%4d %-6s %s   %s%s", s.Number, s.Method, s.Path, cmp.Or(s.Deletes, s.subject()), after)
	}
	p.Linef("")
}

func (s *Step) subject() string {
	if len(s.Changes) == 0 {
		return s.Why
	}
	if len(s.Changes) > 1 {
		return fmt.Sprintf("%s and %d more", s.Changes[0], len(s.Changes)-1)
	}
	return s.Changes[0]
}

// foldStrays is from how many strays of a kind one line stands for all.
const foldStrays = 6

func strays(p *Printer, list []Stray) {
	type sort struct {
		kind   string
		policy schema.Policy
		stays  bool
	}
	found := map[sort][]string{}
	for _, s := range list {
		k := sort{kindOf(s.Address), s.Policy, s.Stays}
		found[k] = append(found[k], s.Address)
	}
	for _, s := range list {
		switch all := found[sort{kindOf(s.Address), s.Policy, s.Stays}]; {
		case p.all || len(all) < foldStrays:
			p.Linef("? %s   (%s)", s.Address, undeclared(s))
		case all[0] == s.Address:
			p.Linef("? %s: %s   (%s)", Plural(kindOf(s.Address), len(all)), p.names(all), undeclared(s))
		}
	}
}

func undeclared(s Stray) string {
	const what = "no file declares it"
	switch {
	case s.Policy == schema.Differ && s.Stays:
		return what + ", which counts as a difference; the API cannot delete it, so declare it"
	case s.Policy == schema.Differ:
		return what + ", which counts as a difference; declare it, or delete it with absent: true"
	case s.Stays:
		return "stays: " + what + ", and the API cannot delete it"
	}
	return what
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
