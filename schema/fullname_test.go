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
	number := field("phone", "external_number")
	const prefix = "12037"
	for _, tt := range []struct {
		field   *Field
		value   any
		want    any // the value itself where nil
		foreign []string
		prefix  string
	}{
		{number, "12037*101", "101", nil, prefix},
		{number, "12037*101, 12037*0102; or (12037*9)", "101, 0102; or (12037*9)", nil, prefix},
		{number, "12037*12037*101", nil, nil, prefix},
		{number, "112037*101", nil, []string{"112037*101"}, prefix},
		{number, "12037*10123", nil, nil, prefix},
		{number, "99999*101 12037*101 88888*44", "99999*101 101 88888*44", []string{"99999*101", "88888*44"}, prefix},
		{number, "*21", nil, nil, prefix},
		{number, "*21*101#", nil, nil, prefix},
		{number, "21*101", nil, nil, prefix},
		{number, "12037*", nil, nil, prefix},
		{number, "x12037*101", nil, nil, prefix},
		{number, "2*3", nil, nil, prefix},
		{number, "12037*101", nil, []string{"12037*101"}, "1203"},
		{field("remote_agent", "number"), "12037*101", "101", nil, prefix},
		{field("phone", "hangup_timeout"), int64(25), nil, nil, prefix},
		{label, "12037*101", nil, nil, prefix},
		{label, "99999*101", nil, []string{"99999*101"}, prefix},
		{label, "12037*101", nil, []string{"12037*101"}, "1203"},
		{field("settings", "call_interactive_url"), "https://x.example/12037*101", nil, nil, prefix},
		{field("variable", "value"), "https://x.example/99999*101", nil, nil, prefix},
		{field("variable", "value"), "12037*101", nil, nil, prefix},
		{field("client_user", "password"), "99999*101", nil, nil, prefix},
		{field("call_status", "property_list"), []any{"12037*101", "b"}, nil, nil, prefix},
		{field("dial_rule", "dial_rules"), []any{map[string]any{"match_exp": "12037*101", "repl_exp": "12037*101", "comment": "99999*101"}},
			nil, []string{"99999*101"}, prefix},
	} {
		if tt.want == nil {
			tt.want = tt.value
		}
		if got := tt.field.Short(tt.value, tt.prefix); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s %#v: %#v, want %#v", tt.field.Name, tt.value, got, tt.want)
		}
		if got := Foreign(tt.field, tt.value, tt.prefix); !reflect.DeepEqual(got, tt.foreign) {
			t.Errorf("%s %#v: foreign %q, want %q", tt.field.Name, tt.value, got, tt.foreign)
		}
		if got := tt.field.Short(tt.value, ""); !reflect.DeepEqual(got, tt.value) {
			t.Errorf("%s %#v: %#v without a prefix", tt.field.Name, tt.value, got)
		}
	}
}

// TestOnlyNumbersAreShortened goes through every text of every kind: what the kind's file
// does not call a number is text, whatever it looks like.
func TestOnlyNumbersAreShortened(t *testing.T) {
	numbers := 0
	for _, k := range Builtin().Kinds {
		eachField(k.Fields, func(f *Field) {
			if f.Type != "string" {
				return
			}
			want := any("12037*101")
			if f.NumberOf != nil {
				want, numbers = "101", numbers+1
			}
			if got := f.Short("12037*101", "12037"); got != want {
				t.Errorf("%s.%s: 12037*101 is compared as %v, want %v", k.Word, f.Name, got, want)
			}
		})
	}
	if numbers == 0 {
		t.Error("no kind has a number")
	}
}

func eachField(fields []*Field, visit func(*Field)) {
	for _, f := range fields {
		visit(f)
		eachField(f.Fields, visit)
		if f.Items != nil {
			eachField([]*Field{f.Items}, visit)
		}
	}
}

// TestShortTwiceIsShort tries any text that has the prefix in it.
func TestShortTwiceIsShort(t *testing.T) {
	f := Builtin().Kind("phone").Field("external_number")
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
