package schema

import (
	"reflect"
	"testing"
)

// What means the same is equal, in files and in answers, and nothing else is.
func TestSame(t *testing.T) {
	for _, tt := range []struct {
		kind, field string
		a, b        any
		equal       bool
	}{
		{"settings", "timezone", "Europe/Kiev", "Europe/Kyiv", true},
		{"settings", "timezone", "Europe/Kiev", "Europe/Berlin", false},
		{"settings", "geo_list", "DE AT", "AT DE", true},
		{"settings", "geo_list", "DE AT", "AT", false},
		{"phone", "record_enabled", int64(0), false, true},
		{"phone", "record_enabled", "1", true, true},
		{"phone", "record_enabled", int64(0), true, false},
		{"network_permission", "network_address", []any{"192.0.2.1"}, []any{"192.0.2.1/32"}, true},
		{"network_permission", "network_address", []any{"192.0.2.1"}, []any{"192.0.2.1/31"}, false},
		{"network_permission", "network_address", []any{"198.51.100.0/24", "192.0.2.1"}, []any{"192.0.2.1/255.255.255.255", "198.51.100.7/24"}, true},
		{"interval", "conditions", []any{map[string]any{"start_time": "9:00:00"}}, []any{map[string]any{"start_time": "09:00"}}, true},
		{"interval", "conditions", []any{map[string]any{"start_time": "9:00:00"}}, []any{map[string]any{"start_time": "09:00:01"}}, false},
	} {
		f := Builtin().Kind(tt.kind).Field(tt.field)
		a, b := f.Same(f.Live(tt.a, ""), ""), f.Same(f.Live(tt.b, ""), "")
		if reflect.DeepEqual(a, b) != tt.equal {
			t.Errorf("%s.%s: %v and %v are %v and %v", tt.kind, tt.field, tt.a, tt.b, a, b)
		}
		if again := f.Same(f.Normal(a), ""); !reflect.DeepEqual(again, a) {
			t.Errorf("%s.%s: %v, and of that %v", tt.kind, tt.field, a, again)
		}
	}
}
