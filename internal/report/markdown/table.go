package markdown

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/diff"
	"pbxsync/internal/report"
	"pbxsync/schema/wording"
)

// group tells a group with its values, as far as there is room; else in its line alone.
func (c *comment) group(g *report.Group, line string, left *int) string {
	plain := "- " + line + "\n"
	rows := c.rows(g)
	if len(rows) == 0 {
		return plain
	}
	head := fmt.Sprintf(opening, "", line) + header(g)
	cost := len(head) + len(closing) - len(plain)
	if *left < cost+len(rows[0]) {
		c.told += len(g.Changes)
		return plain
	}
	*left -= cost
	var b strings.Builder
	for i, row := range rows {
		if *left -= len(row); *left < 0 {
			*left += len(row)
			c.told += max(1, len(g.Changes)*(len(rows)-i)/len(rows))
			break
		}
		b.WriteString(row)
	}
	return head + b.String() + closing
}

func header(g *report.Group) string {
	switch g.Action {
	case diff.Create:
		return "| Object | Field | Value | Where |\n|---|---|---|---|\n"
	case diff.Delete:
		return "| Object | Goes with it | Where |\n|---|---|---|\n"
	}
	return "| Object | Field | Before | After | Where |\n|---|---|---|---|---|\n"
}

// rows are the lines of the table of a group; one for all where all are alike.
func (c *comment) rows(g *report.Group) []string {
	var out []string
	if g.Alike && len(g.Changes) > 1 {
		names, _ := report.Names(addresses(g), 0)
		return updated(whole(names), g.Changes[0])
	}
	for _, ch := range g.Changes {
		switch g.Action {
		case diff.Create:
			out = append(out, created(ch)...)
			for _, part := range g.Parts[ch.Address] {
				out = append(out, created(part)...)
			}
		case diff.Delete:
			out = append(out, row(code(ch.Address), code(goes(ch)), code(ch.Place.String())))
		default:
			out = append(out, updated(code(ch.Address), ch)...)
		}
	}
	return out
}

// whole shows a list of names that is as long as it is.
func whole(names string) string {
	var parts []string
	for part := range strings.SplitSeq(names, ", ") {
		parts = append(parts, code(part))
	}
	return strings.Join(parts, ", ")
}

func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

func created(c *report.Change) []string {
	var out []string
	for _, f := range c.Fields {
		if f.After != nil {
			out = append(out, row(code(c.Address), code(f.Name), code(wording.Value(f.After)), code(f.Place.String())))
		}
	}
	return append(out, sent(c, 3)...)
}

func updated(who string, c *report.Change) []string {
	var out []string
	for _, f := range c.Fields {
		risk := ""
		if len(f.Risks) > 0 {
			risk = " **" + report.Classes(f.Risks) + "**"
		}
		out = append(out, row(who, code(f.Name)+risk, code(before(&f)), code(wording.Value(f.After)), code(f.Place.String())))
	}
	if c.Side == string(diff.Conflict) {
		out = append(out, row(who, "in conflict", code(c.Reason), "", code(c.Place.String())))
	}
	out = append(out, sent(c, 4)...)
	if text := goes(c); text != "" {
		out = append(out, row(who, "loses", code(text), "", code(c.Place.String())))
	}
	return out
}

// sent are the rows of what is sent beside fields.
func sent(c *report.Change, cells int) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(c.Secrets)) {
		line := []string{code(c.Address), code(name), code("will be set from " + c.Secrets[name]), "", ""}
		out = append(out, row(line[:cells+1]...))
	}
	return out
}

// goes says what goes with an object, and what rings nowhere meanwhile.
func goes(c *report.Change) string {
	var parts []string
	if len(c.Gone) > 0 {
		parts = append(parts, strings.Join(c.Gone, ", "))
	}
	if c.Loses != "" {
		parts = append(parts, c.Loses)
	}
	for _, s := range c.Silent {
		parts = append(parts, s.String())
	}
	return strings.Join(parts, "; ")
}
