package page

import (
	"crypto/sha256"
	_ "embed" // for the page, its style and its script
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"pbxsync/internal/report"
	"pbxsync/schema/risk"
	"pbxsync/schema/wording"
)

//go:embed page.html
var body string

//go:embed style.css
var style string

//go:embed script.js
var script string

// parsed is the page, which most runs do not need.
var parsed = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(masked(nil).funcs()).Parse(body))
})

// Write writes the page. Secrets are taken out of each text before markup could hide them; mask
// is nil where there are none.
func Write(w io.Writer, r *report.Report, mask func(string) string) error {
	t, err := parsed().Clone()
	if err != nil {
		return err
	}
	return t.Funcs(masked(mask).funcs()).Execute(w, newPage(r, masked(mask)))
}

// masked takes secrets out of texts, and makes them harmless.
type masked func(string) string

func (m masked) funcs() template.FuncMap {
	return template.FuncMap{"shown": m.value, "clean": m.clean, "classes": words, "places": report.RulePlaces, "answers": report.AnswerLines}
}

func (m masked) clean(text any) string {
	s := fmt.Sprint(text)
	if m != nil {
		s = m(s)
	}
	return report.Clean(s)
}

// value is a value as it is shown.
func (m masked) value(v any) string {
	const longest, kept = 2000, 1500
	text := wording.Value(v)
	if m != nil {
		text = m(text)
	}
	return report.Clean(wording.Cut(text, longest, kept))
}

// page is what the template shows.
type page struct {
	Policy  string
	Style   template.CSS
	Script  template.JS
	Title   string
	Report  *report.Report
	Risks   []class
	Kinds   []string
	Actions []string
	Changes []change
	Waves   []wave
	Graph   *graph // nil: there are too many steps to be drawn
	Command string
}

// class is a class of risk that some changes have.
type class struct {
	Word, Means string
	Count       int
}

// change is one change as it is shown and found.
type change struct {
	*report.Change
	Number int
	Sign   string
	Brief  string // the first fields in few words, so that nobody has to open each
	Search string // what a text is looked for in, in small letters
}

var signs = map[string]string{"create": "+", "update": "~", "rename": "~", "replace": "±", "delete": "−",
	"changed": "~", "renamed": "~", "deleted": "−", "appeared": "+", "pending": "→"}

func newPage(r *report.Report, m masked) *page {
	r = r.InTime()
	p := &page{Report: r, Style: template.CSS(style), Script: template.JS(script), Title: title(r), Command: r.ApplyCommand()}
	p.Policy = "default-src 'none'; style-src '" + digest(style) + "'; script-src '" + digest(script) + "'; base-uri 'none'; form-action 'none'"
	for _, c := range risk.Classes() {
		if n := r.Risks[c]; n > 0 {
			p.Risks = append(p.Risks, class{string(c), c.Meaning(), n})
		}
	}
	kinds, actions := map[string]bool{}, map[string]bool{}
	for _, g := range r.Groups(true) { // the worst first
		for _, c := range g.Changes {
			p.add(c, m)
			for _, part := range g.Parts[c.Address] {
				p.add(part, m)
			}
		}
	}
	for _, c := range p.Changes {
		kinds[c.Kind], actions[string(c.Action)] = true, true
	}
	p.Kinds, p.Actions = slices.Sorted(maps.Keys(kinds)), slices.Sorted(maps.Keys(actions))
	numbers := map[string]int{}
	for _, c := range p.Changes {
		numbers[c.Address] = c.Number
	}
	p.Waves = waves(r.Steps, numbers)
	p.Graph = draw(p.Waves)
	return p
}

func (p *page) add(c *report.Change, m masked) {
	text := []string{c.Address, string(c.Action), c.Reason, report.Classes(c.Risks), c.Place.String()}
	for _, f := range c.Fields {
		text = append(text, f.Name, m.value(f.Before), m.value(f.After))
	}
	p.Changes = append(p.Changes, change{Change: c, Number: len(p.Changes) + 1, Sign: signs[string(c.Action)], Brief: m.brief(c), Search: strings.ToLower(strings.Join(text, " "))})
}

func title(r *report.Report) string {
	if r.Tenant == nil || r.Tenant.Name == "" {
		return "pbxsync " + r.Command
	}
	return "pbxsync " + r.Command + ": " + report.Clean(r.Tenant.Name)
}

// brief tells the first two fields of an object that stays.
func (m masked) brief(c *report.Change) string {
	const most, longest, kept = 2, 60, 30
	var parts []string
	for i, f := range c.Fields {
		if f.First {
			return ""
		}
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(c.Fields)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%s: %s → %s", f.Name, wording.Cut(m.value(f.Before), longest, kept), wording.Cut(m.value(f.After), longest, kept)))
	}
	return strings.Join(parts, "; ")
}

// words are the classes of risks as an attribute has them.
func words(list []risk.Class) string { return strings.ReplaceAll(report.Classes(list), ",", "") }

// digest is the source of a style or a script in a content security policy.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
