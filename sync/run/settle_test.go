package run

import (
	"encoding/json"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/record"
)

// A server may fill in its default, no reference and no text; what it fills in otherwise is
// not known.
func TestByServer(t *testing.T) {
	text := &schema.Field{Type: "string"}
	for _, test := range []struct {
		what string
		f    *schema.Field
		now  any
		want bool
	}{
		{"no text", text, nil, true},
		{"an empty text", text, "", true},
		{"a text", text, "a", false},
		{"a word of a list", &schema.Field{Type: "string", Enum: []string{"a", "b"}}, "a", true},
		{"a text of a form", &schema.Field{Type: "string", Format: "uri"}, "a", true},
		{"no reference", &schema.Field{Type: "integer", Ref: &schema.Kind{}}, nil, true},
		{"a reference", &schema.Field{Type: "integer", Ref: &schema.Kind{}}, int64(1), false},
		{"a number", &schema.Field{Type: "integer"}, int64(1), true},
		{"the default", &schema.Field{Type: "string", Default: "a", HasDefault: true}, "a", true},
		{"another than the default", &schema.Field{Type: "string", Default: "a", HasDefault: true}, "b", false},
	} {
		if got := byServer(test.f, test.now); got != test.want {
			t.Errorf("%s: %v", test.what, got)
		}
	}
}

// A row that does not say which object it is may be the one that is looked for, so the
// search ends without a finding. "It was not made" would have it made once more.
func TestSearchAmongWrongRows(t *testing.T) {
	k := schema.Builtin().Kind("interval")
	right := map[string]any{"id": "5", "client_id": json.Number("12"), "name": "Office"}
	s := &search{kind: k, intent: &record.Intent{Key: "Office", Sent: map[string]any{}}}
	if f, err := s.among([]map[string]any{right}); err != nil || len(f.all) != 1 || f.all[0] != 5 {
		t.Errorf("%v, %v", f, err)
	}
	for name, v := range map[string]any{"id": true, "dealer_id": []any{}, "client_id": json.Number("1e308"), "name": map[string]any{}} {
		row := map[string]any{"id": json.Number("6"), "client_id": json.Number("12"), "name": "Office", name: v}
		if f, err := s.among([]map[string]any{right, row}); err == nil {
			t.Errorf("%s %v: %v", name, v, f)
		}
	}
}
