package answer

import (
	"strings"

	"pbxsync/schema/wording"
)

// together puts the same parts of several objects into one line.
func together(parts []Part) []string {
	var lines []string
	of := map[string][]string{}
	for _, p := range parts {
		what := strings.Join(p.What, ", ")
		if of[what] == nil {
			lines = append(lines, what)
		}
		of[what] = append(of[what], p.of)
	}
	for i, what := range lines {
		lines[i] = what + " of " + wording.Few(of[what])
	}
	return lines
}
