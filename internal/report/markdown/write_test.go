package markdown

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

const hostile = "</details> @team `x` | <!-- --> [a](javascript:x) ![](http://e.example/x) www.e.example #12 $x$ **b**\n# h"

func sample(changes int) *report.Report {
	r := report.New("plan")
	r.Tenant, r.Path = &plan.TenantID{ID: 1, Name: "acme --> <b>", Prefix: "1"}, "acme"
	for i := range changes {
		a := fmt.Sprintf("extension/%d", i)
		r.Changes = append(r.Changes, report.Change{Address: a, Kind: "extension", Action: diff.Update, Reason: "differs",
			Fields: []report.Field{{Name: "label", Before: hostile, After: fmt.Sprint(hostile, i), Place: schema.Place{File: "a|b.yaml", Line: 1, Column: 1}}}})
	}
	r.Notes = []string{hostile}
	r.Judge("fine")
	return r
}

func written(t *testing.T, r *report.Report, budget int) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, r, budget); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Whatever the budget, what is opened is closed, the mark stands first, and all is said at least by groups.
func TestBudget(t *testing.T) {
	for _, n := range []int{0, 1, 20, 3000} {
		r := sample(n)
		for _, budget := range []int{2500, 5000, 60000, 0} {
			got := written(t, r, budget)
			if budget > 0 && len(got) > budget {
				t.Errorf("%d changes: %d bytes of %d", n, len(got), budget)
			}
			if a, b := strings.Count(got, "<details"), strings.Count(got, "</details>"); a != b {
				t.Errorf("%d changes, budget %d: %d opened, %d closed", n, budget, a, b)
			}
			if !strings.HasPrefix(got, "<!-- pbxsync: acme %2D%2D%3E %3Cb%3E -->\n") {
				t.Error(got[:80])
			}
			if said := strings.Contains(got, "extension"); n > 0 && !said {
				t.Errorf("%d changes, budget %d: nothing is said of them", n, budget)
			}
			if cut := n == 3000 && budget > 0; cut != strings.Contains(got, "Left out here") && n != 20 {
				t.Errorf("%d changes, budget %d: what is left out is not said, or said without need", n, budget)
			}
		}
	}
	err := Write(&strings.Builder{}, sample(1), 100)
	if err == nil || !regexp.MustCompile(`needs [0-9]+ bytes, and --budget allows 100`).MatchString(err.Error()) {
		t.Error(err)
	}
}

// Foreign text is nothing but text.
func TestHostile(t *testing.T) {
	got := written(t, sample(2), 0)
	for _, bad := range []string{"@team", "`x`", "](", "![", "http://", "www.", " #12", "$x$", "**b**", "\n# h", "| <!--"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q stands in the comment", bad)
		}
	}
	for line := range strings.Lines(got) {
		if cells := strings.Count(line, "|"); strings.HasPrefix(line, "| ") && cells != 6 {
			t.Errorf("%d bars: %s", cells, line)
		}
	}
}
