package editor

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

const exceptionsFile = "testdata/disagreements.txt"

// exception is a line of the list of disagreements: who disagrees, the message of whoever
// refuses, with * for what varies, and why.
type exception struct {
	who, message, reason string
	match                *regexp.Regexp
	used                 int
}

type exceptionList []*exception

func exceptions(t *testing.T) exceptionList {
	t.Helper()
	var list exceptionList
	for line := range strings.Lines(string(read(t, exceptionsFile))) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 3 || len(parts[2]) < 8 || !slices.Contains([]string{bothMiss, ajvMisses, editorMiss, ajvAlone, editorAlone}, parts[0]) {
			t.Errorf("%s: %q is not who disagrees, the message and the reason, parted by tabs", exceptionsFile, line)
			continue
		}
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(parts[1]), `\*`, ".*") + "$"
		list = append(list, &exception{parts[0], parts[1], parts[2], regexp.MustCompile(pattern), 0})
	}
	return list
}

// cover reports whether a disagreement is listed.
func (list exceptionList) cover(d disagreement) bool {
	for _, e := range list {
		if e.who == d.who && e.match.MatchString(d.what) {
			e.used++
			return true
		}
	}
	return false
}

// stale tells of lines for which there is no disagreement any more.
func (list exceptionList) stale(t *testing.T) {
	t.Helper()
	for _, e := range list {
		if e.used == 0 {
			t.Errorf("%s: %s: %q: nothing is like that any more; delete the line", exceptionsFile, e.who, e.message)
		}
	}
}
