package schema

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestRef(t *testing.T) {
	for _, v := range []any{nil, "101", map[string]any{"id": int64(5)}, map[string]any{"dealer": "Busy"}} {
		if got := RefOf(v).Value(); !reflect.DeepEqual(got, v) {
			t.Errorf("%v comes back as %v", v, got)
		}
	}
	for _, v := range []any{json.Number("5"), 5.0, int64(5)} {
		if r := RefOf(map[string]any{"id": v}); r != (Ref{ID: 5}) {
			t.Errorf("%T: %+v", v, r)
		}
	}
	for _, v := range []any{true, int64(5), []any{"101"}, map[string]any{}, map[string]any{"id": "x", "dealer": 1}} {
		if r := RefOf(v); r != (Ref{}) {
			t.Errorf("%v is no reference, and reads as %+v", v, r)
		}
	}
}
