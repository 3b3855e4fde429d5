package run

import (
	"reflect"
	"testing"

	"pbxsync/schema"
)

// What one call carries along is sent as it is at that moment. The plan does not say it in
// full, so what has gone meanwhile cannot be sent, and is left out.
func TestFreshRows(t *testing.T) {
	k := schema.Builtin().Kind("variable")
	row := func(name, value string) any { return map[string]any{"var": name, "value": value} }
	planned := []any{row("CRM", "https://(secret)@crm.example/"), row("GONE", "https://(secret)@old.example/"), row("MINE", "new"), row("ODD", "https://(secret)@odd.example/"), row("PLAIN", "as planned"), row("SAID", "https://(secret)@said.example/")}
	live := map[string]map[string]any{
		"CRM":  {"var": "CRM", "value": "https://u:p@crm.example/"},
		"MINE": {"var": "MINE", "value": "old"},
		"NEW":  {"var": "NEW", "value": "theirs"},
		"ODD":  {"var": "ODD", "value": "https://(secret)@odd.example/"},
	}
	want := []any{row("CRM", "https://u:p@crm.example/"), row("MINE", "new"), row("NEW", "theirs"), row("ODD", "https://(secret)@odd.example/"), row("PLAIN", "as planned"), row("SAID", "https://(secret)@said.example/")}
	if got := freshRows(k, planned, live, map[string]bool{"MINE": true, "SAID": true}); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v, want\n%v", got, want)
	}
}

// A value is the one that was sent where it is so in the form of files; references go by ids,
// or by the name that they are sent by.
func TestSame(t *testing.T) {
	k := &schema.Kind{}
	id := func(n int64) map[string]any { return map[string]any{"id": n} }
	for _, test := range []struct {
		what      string
		f         *schema.Field
		now, sent any
		want      bool
	}{
		{"a text", &schema.Field{Type: "string"}, "a", "a", true},
		{"another text", &schema.Field{Type: "string"}, "a", "b", false},
		{"an object", &schema.Field{Type: "object"}, map[string]any{"a": "b"}, map[string]any{"a": "b"}, true},
		{"a reference", &schema.Field{Ref: k}, id(5), int64(5), true},
		{"another reference", &schema.Field{Ref: k}, id(5), int64(6), false},
		{"a reference that is resolved", &schema.Field{Ref: k}, "a", int64(5), false},
		{"a reference by name", &schema.Field{Ref: k, RefBy: "name"}, "49301", "49301", true},
		{"another reference by name", &schema.Field{Ref: k, RefBy: "name"}, "49301", "49302", false},
	} {
		if got := same(test.f, test.now, test.sent); got != test.want {
			t.Errorf("%s: %v", test.what, got)
		}
	}
}
