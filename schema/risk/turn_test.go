package risk

import (
	"fmt"
	"testing"
)

func TestDirections(t *testing.T) {
	list := func(l ...any) []any { return l }
	for _, test := range []struct {
		way     string
		was, is any
		want    bool
		first   bool // a new object with that value is of it too
	}{
		{"to blocked", "active", "blocked", true, true},
		{"to blocked", nil, "blocked", true, true},
		{"to blocked", "blocked", "active", false, false},
		{"to false", true, false, true, true},
		{"from blocked", "blocked", "active", true, false},
		{"from blocked", "active", "blocked", false, false},
		{"any", "a", "b", true, false},
		{"set", nil, "b", true, true},
		{"set", "a", "b", false, true},
		{"set", nil, int64(0), true, true},
		{"cleared", "a", nil, true, false},
		{"cleared", list("a"), list(), true, false},
		{"cleared", nil, "a", false, false},
		{"on", nil, true, true, true},
		{"on", true, nil, false, false},
		{"off", true, nil, true, false},
		{"off", false, true, false, false},
		{"raised", int64(1), int64(2), true, false},
		{"raised", int64(10), int64(9), false, false},
		{"raised", int64(9), nil, true, false},
		{"raised", int64(9), int64(0), true, false},
		{"lowered", int64(10), int64(9), true, false},
		{"lowered", nil, int64(9), true, false},
		{"lowered", int64(0), int64(9), true, false},
		{"lowered", int64(9), int64(10), false, false},
		{"widened", list("10.0.0.0/24"), list("10.0.0.0/8"), true, true},
		{"widened", list("10.0.0.0/8"), list("10.0.0.0/24", "10.1.2.3/32"), false, true},
		{"widened", list("10.0.0.0/8"), list("10.1.2.3"), false, true},
		{"narrowed", list("10.0.0.0/8"), list("10.0.0.0/24"), true, false},
		{"narrowed", list("a", "b"), list("b", "a"), false, false},
		{"widened", "DE", "DE AT", true, false},
		{"widened", "*", "DE", false, false},
		{"narrowed", "*", "DE", true, false},
		{"widened", "DE", "*", true, true},
		{"widened", "a@x,b@x", "b@x,a@x", false, false},
		{"widened", list(map[string]any{"to": "a", "note": "x"}), list(map[string]any{"to": "a", "note": "y"}), false, true},
		{"narrowed", list(map[string]any{"to": "a"}), list(map[string]any{"to": "b"}), true, false},
		{"narrowed", map[string]any{"102": map[string]any{"on": true}}, map[string]any{"103": map[string]any{"on": true}}, true, false},
		{"reordered", list("a", "b"), list("b", "a"), true, false},
		{"reordered", list("a", "b"), list("b"), false, false},
		{"outside", "101", "+4930123", true, true},
		{"outside", "+4930123", "101", false, false},
		{"outside", "+4930123", nil, false, false},
		{"host", "https://a.example/x", "https://b.example/x", true, true},
		{"host", "https://A.example/x", "https://a.example/y", false, true},
		{"host", "10.0.0.1:5060", "10.0.0.2:5060", true, true},
		{"host", "https://a.example/x", nil, false, false},
		{"unencrypted", "https://a.example", "http://a.example", true, true},
		{"unencrypted", "http://a.example", "http://b.example", false, true},
		{"unencrypted", "http://a.example", "https://a.example", false, false},
	} {
		rs, err := Of(map[string]any{"opens": test.way, "cuts": test.way, "unlimited": int64(0), "aside": "note"}, false)
		if err != nil {
			t.Fatal(err)
		}
		want := []Class{}
		if test.want {
			want = []Class{Cuts, Opens}
		}
		if got := rs.Of(Turn{Was: test.was, Is: test.is}); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v -> %v: %v, wanted %v", test.way, test.was, test.is, got, want)
		}
		want = []Class{}
		if test.first {
			want = []Class{Opens} // what is new cuts nothing off
		}
		if got := rs.Of(Turn{Is: test.is, New: true}); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: new, %v: %v, wanted %v", test.way, test.is, got, want)
		}
	}
}

func TestRulesAreRefused(t *testing.T) {
	for _, data := range []any{"cuts", map[string]any{"cut": "any"}, map[string]any{"cuts": "gone"}, map[string]any{"cuts": "to"},
		map[string]any{"cuts": "any more"}, map[string]any{"cuts": "deleted"}, map[string]any{"cuts": 7}, map[string]any{"cuts": []any{7}}} {
		if _, err := Of(data, false); err == nil {
			t.Errorf("%v is accepted", data)
		}
	}
	if _, err := Of(map[string]any{"cuts": "lowered"}, true); err == nil {
		t.Error("a direction of fields is accepted at a kind")
	}
}

func TestEachWordHasAMeaning(t *testing.T) {
	for _, m := range Ways() {
		if m.Text == "" {
			t.Errorf("%s means nothing", m.Way)
		}
	}
	for _, c := range Classes() {
		if c.Meaning() == "" || !c.Known() {
			t.Errorf("%s means nothing", c)
		}
	}
	if got := Sorted([]Class{Exposes, Cuts, Exposes}); fmt.Sprint(got) != "[cuts exposes]" {
		t.Error(got)
	}
}
