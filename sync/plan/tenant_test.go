package plan_test

import (
	"context"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

const tenantLine = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"

func observed(t *testing.T, api call.Reader, text string, parallelism int) *observe.State {
	t.Helper()
	s, err := observe.Observe(context.Background(), api, canned.Parse(t, text), observe.Options{Catalogue: schema.Builtin(), Parallelism: parallelism, Records: canned.NoneSaid})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 || len(s.Guards) > 0 {
		t.Fatal(s.Problems, s.Guards)
	}
	return s
}

func order(t *testing.T, s *observe.State) *plan.Plan {
	t.Helper()
	return canned.Order(t, &s.Basis)
}
