package run

import (
	"encoding/json"
	"testing"

	"pbxsync/schema"
	"pbxsync/sync/record"
)

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
