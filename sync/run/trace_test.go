package run_test

import (
	"testing"

	"pbxsync/internal/canned"
)

// on does something once, when a call comes.
func on(method, at string, do func(*canned.Server)) func(*canned.Server) {
	return func(l *canned.Server) {
		l.On = func(m, a string) {
			if m == method && a == at {
				do(l)
			}
		}
	}
}

// What an earlier step of the same run left is no edit of somebody else: what was deleted is
// not referred to any more, and a value that was sent may have reached others.
func TestWhatARunLeaves(t *testing.T) {
	const again = "extensions: {\"102\": {type: ivr, status: active, replaces: [\"102\"]}}\ndids: {\"49301\": {extension: \"102\"}}"
	const labels = "extensions: {\"101\": {label: One}, \"102\": {label: One}}"
	const numbers = "extensions: {\"104\": {type: ivr, status: active}}\ndids: {\"49301\": {extension: \"104\"}, \"49302\": {extension: \"104\"}}"
	nothing := func(l *canned.Server) { l.Change("PUT", extensions+"8", map[string]any{"label": nil}) }
	to := func(field string, v any) map[string]any { return map[string]any{field: v} }
	scenes(t, "trace", []scene{
		{name: "a reference is cleared by the delete", files: again, after: on("DELETE", extensions+"8", edit(dids+"201", to("extension_id", nil)))},
		{name: "a reference is cleared before the delete", files: again, after: edit(dids+"201", to("extension_id", nil))},
		{name: "a reference goes to another after the delete", files: again, after: on("DELETE", extensions+"8", edit(dids+"201", to("extension_id", canned.Num(9))))},
		{name: "another reference is cleared after the delete", files: again + "\naliases: {sales: {extension: \"102\"}}", before: edit("/client/12/alias/211", to("extension_id", canned.Num(9))),
			after: on("DELETE", extensions+"8", edit("/client/12/alias/211", to("extension_id", nil)))},
		{name: "a value reaches another", files: labels, before: nothing, after: on("PUT", extensions+"7", edit(extensions+"8", to("label", "One")))},
		{name: "a value that was not sent", files: "extensions: {\"101\": {label: One}, \"102\": {label: Two}}", before: nothing, after: on("PUT", extensions+"7", edit(extensions+"8", to("label", "Three")))},
		{name: "the value of another", files: "extensions: {\"101\": {label: One}, \"102\": {label: Two}}", before: nothing, after: on("PUT", extensions+"7", edit(extensions+"8", to("label", "One")))},
		{name: "the value of another, of another field", files: "extension_groups: {a: {extra_params: One}}\nextensions: {\"101\": {label: Two}}", after: on("PUT", extensions+"7", edit(groups+"31", to("extra_params", "Two")))},
		{name: "a new object that the plan has no id of", files: numbers, after: on("PUT", dids+"201", edit(dids+"202", to("extension_id", canned.Num(901))))},
		{name: "a new object of another id", files: numbers, after: on("PUT", dids+"201", edit(dids+"202", to("extension_id", canned.Num(902))))},
		{name: "it has the new object already", files: numbers, after: on("POST", extensions, edit(dids+"201", to("extension_id", canned.Num(901))))},
	})
}
