package canned

import (
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Wanted are files that create, change and delete objects of Small.
const Wanted = `version: 1
tenant: {name: acme, prefix: "12037"}
prune: [extension_group]
extension_groups: {a: {extra_params: x}, c: {}}
extensions:
  "101": {extension_group: c, label: One}
  "102": {absent: true}
  "103": {absent: true}
  "104": {type: conference, status: active, extension_group: c}
dids:
  "49301": {extension: "101"}
  "49302": {extension: "104", message_extension: null}
agents: {local: {L: {extension: "104"}}}
variables: {C: "3"}
`

// Parse reads one tenant file that has no problems.
func Parse(t *testing.T, text string) *schema.Tenant {
	t.Helper()
	desired, problems := file.Parse(schema.Builtin(), []file.File{{Name: "tenant.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return desired
}

// Order makes the plan of what was observed.
func Order(t *testing.T, b *plan.Basis) *plan.Plan {
	t.Helper()
	p, err := plan.Order(b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Bytes is the saved form of a plan.
func Bytes(t *testing.T, p *plan.Plan) []byte {
	t.Helper()
	data, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// NoneSaid are run records that say nothing.
func NoneSaid(plan.TenantID) (*record.Records, error) { return &record.Records{}, nil }
