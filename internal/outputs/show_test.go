package outputs

import (
	"strings"
	"testing"
)

// show prints of a saved plan what plan printed, byte for byte and in every form: refusals, sums,
// sides, policies and times among it.
func TestShowIsPlan(t *testing.T) {
	planned := map[string][]byte{}
	count, refused := map[string]int{}, 0
	for _, o := range stories(t) {
		switch {
		case strings.Contains(o.line, " plan ") && strings.Contains(o.line, "--out plan.json"):
			planned[o.form] = o.text
		case o.command == "show" && o.line == "0 show plan.json":
			count[o.form]++
			if strings.Contains(string(o.text), "refused: ") {
				refused++
			}
			if string(planned[o.form]) != string(o.text) {
				t.Errorf("%s: show prints something else than plan did: %s", &o, unlike(string(planned[o.form]), string(o.text)))
			}
		}
	}
	t.Logf("plans shown: %v", count)
	if len(count) < 9 || count["html"] < 4 || refused == 0 {
		t.Errorf("too few: %v, %d refused", count, refused)
	}
}

// unlike shows where two texts part.
func unlike(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	from := max(0, n-60)
	return a[from:min(len(a), n+60)] + "\n--- but ---\n" + b[from:min(len(b), n+60)]
}
