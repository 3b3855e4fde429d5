package undo_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
	"pbxsync/sync/undo"
)

const (
	tenantLine = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"
	intervals  = "/client/12/interval/"
	users      = "/client/12/user/client/"
)

// planned compares files, or what is wanted otherwise, with the tenant. The secrets of some
// objects may be sent once more.
func planned(t *testing.T, l *canned.Server, desired *schema.Tenant, send ...string) (*observe.State, *plan.Plan) {
	t.Helper()
	s, err := observe.Observe(t.Context(), l, desired, observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: canned.NoneSaid, SendSecrets: send})
	if err != nil {
		t.Fatal(err)
	}
	return s, canned.Order(t, &s.Basis)
}

// carriedOut carries a plan out and returns the run as its record tells it.
func carriedOut(t *testing.T, l *canned.Server, p *plan.Plan, o run.Options) *undo.Past {
	t.Helper()
	j := &canned.Journal{}
	o.Catalogue, o.Parallelism, o.Run, o.Journal = schema.Builtin(), 1, "r", j
	secret := func(schema.SecretRef) (string, error) { return "pass word", nil }
	sum, err := run.Apply(t.Context(), l, p, secret, o, nil, nil)
	if err != nil || sum.Failed > 0 {
		t.Fatal(err, sum.Failures)
	}
	return &undo.Past{Run: "r", Plan: j.Plan, Before: j.Images, Begun: j.Begun, Made: j.Made}
}

// described describes what is wanted, an object a line.
func described(wanted *schema.Tenant) (out []string) {
	for _, o := range wanted.Objects {
		line := o.Address()
		if o.ID != 0 {
			line += fmt.Sprintf(" #%d", o.ID)
		}
		if o.Name != "" {
			line += " called " + o.Name
		}
		switch {
		case o.Absent:
			line += " absent"
		case o.Bare:
			line += " bare"
		default:
			data, _ := json.Marshal(o.Values)
			line += " " + string(data)
		}
		for what, list := range map[string][]string{"previously": o.Previously, "replaces": o.Replaces} {
			if len(list) > 0 {
				line += fmt.Sprintf(" %s %v", what, list)
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}
