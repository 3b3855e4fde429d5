package published

import (
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/format"
)

// What stands in a list is turned as all else, also what only other readers are told.
func TestListsAreTurned(t *testing.T) {
	in := map[string]any{wordOthers: map[string]any{"type": "string", "format": "number"}}
	forOthers(map[string]any{"anyOf": []any{[]any{in}}})
	if in[wordOthers] != nil || in["format"] != nil || in["type"] == nil {
		t.Errorf("%v", in)
	}
}

// Strict readers refuse formats that they do not know and lists of types.
func TestPublishedIsStrict(t *testing.T) {
	var walk func(at string, x any)
	walk = func(at string, x any) {
		switch x := x.(type) {
		case []any:
			for _, item := range x {
				walk(at, item)
			}
		case map[string]any:
			if _, ok := x["format"].(string); ok {
				t.Errorf("%s has a format", at)
			}
			if types := typesOf(x); len(types) > 2 || len(types) == 2 && !takes(x, "null") {
				t.Errorf("%s has the types %v", at, types)
			}
			for name, v := range x {
				walk(at+"/"+name, v)
			}
		}
	}
	walk("", any(document(schema.Builtin())))
	for _, name := range format.Names() {
		if _, ok := patterns[name]; !ok {
			t.Errorf("the format %s has no pattern", name)
		}
	}
}
