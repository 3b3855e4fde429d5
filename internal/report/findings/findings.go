package findings

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/review"
	"pbxsync/sync/plan"
)

// level says how bad a finding is, the worst first.
type level int

const (
	failure level = iota
	warning
	notice
)

// finding is one thing to look at.
type finding struct {
	level   level
	rule    string // stays the same from run to run
	address string // "" for what is about no object
	text    string
	place   schema.Place
	pending bool // the files moved, and the tenant did not
}

// fingerprint names a finding whatever line it stands in.
func (f *finding) fingerprint(tenant string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join([]string{tenant, f.rule, f.address, f.text}, "\x00"))))[:32]
}

// of returns the findings of a report: what it says of its own review, then the worst first.
func of(r *report.Report) []finding { return append(rules(r), found(r)...) }

// found are the findings but those.
func found(r *report.Report) []finding {
	r = r.InTime()
	var out []finding
	add := func(l level, rule, address, text string, at schema.Place) {
		out = append(out, finding{level: l, rule: rule, address: address, text: report.Clean(text), place: at})
	}
	for _, e := range r.Errors {
		add(failure, cmp.Or(e.Check, "error"), e.Address, said(e), e.Place)
	}
	for _, m := range r.Moved {
		add(failure, "moved", m.Address, m.String(), schema.Place{})
	}
	for _, g := range r.Guards {
		rule := "refused"
		if g.ID != "" {
			rule += "-" + g.ID
		}
		add(failure, rule, "", g.Sentence, schema.Place{})
	}
	for _, p := range r.Policies {
		if p.Severity == plan.Warn {
			add(warning, "policy-"+p.ID, p.Address, p.Message, p.Place)
		}
	}
	for _, s := range r.Stuck {
		add(warning, "cannot-be-put-back", s.Address, s.Field+" cannot be put back: "+s.Why, s.Place)
	}
	for i, line := range report.AnswerLines(r) {
		if r.Answers[i].Cut {
			add(warning, "cut-off", "", line, schema.Place{})
		}
	}
	for _, g := range r.Groups(true) {
		for _, c := range g.Changes {
			out = append(out, changed(c, string(g.Class)))
		}
	}
	for _, s := range r.Strays {
		if s.Policy == schema.Differ {
			add(warning, "stray", s.Address, "no file declares it", schema.Place{})
		}
	}
	for _, w := range r.Warnings {
		add(levelOf(w), cmp.Or(w.Check, "warning-"+string(w.Warning)), w.Address, said(w), w.Place)
	}
	slices.SortStableFunc(out, func(a, b finding) int { return int(a.level) - int(b.level) })
	return out
}

// rules are what the files change of their own review. They come before all else.
func rules(r *report.Report) []finding {
	var out []finding
	for _, c := range r.Rules.Told() {
		f := finding{level: warning, rule: "review-" + string(c.Effect), place: c.Place,
			text: report.Clean(string(c.Effect) + ": " + c.String())}
		if c.Effect == review.Tightened {
			f.level = notice
		}
		out = append(out, f)
	}
	return out
}

// levelOf says how bad a problem is that hinders nothing.
func levelOf(w schema.Problem) level {
	if w.Notice {
		return notice
	}
	return warning
}

// said is a problem without its place, which stands beside.
func said(p schema.Problem) string {
	p.Place, p.Warning, p.Check, p.Notice = schema.Place{}, "", "", false
	return p.String()
}

// changed tells a change: one with a risk is a warning.
func changed(c *report.Change, class string) finding {
	f := finding{level: notice, rule: "change-" + string(c.Action), address: c.Address, place: c.Place}
	text := fmt.Sprintf("%s: %s", c.Address, c.Action)
	if class != "" {
		f.level, f.rule = warning, "risk-"+class
		text = class + ": " + text
	}
	var names []string
	for _, field := range c.Fields {
		names = append(names, field.Name)
		if f.place.File == "" || len(c.Fields) == 1 && field.Place.File != "" {
			f.place = field.Place
		}
	}
	if c.Action != diff.Create && len(names) > 0 {
		text += ": " + strings.Join(names, ", ")
	}
	if c.Side != "" && c.Steps == nil { // it happened
		f.moved(c, class)
		return f
	}
	f.text = report.Clean(text)
	return f
}

// moved tells what happened: whatever did in the tenant is a warning.
func (f *finding) moved(c *report.Change, class string) {
	text := c.Address + ": " + c.Reason
	f.pending = c.Side == string(diff.Pending)
	if class == "" {
		f.rule = c.Side
	} else {
		text = class + ": " + text
	}
	if !f.pending {
		f.level = warning
	}
	f.text = report.Clean(text)
}

// tenant is the name by which a report is told from others.
func tenant(r *report.Report) string {
	if r.Tenant == nil {
		return "pbxsync"
	}
	return report.Clean(r.Tenant.Name)
}
