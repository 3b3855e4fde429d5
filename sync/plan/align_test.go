package plan

import "testing"

// Over all short lists, no other calls lead to the wanted one with fewer of them: each deletes
// an item, changes one where it can be, or appends one.
func TestFewestCallsForAList(t *testing.T) {
	words := []string{""}
	for i := 0; i < len(words) && len(words[i]) < 4; i++ {
		for _, c := range "abc" {
			words = append(words, words[i]+string(c))
		}
	}
	for name, changeable := range map[string]func(a, b byte) bool{
		"all":  func(byte, byte) bool { return true },
		"none": func(byte, byte) bool { return false },
		"some": func(a, b byte) bool { return a != 'c' && b != 'c' },
	} {
		for _, live := range words {
			least := reached(live, changeable, 8)
			for _, want := range words {
				a := aligning{len(live), len(want), func(i, j int) bool { return live[i] == want[j] }, func(i, j int) bool { return changeable(live[i], want[j]) }}
				was := a.inOrder()
				n, inOrder := a.calls(was)
				if n != least[want] || !inOrder {
					t.Errorf("%s: %q to %q: %v takes %d calls, %d are enough", name, live, want, was, n, least[want])
				}
				other := a.anyOrder()
				if m, _ := a.calls(other); m > n || !fits(a, other) || !fits(a, was) {
					t.Errorf("%s: %q to %q: %v takes %d calls where %d are enough in order", name, live, want, other, m, n)
				}
			}
		}
	}
}

// Beyond what can be looked at pair by pair, items are paired by their places.
func TestLongListsArePairedByTheirPlaces(t *testing.T) {
	const n = 2000
	asked := 0
	a := aligning{n, n, func(i, j int) bool { asked++; return i == j+1 }, func(int, int) bool { asked++; return true }}
	was := a.inOrder()
	if calls, inOrder := a.calls(was); calls != n || !inOrder {
		t.Errorf("%d calls, in order: %v", calls, inOrder)
	}
	if asked > 4*n {
		t.Errorf("%d questions about %d items", asked, n)
	}
}

// fits reports whether each live item becomes one wanted item that it can become.
func fits(a aligning, was []int) bool {
	seen := map[int]bool{none: false}
	for j, i := range was {
		if i != none && (seen[i] || !a.pairs(i, j)) {
			return false
		}
		seen[i] = i != none
	}
	return true
}

// reached returns how many calls lead from a list to others, up to a depth.
func reached(from string, changeable func(a, b byte) bool, depth int) map[string]int {
	out, next := map[string]int{from: 0}, []string{from}
	for n := 1; n <= depth; n++ {
		var then []string
		put := func(s string) {
			if _, known := out[s]; !known && len(s) <= 4 {
				out[s] = n
				then = append(then, s)
			}
		}
		for _, s := range next {
			for i := range len(s) {
				put(s[:i] + s[i+1:])
				for _, c := range []byte("abc") {
					if changeable(s[i], c) {
						put(s[:i] + string(c) + s[i+1:])
					}
				}
			}
			for _, c := range "abc" {
				put(s + string(c))
			}
		}
		next = then
	}
	return out
}

// Long lists are paired by their places, and none is lost.
func TestLongListsByPlace(t *testing.T) {
	const long = 3000
	a := aligning{long, long + 2, func(i, j int) bool { return i == j && i%2 == 0 }, func(i, j int) bool { return i < long-10 }}
	was := a.inOrder()
	if n, inOrder := a.calls(was); !inOrder || !fits(a, was) || n != 1495+9+11 {
		t.Errorf("%d calls, in order: %v", n, inOrder)
	}
}
