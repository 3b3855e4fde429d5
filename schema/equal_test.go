package schema

import "testing"

func TestEqual(t *testing.T) {
	list := func(v ...any) []any { return v }
	obj := func(k string, v any) map[string]any { return map[string]any{k: v} }
	values := []any{nil, "", "a", "0", "1", int64(0), int64(1), 1.5, true, false,
		list(), list(nil), list("a"), list("a", "b"), list("b", "a"), list(list("a")), list(obj("a", nil)),
		map[string]any{}, obj("a", nil), obj("a", "b"), obj("b", "a"), obj("a", list("b")), obj("a", obj("b", int64(1)))}
	for i, a := range values {
		for j, b := range values {
			if got := Equal(a, b); got != (i == j) {
				t.Errorf("%#v and %#v: %v", a, b, got)
			}
		}
	}
}
