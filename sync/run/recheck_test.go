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
	planned := []any{row("CRM", "https://(secret)@crm.example/"), row("GONE", "https://(secret)@old.example/"), row("MINE", "new"), row("PLAIN", "as planned")}
	live := map[string]map[string]any{
		"CRM":  {"var": "CRM", "value": "https://u:p@crm.example/"},
		"MINE": {"var": "MINE", "value": "old"},
		"NEW":  {"var": "NEW", "value": "theirs"},
	}
	want := []any{row("CRM", "https://u:p@crm.example/"), row("MINE", "new"), row("NEW", "theirs"), row("PLAIN", "as planned")}
	if got := freshRows(k, planned, live, map[string]bool{"MINE": true}); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v, want\n%v", got, want)
	}
}
