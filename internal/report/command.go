package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// This file writes what people copy: commands, and lines of tenant files.

// ApplyCommand is the command that carries a plan out, with the approvals that it needs; "" where
// there is nothing to do, or no flag lets it pass.
func (r *Report) ApplyCommand() string {
	if len(r.Changes) == 0 || r.Applied != nil || r.Command != "plan" || len(r.Errors) > 0 {
		return ""
	}
	parts := append([]string{"pbxsync apply"}, r.Flags...)
	for _, g := range r.Guards {
		if g.Flag == "" || len(g.Values) == 0 {
			return "" // it has to be mended, or a person says which side wins, and no flag for this alone lets it pass
		}
		for _, v := range g.Values {
			parts = append(parts, g.Flag+" "+wording.ShellWord(v))
		}
	}
	if r.Path != "" && r.Path != "." {
		parts = append(parts, wording.ShellWord(r.Path))
	}
	return strings.Join(parts, " ")
}

// plainInFlow is a text that stands for itself between YAML's braces: it begins with a letter, as
// addresses do, and has nothing that means something there.
var plainInFlow = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/.%+-]*( [A-Za-z0-9_/.%+]+)*$`)

// inFlow writes a text as a value between YAML's braces. The escapes of Go are among those of YAML.
func inFlow(text string) string {
	if plainInFlow.MatchString(text) {
		return text
	}
	return strconv.Quote(strings.ToValidUTF8(text, "\ufffd"))
}

// ways prints the commands to copy: put back, keep, silence.
func (t *driftText) ways(drift, conflict []Sided) {
	defer t.p.unbroken()() // what is copied stays in one line
	for _, line := range t.wayLines(append(slices.Clone(conflict), drift...)) {
		t.p.Linef("%s", line)
	}
}

// Ways are lines that say how drift is put back, kept and silenced; none of anything else.
func (r *Report) Ways() []string {
	if r.Command != Drift {
		return nil
	}
	t := inWords(r)
	all := t.strays(moves(r))
	if !r.Based() {
		return t.wayLines(t.of(all, ""))
	}
	return t.wayLines(append(t.of(all, diff.Conflict), t.of(all, diff.Drift)...))
}

func (t *driftText) wayLines(all []Sided) (out []string) {
	if len(all) == 0 {
		return nil
	}
	line := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	back := slices.DeleteFunc(slices.Clone(all), func(x Sided) bool { return x.stray() || x.Now != "" })
	keep := slices.Clone(all)
	for _, x := range all {
		if x.Now != "" {
			keep = append(keep, Sided{Address: x.Now})
		}
	}
	revert := ""
	if t.r.Based() {
		revert = " --revert-drift"
	}
	path := wording.ShellWord(cmp.Or(t.r.Path, "."))
	if len(back) > 0 {
		line("To put it back: pbxsync apply%s%s %s", choose(back), revert, path)
	}
	line("To keep it:     pbxsync pull%s %s", choose(keep), path)
	line("To silence it:  accept: [{at: %s, until: YYYY-MM-DD, why: ...}] in the tenant's files", acceptable(all[0]))
	renamed := slices.DeleteFunc(slices.Clone(all), func(x Sided) bool { return x.Now == "" })
	for _, x := range renamed[:min(mostChosen, len(renamed))] {
		line("To give %s its name back: declare it with previously: [%s], and apply with --revert-drift.", x.Address, inFlow(nameIn(x.Now)))
	}
	if slices.ContainsFunc(all, func(x Sided) bool { return x.stray() }) {
		line("To delete what appeared, declare it with absent: true; no command does that unasked.")
	}
	if len(all) > mostChosen {
		line("A part of it is chosen with --only ADDRESS, such as --only %s.", patternOf(all[0].Address))
	}
	return out
}

// stray reports whether something is in no file.
func (s Sided) stray() bool {
	return s.Place.File == "" && (s.Fate == diff.Appeared || s.Fate == diff.Undeclared)
}

// mostChosen is how many objects a command names.
const mostChosen = 3

// choose names the objects of a command, unless they are many and the command means all.
func choose(list []Sided) string {
	if len(list) > mostChosen {
		return ""
	}
	var b strings.Builder
	for _, x := range list {
		b.WriteString(" --only " + patternOf(x.Address))
	}
	return b.String()
}

// acceptable is what accept: takes for something that moved, as it is written there.
func acceptable(x Sided) string {
	at := schema.PatternOf(x.Address)
	if len(x.Fields) > 0 && x.Fate == diff.Changed {
		at += "." + x.Fields[0].Name
	}
	return inFlow(at)
}

// patternOf returns the pattern that names an object on a command line.
func patternOf(address string) string { return wording.ShellWord(schema.PatternOf(address)) }
