package run_test

import (
	"testing"

	"pbxsync/internal/canned"
)

const (
	extensions = "/client/12/extension/"
	groups     = "/client/12/extension_group/"
	dids       = "/client/12/did/"
)

// edit changes a row of a list as somebody else would.
func edit(at string, body map[string]any) func(*canned.Server) {
	return func(l *canned.Server) { l.Change("PUT", at, body) }
}

func gone(at string) func(*canned.Server) {
	return func(l *canned.Server) { l.Change("DELETE", at, nil) }
}

// What somebody changed since the plan was made is not overwritten: the object is read right
// before the step, and nothing is sent for it.
func TestEditsOfOthers(t *testing.T) {
	const label = "extensions: {\"101\": {label: One}}"
	const number = "extensions: {\"101\": {}}\ndids: {\"49301\": {extension: \"101\"}}"
	scenes(t, "edits", []scene{
		{name: "none", files: label},
		{name: "another field", files: label, after: edit(extensions+"7", map[string]any{"status": "blocked"})},
		{name: "the field", files: label, after: edit(extensions+"7", map[string]any{"label": "Two"})},
		{name: "the field, to what is wanted", files: label, after: edit(extensions+"7", map[string]any{"label": "One"})},
		{name: "it is gone", files: label, after: gone(extensions + "7")},
		{name: "another has its id", files: label, after: edit(extensions+"7", map[string]any{"name": "12037*199"})},
		{name: "another has its id, and the value", files: label, after: edit(extensions+"7", map[string]any{"name": "12037*199", "label": "One"})},
		{name: "a field is not shown any more", files: label, after: func(l *canned.Server) {
			l.Tenant[extensions] = []map[string]any{{"id": canned.Num(7), "name": "12037*101"}}
		}},
		{name: "a field that was set is not shown any more", files: "extensions: {\"101\": {status: blocked}}", after: func(l *canned.Server) {
			l.Tenant[extensions] = []map[string]any{{"id": canned.Num(7), "name": "12037*101"}}
		}},
		{name: "the field, to nothing", files: label, before: edit(extensions+"7", map[string]any{"label": "101"}), after: edit(extensions+"7", map[string]any{"label": nil})},
		{name: "a dangling reference, to nothing", files: "extension_groups: {b: {}}\nextensions: {\"101\": {extension_group: b}}", before: edit(extensions+"7", map[string]any{"extension_group_id": canned.Num(99)}),
			after: edit(extensions+"7", map[string]any{"extension_group_id": nil})},
		{name: "a reference", files: number},
		{name: "a reference, to another", files: number, after: edit(dids+"201", map[string]any{"extension_id": canned.Num(9)})},
		{name: "a reference, to what is wanted", files: number, after: edit(dids+"201", map[string]any{"extension_id": canned.Num(7)})},
		{name: "a reference, to what no plan knows", files: number, after: edit(dids+"201", map[string]any{"extension_id": canned.Num(99)})},
		{name: "a reference, to nothing", files: number, after: edit(dids+"201", map[string]any{"extension_id": nil})},
		{name: "a rename", files: "extension_groups: {c: {previously: [b]}}"},
		{name: "a rename, done already", files: "extension_groups: {c: {previously: [b]}}", after: edit(groups+"32", map[string]any{"name": "c"})},
		{name: "a rename, to another name", files: "extension_groups: {c: {previously: [b]}}", after: edit(groups+"32", map[string]any{"name": "d"})},
		{name: "a rename, and another value", files: "extension_groups: {c: {previously: [b], extra_params: x}}", after: edit(groups+"32", map[string]any{"name": "x", "extra_params": "x"})},
		{name: "a delete", files: "extension_groups: {b: {absent: true}}"},
		{name: "a delete, done already", files: "extension_groups: {b: {absent: true}}", after: gone(groups + "32")},
		{name: "a delete, of another name", files: "extension_groups: {b: {absent: true}}", after: edit(groups+"32", map[string]any{"name": "d"})},
		{name: "it cannot be read", files: label, after: func(l *canned.Server) { l.Refuse = map[string]error{extensions + "7": canned.Status(500)} }},
		{name: "it is no object", files: label, after: func(l *canned.Server) { l.Tenant = canned.Tenant{extensions + "7": []any{1}} }},
		{name: "it has a name that is none", files: label, after: edit(extensions+"7", map[string]any{"name": []any{}})},
	})
}

// Of what one delete takes away, the first is looked at: the others go with it.
func TestWhatGoesWithADelete(t *testing.T) {
	l := canned.NewServer()
	p := ordered(t, l, tenantLine+"extension_groups: {a: {extra_params: x}, b: {absent: true}}\n")
	p.Steps[1].Checks = append(p.Steps[1].Checks, p.Steps[0].Checks...)
	if sum, _ := carriedOut(t, l, p); p.Steps[1].Method != "DELETE" || sum.Done != 2 || sum.Checks != 2 {
		t.Errorf("%v: %+v", canned.Calls(p), sum)
	}
}
