package page

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
)

// hostile are names that would be more than names where a page did not heed them.
var hostile = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><script>alert(1)</script>`, "javascript:alert(1)", "{{.Title}}", "a\u202eb\u0007", `' onmouseover='alert(1)`, "]]>&amp;<!--"}

// many is a report of n changes: of each action, with risks, and steps that wait for each other.
func many(n int) *report.Report {
	r := report.New("plan")
	r.Path, r.Tenant = "acme", &plan.TenantID{ID: 12, Name: "acme " + hostile[0], Prefix: "12037"}
	actions := []diff.Action{diff.Update, diff.Create, diff.Delete, diff.Replace, diff.Rename}
	for i := range n {
		c := report.Change{Address: fmt.Sprintf("extension/%d", i), Kind: "extension", Action: actions[i%len(actions)], Reason: "differs", Place: schema.Place{File: "acme/tenant.yaml", Line: i + 1, Column: 3}, Steps: []int{i + 1}}
		if i%7 == 0 {
			c.Kind, c.Address = "did", fmt.Sprintf("did/%d", i)
		}
		name := hostile[i%len(hostile)]
		c.Fields = []report.Field{{Name: "label", Before: name, After: fmt.Sprintf("Desk %d", i), Place: c.Place}, {Name: "status", Before: "active", After: "blocked"}}
		if i%5 == 0 {
			c.Risks = []risk.Class{risk.Cuts}
			c.Fields[1].Risks = c.Risks
			r.Risks[risk.Cuts]++
		}
		if i < len(hostile) {
			c.Address += "/" + name
		}
		r.Changes = append(r.Changes, c)
		s := report.Step{Number: i + 1, Method: []string{"PUT", "POST", "DELETE"}[i%3], Path: "/extension/{" + c.Address + "}/", Changes: []string{c.Address}}
		if i >= 10 {
			s.After = []int{i - 9}
		}
		r.Steps = append(r.Steps, s)
	}
	r.Guards = []report.Guard{{Sentence: hostile[1]}}
	r.Judge("refused")
	return r
}

func written(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What names hold is text and no markup, the page fetches nothing, and is the same each time.
func TestPageIsSafe(t *testing.T) {
	r := many(40)
	html := written(t, r)
	if again := written(t, r); again != html {
		t.Error("the same report gave two pages")
	}
	if n := strings.Count(html, "<script"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	for _, bad := range []string{"<img", "onerror=alert(1)>", "http:", "https:", "url(", "@import", "\u202e", "\u0007"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, c := range r.Changes {
		if !strings.Contains(html, "acme/tenant.yaml:"+fmt.Sprint(c.Place.Line)+":3") {
			t.Errorf("%s is not in the page", c.Address)
		}
	}
}

// A secret is taken out before markup changes its letters.
func TestPageIsMasked(t *testing.T) {
	r := many(5)
	const secret = `a<b>&"c`
	r.Changes[0].Fields[0].After, r.Changes[1].Reason, r.Guards[0].Sentence = secret, "is "+secret, secret
	var mask report.Mask
	mask.Hide(secret)
	var b bytes.Buffer
	if err := Write(&b, r, mask.Text); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	for _, form := range []string{secret, "a&lt;b", "a&amp;lt;"} {
		if strings.Contains(html, form) {
			t.Errorf("the page holds %q", form)
		}
	}
	if n := strings.Count(html, "[secret]"); n < 4 {
		t.Errorf("%d places are masked", n)
	}
}

// A report without changes, steps or a tenant is a page, too.
func TestEmptyPage(t *testing.T) {
	html := written(t, report.New("validate"))
	if !strings.Contains(html, "There is none.") || strings.Contains(html, "<form") {
		t.Error(html)
	}
}

// A wave holds what can be sent at once, behind all that it waits for.
func TestWaves(t *testing.T) {
	steps := []report.Step{{Number: 1}, {Number: 2, After: []int{1}}, {Number: 3}, {Number: 4, After: []int{2, 3}}}
	got := ""
	for _, w := range waves(steps, nil) {
		for _, s := range w.Steps {
			got += fmt.Sprint(w.Number, ":", s.Number, " ")
		}
	}
	if got != "1:1 1:3 2:2 3:4 " {
		t.Error(got)
	}
	if g := draw(waves(steps, nil)); len(g.Nodes) != 4 || len(g.Edges) != 3 {
		t.Errorf("%+v", g)
	}
}
