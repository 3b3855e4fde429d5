package run_test

import (
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/call"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

const (
	tenantLine = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"
	office     = tenantLine + "intervals: {Office: {timezone: Europe/Berlin, conditions: []}}\n"
	intervals  = "/client/12/interval/"
	users      = "/client/12/user/client/"
)

// keeping is a tenant that keeps what is sent to it.
func keeping() *canned.Server {
	s := canned.NewServer()
	s.Keeps = true
	return s
}

func reading(known ...record.Respelled) observe.Options {
	return observe.Options{Catalogue: schema.Builtin(), Parallelism: 1, Records: func(plan.TenantID) (*record.Records, error) { return &record.Records{Respelled: known}, nil }}
}

// observed compares files with the tenant; nothing may be wrong with them.
func observed(t *testing.T, api call.Reader, text string) *observe.State {
	t.Helper()
	s, err := observe.Observe(t.Context(), api, canned.Parse(t, text), reading())
	if err != nil || len(s.Problems) > 0 || len(s.Guards) > 0 {
		t.Fatal(err, s)
	}
	return s
}

// ordered is the plan of files.
func ordered(t *testing.T, api call.Reader, text string) *plan.Plan {
	t.Helper()
	return canned.Order(t, &observed(t, api, text).Basis)
}

// applied carries files out, in virtual time.
func applied(t *testing.T, l *canned.Server, text string) (*run.Summary, []string) {
	t.Helper()
	return carriedOut(t, l, ordered(t, l, text))
}

func carriedOut(t *testing.T, l *canned.Server, p *plan.Plan) (*run.Summary, []string) {
	t.Helper()
	j := &canned.Journal{}
	return journaled(t, l, p, j), j.Lines
}

func journaled(t *testing.T, l *canned.Server, p *plan.Plan, j *canned.Journal) (sum *run.Summary) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var err error
		o := run.Options{Catalogue: schema.Builtin(), Parallelism: 1, Settle: time.Minute, Journal: j, Run: "r"}
		if sum, err = run.Apply(t.Context(), l, p, passWord, o, nil, nil); err != nil {
			t.Fatal(err)
		}
	})
	return sum
}

func passWord(schema.SecretRef) (string, error) { return "pass word", nil }

func failures(s *run.Summary) (all []error) {
	for _, f := range s.Failures {
		all = append(all, f.Err)
	}
	return all
}
