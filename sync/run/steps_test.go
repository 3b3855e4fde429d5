package run_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/run"
)

// deaf is a journal that cannot write one kind of line, behind some others.
func deaf(to string, from int) func(*run.Options) {
	return func(o *run.Options) {
		j := o.Journal.(*canned.Journal)
		j.Fails, j.From = to, from
	}
}

// A step that fails keeps what depends on it from being tried, and nothing else; where the
// record cannot be written, nothing more is tried at all.
func TestStepsThatFail(t *testing.T) {
	refusing := func(calls ...string) func(*canned.Server) {
		return func(l *canned.Server) {
			l.Fail = map[string]error{}
			for _, call := range calls {
				l.Fail[call] = canned.Status(400)
			}
		}
	}
	const chain = "extension_groups: {c: {}, d: {}}\nextensions: {\"104\": {type: ivr, status: active, extension_group: c}, \"105\": {type: ivr, status: active, extension_group: d}}\nagents: {local: {L: {extension: \"104\"}}}"
	scenes(t, "steps", []scene{
		{name: "all", files: chain},
		{name: "the first", files: chain, after: refusing("POST " + groups)},
		{name: "one in between", files: chain, after: refusing("POST " + extensions)},
		{name: "the last", files: chain, after: refusing("POST /client/12/agent/local/")},
		{name: "no record of a call", files: chain, option: deaf("intent", 0)},
		{name: "no record of an answer", files: chain, option: deaf("ack", 0)},
		{name: "no record of a failure", files: chain, after: refusing("POST " + extensions), option: deaf("failed", 0)},
		{name: "no record at all", files: chain, option: deaf("begin", 0)},
		{name: "no journal", files: chain, option: func(o *run.Options) { o.Journal = nil }},
	})
}

// All secrets are found before the first write, and all that are missing are named.
func TestSecretsThatAreMissing(t *testing.T) {
	const two = tenantLine + "users: {client: {ada: {name: Ada, email: a@a.example, access: full, status: active, password: {env: A}}, bob: {name: Bob, email: b@a.example, access: full, status: active, password: {env: B}}}}\n"
	l := canned.NewServer()
	p := ordered(t, l, two)
	j := &canned.Journal{}
	none := func(ref schema.SecretRef) (string, error) { return "", fmt.Errorf("%s is not set", ref) }
	sum, err := run.Apply(t.Context(), l, p, none, run.Options{Journal: j}, nil, nil)
	var problems schema.Problems
	if !errors.As(err, &problems) || len(problems) != 2 || len(l.Sent) > 0 || sum == nil || j.Plan != nil {
		t.Fatal(err, l.Sent)
	}
	canned.Lines(t, "problems", strings.Split(strings.TrimSpace(err.Error()), "\n"), `
tenant.yaml:3:85: client_user/ada: environment variable A is not set
tenant.yaml:3:173: client_user/bob: environment variable B is not set`)
}

// A plan whose steps name nothing that is there has no ids.
func TestPlanWithoutIDs(t *testing.T) {
	l := canned.NewServer()
	p := ordered(t, l, tenantLine+"extension_groups: {c: {}}\nextensions: {\"104\": {type: ivr, status: active, extension_group: c}}\n")
	p.IDs = nil
	if sum, _ := carriedOut(t, l, p); sum.Done != 2 || p.IDs != nil {
		t.Errorf("%+v, %v", sum, p.IDs)
	}
}
