package canned

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/sync/plan"
)

// Calls are the steps of a plan in words.
func Calls(p *plan.Plan) (out []string) {
	for _, s := range p.Steps {
		out = append(out, fmt.Sprintf("%s %s %s", s.Method, s.Path, compact(s.Body)))
	}
	return out
}

// Lines compares a list with its lines in a text, and shows both where they differ.
func Lines[T any](t *testing.T, what string, got []T, want string) {
	t.Helper()
	var text []string
	for _, g := range got {
		text = append(text, fmt.Sprint(g))
	}
	if have := strings.Join(text, "\n"); have != strings.TrimSpace(want) {
		t.Errorf("%s:\n%s\nwanted\n%s", what, have, want)
	}
}
