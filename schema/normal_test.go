package schema

import (
	"encoding/json"
	"reflect"
	"testing"
)

// TestBothSidesMeet: whatever form a value has in a file and in an answer, the
// normal forms are equal where the tenant is as wanted.
func TestBothSidesMeet(t *testing.T) {
	c := Builtin()
	for _, x := range []struct {
		kind, field  string
		file, answer any
	}{
		{"extension", "label", "", nil},
		{"extension", "label", nil, ""},
		{"extension", "name", "101", "12037*101"},
		{"phone", "hold_music", nil, json.Number("0")},
		{"phone", "intercom", int64(0), json.Number("0")},
		{"phone", "hangup_timeout", int64(60), "60"},
		{"phone", "hangup_timeout", int64(60), json.Number("60.0")},
		{"phone", "record_stereo", true, "yes"},
		{"phone", "record_stereo", false, "no"},
		{"phone", "geo_list", "DE AT", "AT DE"},
		{"phone", "vm_mailto", "a@x.example, b@x.example", "a@x.example,b@x.example"},
		{"did", "domain", "acme.example", map[string]any{"name": "acme.example", "id": json.Number("4")}},
		{"did", "domain", nil, nil},
		{"network_permission", "network_address", []any{"198.51.100.0/24", "192.0.2.7"}, []any{"192.0.2.7/32", "198.51.100.0/255.255.255.0"}},
		{"network_permission", "network_address", []any{}, nil},
		{"interval", "conditions", []any{map[string]any{"start_dow": "mon", "start_time": "08:00"}},
			[]any{map[string]any{"type": "weekly", "start_dow": json.Number("2"), "start_time": "08:00:00", "month": json.Number("0"), "end_mday": nil}}},
		{"interval", "conditions", []any{map[string]any{"start_datetime": "2026-12-24 00:00:00", "end_datetime": "2026-12-26 00:00:00"}},
			[]any{map[string]any{"start_datetime": "2026-12-24 00:00:00", "end_datetime": "2026-12-26 00:00:00", "start_dow": json.Number("1")}}},
	} {
		f := c.Kind(x.kind).Field(x.field)
		file, live := f.Normal(x.file), f.Live(x.answer, "12037")
		if !reflect.DeepEqual(file, live) {
			t.Errorf("%s.%s: file %v gives %#v, answer %v gives %#v", x.kind, x.field, x.file, file, x.answer, live)
		}
	}
	if f := c.Kind("phone").Field("intercom"); f.Live(json.Number("0"), "") == nil {
		t.Error("intercom 0 answers at once; it is not the same as null")
	}
}

// Servers write numbers and yes or no as text, and yes or no as numbers. Where the kind
// leaves one reading, that is the value.
func TestSpokenValues(t *testing.T) {
	extension, settings := Builtin().Kind("extension"), Builtin().Root()
	for _, tt := range []struct {
		field *Field
		live  any
		want  any
	}{
		{extension.Field("ani_rfc3325"), "true", true}, {extension.Field("ani_rfc3325"), "False", false},
		{extension.Field("ani_rfc3325"), "1", true}, {extension.Field("ani_rfc3325"), json.Number("0"), false},
		{extension.Field("ani_rfc3325"), "perhaps", "perhaps"}, {extension.Field("ani_rfc3325"), json.Number("2"), int64(2)},
		{extension.Field("dial_rule_limit"), "5", int64(5)}, {extension.Field("dial_rule_limit"), "5.0", "5.0"},
		{extension.Field("label"), json.Number("5"), "5"}, {extension.Field("label"), "1", "1"},
		{settings.Field("presence"), "yes", true}, {settings.Field("presence"), false, false},
		{settings.Field("extension_len"), "3", int64(3)},
	} {
		if got := tt.field.Live(tt.live, "12037"); got != tt.want {
			t.Errorf("%s: %#v is %#v, wanted %#v", tt.field.Name, tt.live, got, tt.want)
		}
	}
}
