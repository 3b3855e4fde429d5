package schema

import (
	"encoding/json"
	"fmt"
	"testing"
)

// What is kept of an answer is what the catalogue describes and may be written down: no secret, though
// a server should show one, and nothing that is only said at create.
func TestKnown(t *testing.T) {
	for kind, test := range map[string]struct{ row, want string }{
		"client_user": {`{"id": 7, "login": "ada", "password": "s3cr3t", "email_notify": true, "email_for_notify": "a@a.example", "status": "active", "color": "red"}`,
			`{"id":7,"login":"ada","status":"active"} [color]`},
		"local_agent": {`{"id": 8, "name": "Al", "status": {"status": "available"}}`, `{"id":8,"name":"Al"} []`},
		"interval":    {`{"name": "A", "conditions": [{"start_mday": 1, "shape": "round"}]}`, `{"conditions":[{"start_mday":1}],"name":"A"} [conditions.shape]`},
	} {
		var row map[string]any
		if err := json.Unmarshal([]byte(test.row), &row); err != nil {
			t.Fatal(err)
		}
		known, foreign := Builtin().Kind(kind).Known(row)
		data, err := json.Marshal(known)
		if got := string(data) + " " + fmt.Sprint(foreign); err != nil || got != test.want {
			t.Errorf("%s: %s, want %s (%v)", kind, got, test.want, err)
		}
	}
}

// Agents share a limit where they are of one extension, however that is named, and those of none do
// among themselves.
func TestLimitGroup(t *testing.T) {
	k := Builtin().Kind("local_agent")
	group := func(v any) string { return (&Object{Kind: k, Values: map[string]any{"extension": v}}).LimitGroup() }
	named := []any{"101", "102", Ref{ID: 5}.Value(), Ref{ID: 6}.Value(), Ref{Dealer: "x"}.Value(), nil}
	seen := map[string]any{}
	for _, v := range named {
		g := group(v)
		if other, known := seen[g]; known {
			t.Errorf("%v shares %q with %v", v, g, other)
		}
		seen[g] = v
	}
	if g := group("101"); g != "local_agent of extension/101" {
		t.Error(g)
	}
	if g := (&Object{Kind: Builtin().Kind("extension"), Key: "101"}).LimitGroup(); g != "extension" {
		t.Error(g)
	}
}
