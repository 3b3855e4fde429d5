package page

import (
	"crypto/sha256"
	_ "embed" // for the page, its style and its script
	"encoding/base64"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"pbxsync/internal/report"
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
	return template.Must(template.New("page").Funcs(template.FuncMap{"value": value, "clean": report.Clean, "join": strings.Join, "thousands": wording.Thousands}).Parse(body))
})

// Write writes the page.
func Write(w io.Writer, r *report.Report) error { return parsed().Execute(w, newPage(r)) }

// page is what the template shows.
type page struct {
	Policy  string
	Style   template.CSS
	Script  template.JS
	Title   string
	Report  *report.Report
	Risks   []risk
	Kinds   []string
	Actions []string
	Changes []change
	Waves   []wave
	Graph   *graph // nil: there are too many steps to be drawn
	Command string
}

// risk is a class that some changes have.
type risk struct {
	Word, Means string
	Count       int
}

// change is one change as it is shown and found.
type change struct {
	*report.Change
	Number int
	Sign   string
	Search string // what a text is looked for in, in small letters
}

var signs = map[string]string{"create": "+", "update": "~", "rename": "~", "replace": "±", "delete": "−"}

func newPage(r *report.Report) *page {
	p := &page{Report: r, Style: template.CSS(style), Script: template.JS(script), Title: title(r), Command: r.ApplyCommand()}
	p.Policy = "default-src 'none'; style-src '" + digest(style) + "'; script-src '" + digest(script) + "'; base-uri 'none'; form-action 'none'"
	for _, c := range report.Classes {
		if n := r.Risks[c.Word]; n > 0 {
			p.Risks = append(p.Risks, risk{c.Word, c.Means, n})
		}
	}
	kinds, actions := map[string]bool{}, map[string]bool{}
	for _, g := range r.Groups(true) { // the worst first
		for _, c := range g.Changes {
			p.add(c)
			for _, part := range g.Parts[c.Address] {
				p.add(part)
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

func (p *page) add(c *report.Change) {
	text := []string{c.Address, string(c.Action), c.Reason, strings.Join(c.Risks, " "), c.Place.String()}
	for _, f := range c.Fields {
		text = append(text, f.Name, value(f.Before), value(f.After))
	}
	p.Changes = append(p.Changes, change{Change: c, Number: len(p.Changes) + 1, Sign: signs[string(c.Action)], Search: strings.ToLower(strings.Join(text, " "))})
}

func title(r *report.Report) string {
	if r.Tenant == nil || r.Tenant.Name == "" {
		return "pbxsync " + r.Command
	}
	return "pbxsync " + r.Command + ": " + report.Clean(r.Tenant.Name)
}

// value is a value as it is shown. What is not known or not there is said so.
func value(v any) string {
	const longest, kept = 2000, 1500
	return report.Clean(wording.Cut(wording.Value(v), longest, kept))
}

// digest is the source of a style or a script in a content security policy.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
