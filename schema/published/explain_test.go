package published

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

// Whatever word can stand in a tenant file, explain has something to say of it.
func TestExplainEveryWord(t *testing.T) {
	c := schema.Builtin()
	doc := document(c)
	tried := 0
	var walk func(at, def string, s map[string]any)
	say := func(word string) {
		tried++
		if text, err := Explain(c, word); err != nil || strings.TrimSpace(text) == "" {
			t.Errorf("explain %s: %q, %v", word, text, err)
		}
	}
	walk = func(at, def string, s map[string]any) {
		if items, ok := s["items"].(map[string]any); ok {
			s = items
		}
		for _, name := range slices.Sorted(maps.Keys(membersOf(s))) {
			word := strings.TrimPrefix(at+"."+name, ".")
			say(word)
			say(name)
			if sub, ok := membersOf(s)[name].(map[string]any); ok && def != "top" {
				walk(word, def, sub)
			}
		}
	}
	walk("", "top", doc)
	for name, s := range doc["definitions"].(map[string]any) {
		if c.Kind(name) != nil {
			say(name)
			walk(name, name, s.(map[string]any))
		}
	}
	for _, top := range []string{reserved.Defaults, reserved.Unmanaged} {
		for name := range membersOf(doc["properties"].(map[string]any)[top].(map[string]any)) {
			say(top + "." + name)
		}
	}
	if tried < 500 {
		t.Errorf("only %d words tried", tried)
	}
}
