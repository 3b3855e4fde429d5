package observe_test

import (
	"errors"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

// Another tenant than the files name is never planned for.
func TestWrongTenant(t *testing.T) {
	for text, want := range map[string]string{
		`tenant: {name: acme, prefix: "12038"}`: `the files are for prefix "12038"`,
		`tenant: other`:                         `the files are for tenant "other"`,
	} {
		_, err := observe.Observe(t.Context(), canned.NewServer(), canned.Parse(t, "version: 1\n"+text+"\n"), options())
		var g *plan.Guard
		if !errors.As(err, &g) || !strings.Contains(g.Message, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	s, err := observe.Observe(t.Context(), canned.NewServer(), canned.Parse(t, "version: 1\ntenant: {name: Acme, prefix: \"12037\"}\n"), options())
	if err != nil || len(s.Problems) != 1 || s.Problems[0].Warning == "" {
		t.Errorf("another name with the right prefix: %v %v", err, s)
	}
}
