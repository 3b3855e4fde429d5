package findings

import (
	"fmt"
	"io"
	"strings"

	"pbxsync/internal/report"
)

// shown is how many annotations of one level GitHub shows for a step.
const shown = 10

var commands = [...]string{failure: "error", warning: "warning", notice: "notice"}

// GitHub writes commands of a workflow, which become annotations at lines of files: the worst
// first, and no more than are shown.
func GitHub(w io.Writer, r *report.Report) error {
	n := [len(commands)]int{}
	for _, f := range of(r) {
		if n[f.level]++; n[f.level] > shown {
			continue
		}
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", commands[f.level], properties(f), inCommand.Replace(f.text)); err != nil {
			return err
		}
	}
	line := tenant(r) + ": " + r.Verdict.Sentence
	for l, count := range n {
		if count > shown {
			line += fmt.Sprintf("; %d more %ss are not shown here", count-shown, commands[l])
		}
	}
	_, err := fmt.Fprintln(w, strings.TrimPrefix(report.Clean(line), "::"))
	return err
}

func properties(f finding) string {
	parts := []string{"title=" + inProperty.Replace("pbxsync "+f.rule)}
	if f.place.File != "" {
		parts = append(parts, "file="+inProperty.Replace(f.place.File))
	}
	if f.place.Line > 0 {
		parts = append(parts, fmt.Sprintf("line=%d,col=%d", f.place.Line, f.place.Column))
	}
	return strings.Join(parts, ",")
}

// What has a meaning in a command is written as a number.
var (
	inCommand  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	inProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
