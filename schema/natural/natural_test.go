package natural

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestKeysAreSortedAsPeopleDo(t *testing.T) {
	want := []string{"", "007", "9", "99", "0101", "101", "a2", "a10", "a10b", "b"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Compare)
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.StringMatching(`[a0-9]{0,4}`), 3, 3).Draw(t, "keys")
		if a, b := Compare(keys[0], keys[1]), Compare(keys[1], keys[0]); a != -b || a == 0 && keys[0] != keys[1] {
			t.Fatalf("%q: %d and %d", keys[:2], a, b)
		}
		slices.SortFunc(keys, Compare)
		if Compare(keys[0], keys[2]) > 0 {
			t.Fatalf("not an order: %q", keys)
		}
	})
}
