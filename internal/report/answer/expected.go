package answer

import (
	"time"

	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/expect"
	"pbxsync/schema/wording"
)

// Expectations are what became of the expectations of a tenant's calls.
type Expectations struct {
	Version      string        `json:"format_version"`
	Expectations []Expectation `json:"expectations"`
	Met          int           `json:"met"`
	Failed       int           `json:"failed"`
	Without      []string      `json:"without"`       // numbers of which nothing is expected
	Menus        []string      `json:"without_menus"` // that no expectation comes to
	Hours        []string      `json:"without_hours"` // of rules, that are on in no expectation
}

// Expectation is one of them at one time.
type Expectation struct {
	Place  schema.Place `json:"place"`
	Call   string       `json:"call"`
	From   string       `json:"from"`
	At     *time.Time   `json:"at"` // null: at any time
	Wanted string       `json:"wanted"`
	GoesTo string       `json:"goes_to"`
	Met    bool         `json:"met"`
}

// OfExpectations makes the document.
func OfExpectations(j *expect.Judged) *Expectations {
	all, met := j.Cases()
	out := &Expectations{Version: report.ListVersion, Expectations: []Expectation{}, Met: met, Failed: all - met, Without: append([]string{}, j.Without...),
		Menus: append([]string{}, j.Menus...), Hours: append([]string{}, j.Hours...)}
	for _, r := range j.Results {
		x := Expectation{Place: r.Place, Call: r.Call.Text, From: r.From.Text, Wanted: r.GoesTo.Text, GoesTo: r.Got, Met: r.Failed == nil}
		if !r.Time.IsZero() {
			x.At = &r.Time
		}
		out.Expectations = append(out.Expectations, x)
	}
	return out
}

// ExpectationsText tells what is not met, and how much was looked at.
func ExpectationsText(out *report.Printer, j *expect.Judged) {
	for _, p := range j.Failed() {
		out.Linef("%s", p)
	}
	all, met := j.Cases()
	out.Linef("%s, %d met", wording.CountOf(all, "expectation"), met)
	if len(j.Without) > 0 {
		out.Linef("nothing is expected of %s", wording.Few(j.Without))
	}
	if len(j.Menus) > 0 {
		out.Linef("no expectation comes to the menu of %s", wording.Few(j.Menus))
	}
	if len(j.Hours) > 0 {
		out.Linef("no expectation is at a time of %s", wording.Few(j.Hours))
	}
}
