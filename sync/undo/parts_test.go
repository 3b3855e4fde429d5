package undo

import (
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// A list, or an object, is what the run left where each of its parts is.
func TestSameParts(t *testing.T) {
	text := &schema.Field{Type: "string"}
	list := &schema.Field{Type: "array", Items: text}
	object := &schema.Field{Type: "object", Fields: []*schema.Field{{Name: "a", Type: "string"}, {Name: "b", Type: "string"}}}
	values := func(list ...any) []any { return list }
	for _, test := range []struct {
		f        *schema.Field
		was, now any
		same     bool
	}{
		{list, values("x", "y"), values("x", "y"), true},
		{list, values("x", "y"), values("y", "x"), false},
		{list, values("x"), values("x", "y"), false},
		{list, values(), values(), true},
		{list, values("x"), "x", false},
		{object, map[string]any{"a": "x", "b": "y"}, map[string]any{"a": "x", "b": "y"}, true},
		{object, map[string]any{"a": "x", "b": "y"}, map[string]any{"a": "x", "b": "z"}, false},
		{object, map[string]any{"a": "x"}, values("x"), false},
		{object, values("x"), map[string]any{"a": "x"}, false},
	} {
		if got := (&Undoing{}).sameParts(&plan.Basis{}, test.f, test.was, test.now); got != test.same {
			t.Errorf("%v and %v: %v", test.was, test.now, got)
		}
	}
}
