package answer

import (
	"strings"

	"pbxsync/schema/wording"
)

// named is how many names stand in a row.
const named = 5

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
		lines[i] = what + " of " + fewNames(of[what])
	}
	return lines
}

// fewNames names the first of many.
func fewNames(names []string) string {
	if more := len(names) - named; more > 0 {
		names = append(names[:named:named], wording.CountOf(more, "other"))
	}
	return wording.Enumerate(names, "and")
}
