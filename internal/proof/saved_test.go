package proof

import (
	"testing"
)

// What a saved plan says of a field's old value does not depend on which other
// kinds the files happen to name.
func TestSavedPlanOfCleared(t *testing.T) { onBoth(t, savedPlanOfCleared) }

func savedPlanOfCleared(t *testing.T, start func(*testing.T) *box) {
	for _, tt := range []struct{ name, before, after string }{
		{"own", `
extension_groups: {a: {}, b: {}}
extensions: {"101": {type: ivr, status: active, extension_group: a}}
`, `
extension_groups: {b: {}}
extensions: {"101": {extension_group: null}}
`},
		{"dealer's", `
extensions: {"101": {type: ivr, status: active, dial_rule: {dealer: Domestic only}}}
`, `
dial_rule_lists: {}
extensions: {"101": {dial_rule: null}}
`},
		{"not read at all", `
extensions: {"101": {type: ivr, status: active, dial_rule: {dealer: Domestic only}}}
`, `
extensions: {"101": {dial_rule: null}}
`},
		{"handle", `
extensions: {h: {name: "101", type: ivr, status: active}}
dids: {"493023125100": {extension: h}}
`, `
extensions: {h: {name: "101"}}
dids: {"493023125100": {extension: null}}
`},
		{"moved between handles", `
extensions: {h: {name: "101", type: ivr, status: active}, i: {name: "102", type: ivr, status: active}}
dids: {"493023125100": {extension: h}}
`, `
extensions: {i: {name: "101", absent: true}, h: {name: "102"}}
dids: {"493023125100": {extension: h}}
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := start(t)
			b.saved = true
			b.apply(head + tt.before)
			b.apply(head + tt.after)
		})
	}
}
