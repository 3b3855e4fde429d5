package findings

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/report"
	"pbxsync/schema"
	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
)

func sample() *report.Report {
	r := report.New("plan")
	r.Tenant = &plan.TenantID{Name: "acme\n::error::x", Prefix: "1"}
	r.Objects = []string{"extension/1", "extension/2"}
	r.Guards = []report.Guard{{ID: "loss", Sentence: "100% of it\n::error::gone"}}
	for i := range 15 {
		at := schema.Place{File: "a,b:c.yaml", Line: i + 1, Column: 3}
		r.Changes = append(r.Changes, report.Change{Address: fmt.Sprintf("extension/%d", i), Kind: "extension", Action: diff.Update, Place: at,
			Risks: []risk.Class{risk.Cuts}, Fields: []report.Field{{Name: "status", Before: "<active>", After: "blocked", Place: at}}})
	}
	r.Judge("refused")
	return r
}

// What foreign text says is no command of its own, and no more is written than is shown.
func TestGitHub(t *testing.T) {
	var b bytes.Buffer
	if err := GitHub(&b, sample()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 1+shown+1 || !strings.HasPrefix(lines[0], `::error title=pbxsync refused-loss::100%25 of it\n`) {
		t.Errorf("%d lines: %s", len(lines), b.String())
	}
	if want := "::warning title=pbxsync risk-cuts,file=a%2Cb%3Ac.yaml,line=1,col=3::cuts: extension/0: update: status"; lines[1] != want {
		t.Errorf("got  %s\nwant %s", lines[1], want)
	}
	if !strings.Contains(lines[len(lines)-1], "5 more warnings are not shown here") {
		t.Error(lines[len(lines)-1])
	}
}

// Each form is well formed, and the name of a finding does not depend on its line.
func TestForms(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *report.Report) error{"sarif": SARIF, "codequality": CodeQuality} {
		var b bytes.Buffer
		if err := write(&b, sample()); err != nil || !json.Valid(b.Bytes()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, b := of(sample()), of(sample())
	b[3].place.Line += 7
	if a[3].fingerprint("x") != b[3].fingerprint("x") || a[3].fingerprint("x") == a[4].fingerprint("x") {
		t.Error("fingerprints do not name findings")
	}
	var doc junitSuites
	var out bytes.Buffer
	if err := JUnit(&out, sample()); err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(out.Bytes(), &doc); err != nil || len(doc.Suites) != 1 || doc.Suites[0].Tests != 16 || doc.Suites[0].Failures != 1 {
		t.Errorf("%v: %s", err, out.String())
	}
}

// A path is no address: what stands before a colon is no scheme, and what begins with ./ is the same file.
func TestPaths(t *testing.T) {
	r := report.New("plan")
	r.Errors = schema.Problems{{Place: schema.Place{File: "a:b 1%.yaml", Line: 2, Column: 3}, Message: "x"}, {Place: schema.Place{File: "./c.yaml", Line: 1, Column: 1}, Message: "y"}}
	var sarif, quality bytes.Buffer
	if err := errors.Join(SARIF(&sarif, r), CodeQuality(&quality, r)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(sarif.String(), `"uri": "./a:b%201%25.yaml"`) {
		t.Error(sarif.String())
	}
	if !strings.Contains(quality.String(), `"path": "a:b 1%.yaml"`) || !strings.Contains(quality.String(), `"path": "c.yaml"`) {
		t.Error(quality.String())
	}
}
