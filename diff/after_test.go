package diff

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"testing"
)

// What will be there once all changes are carried out has nothing left to change, and what is
// there is left as it is.
func TestAfterProperty(t *testing.T) {
	changes := 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 2))
		have := world{map[string]string{}, map[string][2]string{}}
		have.move(r)
		have.move(r)
		want := have
		for range 3 {
			want = want.clone()
			want.move(r)
		}
		desired, l := declared(t, want.files(have)), liveOf(t, have.rows())
		if ps := append(l.Match(desired), l.Resolve(desired)...); len(ps) > 0 {
			t.Fatal(ps)
		}
		full := Compare(desired, l)
		after := full.After(l)
		if again := Compare(desired, l); len(again.Changes) != len(full.Changes) {
			t.Fatalf("seed %d: the live tenant has changed", seed)
		}
		next := NewLive(l.ID, l.Name, l.Prefix)
		next.Lists, next.read = maps.Clone(l.Lists), maps.Clone(l.read)
		for _, o := range after.Objects {
			next.Put(o)
		}
		next.Match(desired)
		if left := Compare(desired, next); len(left.Changes) > 0 {
			t.Fatalf("seed %d: %s %s is left: %+v", seed, left.Changes[0].Action, left.Changes[0].Address(), left.Changes[0].Fields)
		}
		changes += len(full.Changes)
	}
	if changes < 2000 {
		t.Errorf("%d changes only", changes)
	}
}

// What leaves is referred to no more, unless another takes its name.
func TestAfterDeletes(t *testing.T) {
	group := func(text string) any {
		desired, l := declared(t, text), liveOf(t, rows{
			"extension_group": {{"name": "a", "id": json.Number("1")}, {"name": "b", "id": json.Number("2")}},
			"extension":       {{"name": "12037*101", "id": json.Number("7"), "type": "queue", "status": "active", "extension_group_id": json.Number("1")}},
		})
		if ps := append(l.Match(desired), l.Resolve(desired)...); len(ps) > 0 {
			t.Fatal(ps)
		}
		for _, o := range Compare(desired, l).After(l).Objects {
			if o.Address() == "extension/101" {
				return o.Values["extension_group"]
			}
		}
		return "no extension"
	}
	for text, want := range map[string]any{
		"extension_groups: {b: {}}":             "a",
		"extension_groups: {a: {absent: true}}": nil,
		"extension_groups: {a: {absent: true}, b: {}}\nextensions: {\"101\": {extension_group: b}}": "b",
	} {
		if got := group(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
