package markdown

import (
	"fmt"
	"strings"

	"pbxsync/diff"
	"pbxsync/internal/report"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

// section is the changes of one class of risk.
type section struct {
	class  risk.Class
	groups []*report.Group
	title  string
	short  string // its changes by kind and action, counted
	lines  []string
}

const (
	opening = "\n<details%s><summary>%s</summary>\n\n"
	closing = "\n</details>\n"
)

// body tells the changes: by groups, and each with its values as far as there is room, the worst first.
func (c *comment) body(left *int) string {
	sections := c.sections()
	var b strings.Builder
	for i := range sections {
		s := &sections[i]
		*left -= len(s.title) + len(s.short) + len(opening) + len(closing) + len(" open")
	}
	for i := range sections {
		b.WriteString(c.section(&sections[i], left))
	}
	return b.String()
}

func (c *comment) sections() []section {
	var out []section
	for _, g := range c.groups {
		if len(out) == 0 || out[len(out)-1].class != g.Class {
			out = append(out, section{class: g.Class})
		}
		s := &out[len(out)-1]
		s.groups = append(s.groups, g)
	}
	for i := range out {
		s := &out[i]
		n := 0
		for _, g := range s.groups {
			n += len(g.Changes)
			s.lines = append(s.lines, c.line(g))
		}
		s.title = heading(s.class, len(c.r.Risks) > 0) + ": " + wording.CountOf(n, "change")
		s.short = c.counted(s.groups)
	}
	return out
}

func heading(class risk.Class, risky bool) string {
	switch {
	case class != "":
		return "<b>" + string(class) + "</b>, " + class.Meaning()
	case risky:
		return "No risk is known of these"
	}
	return "Changes"
}

// section tells its groups one by one if there is room, and counts them otherwise.
func (c *comment) section(s *section, left *int) string {
	if *left < 0 { // not even counted
		for _, g := range s.groups {
			c.unsaid += len(g.Changes)
		}
		return ""
	}
	open := ""
	if s.class != "" {
		open = " open"
	}
	head := fmt.Sprintf(opening, open, s.title)
	size := 0
	for _, line := range s.lines {
		size += len(line) + 3
	}
	if *left -= size - len(s.short); *left < 0 {
		*left += size - len(s.short)
		for _, g := range s.groups {
			c.told += len(g.Changes)
		}
		return head + s.short + closing
	}
	var b strings.Builder
	for i, g := range s.groups {
		b.WriteString(c.group(g, s.lines[i], left))
	}
	return head + b.String() + closing
}

// counted tells groups by action and kind.
func (c *comment) counted(groups []*report.Group) string {
	type sort struct {
		action diff.Action
		kind   string
	}
	n := map[sort]int{}
	var order []sort
	for _, g := range groups {
		k := sort{g.Action, g.Kind}
		if n[k] == 0 {
			order = append(order, k)
		}
		n[k] += len(g.Changes)
	}
	var b strings.Builder
	for _, k := range order {
		fmt.Fprintf(&b, "- %s %s\n", k.action, code(report.Plural(k.kind, n[k])))
	}
	return b.String()
}

// line tells a group in one line, which may stand in a summary.
func (c *comment) line(g *report.Group) string {
	names, left := report.Names(addresses(g), 160)
	text := code(names)
	if left > 0 {
		text += fmt.Sprintf(" and %s more", wording.Thousands(left))
	}
	first := g.Changes[0]
	sign := string(g.Action)
	switch {
	case len(g.Changes) == 1:
		return sign + " " + code(first.Address)
	case g.Alike && (g.Action == diff.Update || g.Action == report.WasChanged):
		return sign + " " + changed(first) + ": " + code(c.r.Counted(g)) + ": " + text
	case g.Action == diff.Update || g.Action == report.WasChanged:
		return sign + " " + fields(first) + ", each to a value of its own: " + code(c.r.Counted(g)) + ": " + text
	}
	return sign + " " + code(c.r.Counted(g)) + ": " + text
}

func addresses(g *report.Group) []string {
	out := make([]string, len(g.Changes))
	for i, c := range g.Changes {
		out[i] = c.Address
	}
	return out
}

func changed(c *report.Change) string {
	var parts []string
	for _, f := range c.Fields {
		parts = append(parts, code(f.Name)+" "+code(before(&f))+" → "+code(wording.Value(f.After)))
	}
	return strings.Join(parts, ", ")
}

func fields(c *report.Change) string {
	var parts []string
	for _, f := range c.Fields {
		parts = append(parts, code(f.Name))
	}
	return strings.Join(parts, ", ")
}

func before(f *report.Field) string {
	if f.BeforeName != "" {
		return wording.Value(f.BeforeName)
	}
	return wording.Value(f.Before)
}

// beside tells what was found that is no change.
func (c *comment) beside(left *int) string {
	lines := c.r.Beside()
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, opening, "", "Also: "+wording.CountOf(len(lines), "line"))
	*left -= b.Len() + len(closing)
	for i, l := range lines {
		line := "- " + code(l) + "\n"
		if *left -= len(line); *left < 0 {
			if c.notes = len(lines) - i; i == 0 {
				return ""
			}
			break
		}
		b.WriteString(line)
	}
	return b.String() + closing
}
