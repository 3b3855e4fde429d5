package report

import (
	"fmt"
	"strings"
)

// This file is what those are told of a report who get one line of each thing, or a number.

// Counts are the differences by what they are.
func (r *Report) Counts() map[string]int {
	return map[string]int{"changes": len(r.Changes), "strays": len(r.Strays), "stuck": len(r.Stuck)}
}

// Short returns what was found, a line each: what files change of their own review, refusals, then
// changes, the worst first.
func (r *Report) Short() []string {
	var out []string
	for _, c := range r.Rules.Told() {
		out = append(out, string(c.Effect)+": "+c.String())
	}
	for _, g := range r.Guards {
		out = append(out, g.Sentence)
	}
	for _, g := range r.InTime().Groups(true) {
		c := g.Changes[0]
		line := fmt.Sprintf("%s: %s", c.Address, c.Action)
		if len(c.Fields) > 0 {
			line += ": " + strings.ReplaceAll(fieldNames(c), ",", "")
		}
		out = append(out, line)
	}
	for _, s := range r.Stuck {
		out = append(out, fmt.Sprintf("%s: %s cannot be put back", s.Address, s.Field))
	}
	return out
}
