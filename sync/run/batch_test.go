package run_test

import (
	"testing"

	"pbxsync/internal/canned"
)

// One call writes all variables: what others changed meanwhile is sent as it is then, and
// what the plan changes is looked at as anything else.
func TestBatch(t *testing.T) {
	const files = "variables: {A: \"3\", C: \"4\"}"
	const vars = "/client/12/variables/"
	rows := func(of ...string) func(*canned.Server) {
		return func(l *canned.Server) {
			list := []map[string]any{}
			for i := 0; i < len(of); i += 2 {
				list = append(list, map[string]any{"var": of[i], "value": of[i+1]})
			}
			l.Tenant[vars] = list
		}
	}
	listed := func(list []map[string]any, pages int) func(*canned.Server) {
		return func(l *canned.Server) {
			l.Rows = func(string, int) ([]map[string]any, int, bool) { return list, pages, true }
		}
	}
	scenes(t, "batch", []scene{
		{name: "as planned", files: files},
		{name: "another changed", files: files, after: rows("A", "1", "B", "9")},
		{name: "another came", files: files, after: rows("A", "1", "B", "2", "D", "5")},
		{name: "another went", files: files, after: rows("A", "1")},
		{name: "another went, with a secret", files: files, before: rows("A", "1", "B", "https://u:p@b.example/"), after: rows("A", "1")},
		{name: "another has a secret", files: files, before: rows("A", "1", "B", "https://u:p@b.example/")},
		{name: "it was changed", files: files, after: rows("A", "5", "B", "2")},
		{name: "it was changed to what is wanted", files: files, after: rows("A", "3", "B", "2")},
		{name: "it went", files: files, after: rows("B", "2")},
		{name: "the new one came", files: files, after: rows("A", "1", "B", "2", "C", "4")},
		{name: "the new one came with another value", files: files, after: rows("A", "1", "B", "2", "C", "5")},
		{name: "it cannot be read", files: files, after: func(l *canned.Server) { l.Refuse = map[string]error{vars: canned.Status(500)} }},
		{name: "a row without a name", files: files, after: listed([]map[string]any{{"var": []any{}, "value": "1"}}, 1)},
		{name: "two pages", files: files, after: listed([]map[string]any{{"var": "A", "value": "1"}}, 2)},
		{name: "the answer is lost", files: files, after: func(l *canned.Server) { l.Lose = func(string, string, map[string]any) bool { return true } }},
	})
}
