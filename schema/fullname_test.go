package schema

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestShort(t *testing.T) {
	c := Builtin()
	field := func(kind, name string) *Field { return c.Kind(kind).Field(name) }
	label := field("extension", "label")
	for _, tt := range []struct {
		field      *Field
		value      any
		want       any
		foreign    []string
		withPrefix string
	}{
		{label, "12037*101", "101", nil, "12037"},
		{label, "call 12037*101, 12037*0102; or (12037*9)", "call 101, 0102; or (12037*9)", nil, "12037"},
		{label, "12037*12037*101", "12037*12037*101", nil, "12037"},
		{label, "112037*101", "112037*101", []string{"112037*101"}, "12037"},
		{label, "12037*10123", "12037*10123", nil, "12037"},
		{label, "99999*101", "99999*101", []string{"99999*101"}, "12037"},
		{label, "99999*101 12037*101 88888*44", "99999*101 101 88888*44", []string{"99999*101", "88888*44"}, "12037"},
		{label, "*21", "*21", nil, "12037"},
		{label, "*21*101#", "*21*101#", nil, "12037"},
		{label, "21*101", "21*101", nil, "12037"},
		{label, "12037*", "12037*", nil, "12037"},
		{label, "x12037*101", "x12037*101", nil, "12037"},
		{label, "2*3", "2*3", nil, "12037"},
		{label, nil, nil, nil, "12037"},
		{field("phone", "external_number"), "12037*101", "101", nil, "12037"},
		{field("phone", "hangup_timeout"), int64(25), int64(25), nil, "12037"},
		{field("settings", "call_interactive_url"), "https://x.example/12037*101", "https://x.example/12037*101", nil, "12037"},
		{field("variable", "value"), "https://x.example/99999*101", "https://x.example/99999*101", nil, "12037"},
		{field("client_user", "password"), "99999*101", "99999*101", nil, "12037"},
		{field("call_status", "property_list"), []any{"12037*101", "b"}, []any{"101", "b"}, nil, "12037"},
		{field("dial_rule", "dial_rules"), []any{map[string]any{"match_exp": "12037*101", "repl_exp": "12037*101", "comment": "99999*101"}},
			[]any{map[string]any{"match_exp": "12037*101", "repl_exp": "101", "comment": "99999*101"}}, []string{"99999*101"}, "12037"},
		{label, "12037*101", "12037*101", []string{"12037*101"}, "1203"},
	} {
		if got := tt.field.Short(tt.value, tt.withPrefix); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s %#v: %#v, want %#v", tt.field.Name, tt.value, got, tt.want)
		}
		if got := tt.field.foreign(tt.value, tt.withPrefix); !reflect.DeepEqual(got, tt.foreign) {
			t.Errorf("%s %#v: foreign %q, want %q", tt.field.Name, tt.value, got, tt.foreign)
		}
		if got := tt.field.Short(tt.value, ""); !reflect.DeepEqual(got, tt.value) {
			t.Errorf("%s %#v: %#v without a prefix", tt.field.Name, tt.value, got)
		}
	}
}

// TestShortTwiceIsShort tries any text that has the prefix in it.
func TestShortTwiceIsShort(t *testing.T) {
	f := Builtin().Kind("extension").Field("label")
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{"12037*", "101", "*", " ", ",", "(", "x", "99999*101", "Ä", "\xff", "12037*101"})).Draw(t, "parts")
		s := strings.Join(parts, "")
		once := f.Short(s, "12037").(string)
		if f.Short(once, "12037") != once {
			t.Fatalf("%q became %q and then something else", s, once)
		}
		if strings.ReplaceAll(s, "12037*", "") != strings.ReplaceAll(once, "12037*", "") {
			t.Fatalf("%q became %q", s, once)
		}
	})
}
