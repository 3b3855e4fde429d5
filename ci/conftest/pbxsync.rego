# Policies over the JSON of a plan, for those who have conftest already:
#
#   pbxsync plan --format json tenants/acme > plan.json; conftest test --policy ci/conftest plan.json
#
# What a plan holds says docs/report.schema.json. pbxsync has policies of its own (docs/policies.md),
# which know every object as it will be, and not the changes alone.
package main

import rego.v1

deny contains message if {
	some change in input.resource_changes
	"cuts" in change.risks
	change.kind == "did"
	message := sprintf("%s would ring nowhere", [change.address])
}

deny contains message if {
	some change in input.resource_changes
	change.kind == "client_user"
	"create" in change.change.actions
	message := sprintf("%s is a new user with access to the whole tenant", [change.address])
}

warn contains message if {
	some change in input.resource_changes
	"delete" in change.change.actions
	message := sprintf("%s is deleted", [change.address])
}
