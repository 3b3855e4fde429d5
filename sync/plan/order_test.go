package plan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/observe"
	"pbxsync/sync/plan"
)

func TestOrder(t *testing.T) {
	p := order(t, observed(t, canned.Small(), canned.Wanted, 4))
	at := map[string]int{}
	for _, s := range p.Steps {
		at[s.Method+" "+s.Changes[0]] = s.Number
	}
	for _, tt := range [][2]string{
		{"POST extension_group/c", "PUT extension/101"},
		{"POST extension_group/c", "POST extension/104"},
		{"POST extension/104", "POST local_agent/L"},
		{"POST extension/104", "PUT did/49302"},
		{"PUT did/49301", "DELETE extension/102"},
		{"PUT did/49302", "DELETE extension/103"},
	} {
		first, second := at[tt[0]], at[tt[1]]
		if first == 0 || second == 0 || !slices.Contains(p.Steps[second-1].After, first) {
			t.Errorf("%s (%d) is not said to come before %s (%d)", tt[0], first, tt[1], second)
		}
	}
	if len(p.Steps) != 11 || at["DELETE extension_group/b"] == 0 || at["PUT extension_group/a"] == 0 || at["POST variable/C"] == 0 {
		t.Errorf("%d steps: %v", len(p.Steps), at)
	}
	if p.Pruned() != 1 || p.Count("delete") != 3 || p.Count("create") != 4 || p.Count("update") != 4 {
		t.Errorf("pruned %d, %d deletes, %d creates, %d updates", p.Pruned(), p.Count("delete"), p.Count("create"), p.Count("update"))
	}
}

// The server may answer in any order, and at any time: the plan is the same.
func TestSameBytes(t *testing.T) {
	want := canned.Bytes(t, order(t, observed(t, canned.Small(), canned.Wanted, 1)))
	for i := range 20 {
		r := rand.New(rand.NewPCG(uint64(i), 0))
		server := canned.Small()
		for _, rows := range server {
			if list, ok := rows.([]map[string]any); ok {
				r.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
			}
		}
		if got := canned.Bytes(t, order(t, observed(t, server, canned.Wanted, 1+i%8))); !bytes.Equal(got, want) {
			t.Fatalf("another plan:\n%s\nwanted\n%s", got, want)
		}
	}
}

// All variables go in one call, those that no file declares too.
func TestManyInOneCall(t *testing.T) {
	p := order(t, observed(t, canned.Small(), "version: 1\ntenant: acme\nvariables: {B: \"3\", D: \"4\"}\n", 1))
	if len(p.Steps) != 1 {
		t.Fatalf("%d steps", len(p.Steps))
	}
	data, _ := json.Marshal(p.Steps[0].Body)
	if got, want := string(data), `{"variables":[{"value":"1","var":"A"},{"value":"3","var":"B"},{"value":"4","var":"D"}]}`; got != want {
		t.Errorf("%s, wanted %s", got, want)
	}
	if p.Steps[0].Creates() {
		t.Error("what writes all of a kind may be sent twice")
	}
}

// The saved form gives the plan again, and what was spoilt is refused.
func TestSavedForm(t *testing.T) {
	p := order(t, observed(t, canned.Small(), canned.Wanted, 1))
	data := canned.Bytes(t, p)
	decoded, err := plan.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	desired, err := decoded.Desired(schema.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	s, err := observe.Observe(context.Background(), canned.Small(), desired, observe.Options{Catalogue: schema.Builtin()})
	if err != nil {
		t.Fatal(err)
	}
	if got := canned.Bytes(t, order(t, s)); !bytes.Equal(got, data) {
		t.Errorf("got\n%s\nwanted\n%s", got, data)
	}
	for _, text := range []string{"", "x", "[]", "1", `{"steps": 1}`, `{"wanted": {}}`} {
		if _, err := plan.Decode([]byte(text)); err == nil {
			t.Errorf("%q is a plan", text)
		}
	}
	for text, want := range map[string]string{
		`{"wanted": [{"address": "door/1", "kind": "door"}]}`:                                      "door is not known to this version",
		`{"wanted": [{"address": "extension/1/phone", "kind": "phone", "parent": "extension/1"}]}`: "the plan lacks extension/1",
	} {
		q, err := plan.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Desired(schema.Builtin()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
