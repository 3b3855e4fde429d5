package wording

import (
	"fmt"
	"slices"
	"testing"
)

// Among many names the one that was meant is found as among few: one letter more, less, wrong or
// moved, other capitals, and a name with which the wrong one begins.
func TestNearestOfMany(t *testing.T) {
	var names []string
	for i := range 3000 {
		names = append(names, fmt.Sprintf("Department %04d", i))
	}
	names = append(names, "mon", "Sales", "Büro Süd", "office-hours")
	many := NamesOf(names)
	for said, want := range map[string]string{"monday": "mon", "sales": "Sales", "Salse": "Sales", "Büro Sud": "Büro Süd", "offixe-hours": "office-hours",
		"Depratment 1234": "Department 1234", "Department 12345": "Department 1234", "Xepartment 0007": "Department 0007", "nothing of the kind": ""} {
		if got := many.Nearest(said); got != want {
			t.Errorf("%s: %q, wanted %q", said, got, want)
		}
	}
	for i := 0; i < 3000; i += 37 {
		name := []byte(fmt.Sprintf("Department %04d", i))
		for at := range name {
			said := slices.Clone(name)
			said[at] = '?'
			if got := many.Nearest(string(said)); got == "" || distance(string(said), got) != 1 {
				t.Errorf("%s: %q, and %q is one letter off", said, got, name)
			}
		}
	}
	if got := many.DidYouMean("SALES"); got != `did you mean "Sales"? the two differ in capital letters` {
		t.Error(got)
	}
	if got := many.DidYouMean("xyz"); got != "" {
		t.Error(got)
	}
}

// A wrong name costs the same among many as among more.
func TestNearestIsCheap(t *testing.T) {
	allocs := func(n int) float64 {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf("Department %05d", i))
		}
		many := NamesOf(names)
		return testing.AllocsPerRun(5, func() { many.DidYouMean("Depratment 00512") })
	}
	if few, more := allocs(1000), allocs(4000); more > 1.1*few {
		t.Errorf("%v allocations among 1,000 names, %v among 4,000", few, more)
	}
}
