package report

import "fmt"

// This file is what those are told of a report who get one line of each thing, or a number.

// Counts are the differences by what they are.
func (r *Report) Counts() map[string]int {
	out := map[string]int{"changes": 0, "strays": len(r.Strays), "stuck": len(r.Stuck)}
	if r.Plan != nil {
		out["changes"] = len(r.Plan.Changes)
	}
	return out
}

// Short returns what was found, a line each: refusals first, then changes.
func (r *Report) Short() []string {
	out := append([]string{}, r.Guards...)
	if r.Plan != nil {
		for _, c := range r.Plan.Changes {
			line := fmt.Sprintf("%s: %s", c.Address, c.Action)
			for i, f := range c.Fields {
				if i == 0 {
					line += ":"
				}
				line += " " + f.Name
			}
			out = append(out, line)
		}
	}
	for _, s := range r.Stuck {
		out = append(out, fmt.Sprintf("%s: %s cannot be put back", s.Address, s.Field))
	}
	return out
}
