package findings

import (
	"encoding/xml"
	"io"

	"pbxsync/internal/report"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name     string         `xml:"name,attr"`
	Class    string         `xml:"classname,attr"`
	Failures []junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes a suite for the tenant, with a case for each object. An object fails by what is
// wrong with it, and in drift by any difference: what a plan is going to change is no failure.
func JUnit(w io.Writer, r *report.Report) error {
	failed := map[string][]junitFailure{}
	names := []string{}
	known := map[string]bool{}
	add := func(name string) {
		if !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	for _, name := range r.Objects {
		add(name)
	}
	for _, f := range of(r) {
		name := f.address
		if name == "" {
			name = "the tenant"
		}
		add(name)
		if f.level == failure || r.Command == "drift" {
			text := f.text
			if at := f.place.String(); at != "" {
				text = at + ": " + text
			}
			failed[name] = append(failed[name], junitFailure{f.text, f.rule, text})
		}
	}
	suite := junitSuite{Name: tenant(r)}
	for _, name := range names {
		suite.Cases = append(suite.Cases, junitCase{report.Clean(name), "pbxsync." + tenant(r), failed[name]})
		if len(failed[name]) > 0 {
			suite.Failures++
		}
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
