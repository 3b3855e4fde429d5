package findings

import (
	"cmp"
	"io"
	"path"

	"pbxsync/internal/report"
)

type quality struct {
	Description string          `json:"description"`
	CheckName   string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"`
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

var severities = [...]string{failure: "blocker", warning: "major", notice: "info"}

// CodeQuality writes the findings as GitLab reads them. Each needs a place: what has none stands
// at the first line of the files that were read.
func CodeQuality(w io.Writer, r *report.Report) error {
	out := []quality{}
	for _, f := range of(r) {
		q := quality{Description: f.text, CheckName: f.rule, Fingerprint: f.fingerprint(tenant(r)), Severity: severities[f.level]}
		q.Location.Path, q.Location.Lines.Begin = path.Clean(cmp.Or(f.place.File, r.Path)), max(1, f.place.Line)
		out = append(out, q)
	}
	return report.JSON(w, out)
}
