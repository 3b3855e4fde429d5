package wording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/xrash/smetrics"

	"pbxsync/schema/alike"
)

// Names are names that somebody may have meant. Where many are looked for among many, they are
// indexed once.
type Names struct {
	sorted   []string
	skeleton map[string][]string // what looks the same, sorted
	forwards []spelled           // by their letters
	reversed []spelled           // by their letters from the end
}

// spelled is a name by the letters in which it is compared.
type spelled struct{ letters, name string }

// near is how many names on each side of a place in the order are looked at. A name with one
// wrong letter begins or ends as the one that was meant, so that stands near it in one of two orders.
const near = 64

// NamesOf indexes names.
func NamesOf(candidates []string) *Names {
	n := &Names{sorted: slices.Compact(slices.Sorted(slices.Values(candidates)))}
	if n.few() {
		return n
	}
	n.skeleton = map[string][]string{}
	for _, c := range n.sorted {
		s, letters := alike.Skeleton(c), strings.ToLower(c)
		n.skeleton[s] = append(n.skeleton[s], c)
		n.forwards = append(n.forwards, spelled{letters, c})
		n.reversed = append(n.reversed, spelled{backwards(letters), c})
	}
	slices.SortFunc(n.forwards, bySpelling)
	slices.SortFunc(n.reversed, bySpelling)
	return n
}

func (n *Names) few() bool { return len(n.sorted) <= 4*near }

func bySpelling(a, b spelled) int {
	return cmp.Or(strings.Compare(a.letters, b.letters), strings.Compare(a.name, b.name))
}

func backwards(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

// around returns the names that may be the nearest to one, sorted: all where there are few.
func (n *Names) around(name string) []string {
	if n.few() {
		return n.sorted
	}
	letters := strings.ToLower(name)
	out := beginnings(n.forwards, letters)
	for _, order := range []struct {
		names []spelled
		at    string
	}{{n.forwards, letters}, {n.reversed, backwards(letters)}} {
		i, _ := slices.BinarySearchFunc(order.names, spelled{letters: order.at}, bySpelling)
		for _, s := range order.names[max(0, i-near):min(len(order.names), i+near)] {
			out = append(out, s.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// beginnings returns the names with which another one begins.
func beginnings(names []spelled, letters string) []string {
	var out []string
	for n := 3; n < len(letters); n++ {
		at := spelled{letters: letters[:n]}
		for i, _ := slices.BinarySearchFunc(names, at, bySpelling); i < len(names) && names[i].letters == at.letters; i++ {
			out = append(out, names[i].name)
		}
	}
	return out
}

// Nearest returns the name that was probably meant, or "".
func (n *Names) Nearest(name string) string {
	best, bestDistance := "", 1+tolerance(len(name))
	letters := strings.ToLower(name)
	for _, c := range n.around(name) {
		if best == "" && len(c) > 2 && strings.HasPrefix(letters, c) {
			best = c // monday for mon
		}
		other := strings.ToLower(c)
		if len(other)-len(letters) >= bestDistance || len(letters)-len(other) >= bestDistance {
			continue
		}
		if d := distance(letters, other); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance counts the bytes that are more, less or other.
func distance(a, b string) int { return smetrics.WagnerFischer(a, b, 1, 1, 1) }

// DidYouMean asks for the name that was probably meant, or returns "".
func (n *Names) DidYouMean(name string) string {
	same := n.sorted
	if !n.few() {
		same = n.skeleton[alike.Skeleton(name)]
	}
	for _, c := range same {
		if why := alike.Why(name, c); why != "" {
			return fmt.Sprintf("did you mean %q? %s", c, why)
		}
	}
	if c := n.Nearest(name); c != "" {
		return fmt.Sprintf("did you mean %q?", c)
	}
	return ""
}
