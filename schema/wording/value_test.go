package wording

import (
	"encoding/json"
	"testing"
)

func TestValue(t *testing.T) {
	for _, tt := range []struct {
		v           any
		alone, told string
	}{
		{nil, "null", "null"},
		{"Front desk", "Front desk", `"Front desk"`},
		{"", `""`, `""`},
		{" a", `" a"`, `" a"`},
		{"a: <b>", `"a: <b>"`, `"a: <b>"`},
		{"a\nb", `"a\nb"`, `"a\nb"`},
		{"null", `"null"`, `"null"`},
		{int64(9007199254740993), "9007199254740993", "9007199254740993"},
		{json.Number("1.50"), "1.50", "1.50"},
		{1e6, "1000000", "1000000"},
		{true, "true", "true"},
		{[]any{"a", int64(1)}, "[a, 1]", `["a", 1]`},
		{map[string]any{"b": nil, "a": "x"}, "{a: x, b: null}", `{a: "x", b: null}`},
		{map[string]any{"dealer": "X"}, "{dealer: X}", `{dealer: "X"}`},
	} {
		if got := Value(tt.v); got != tt.alone {
			t.Errorf("%#v alone: %s, wanted %s", tt.v, got, tt.alone)
		}
		if got := InWords(tt.v); got != tt.told {
			t.Errorf("%#v in a sentence: %s, wanted %s", tt.v, got, tt.told)
		}
	}
}
