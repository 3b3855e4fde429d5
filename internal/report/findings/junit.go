package findings

import (
	"encoding/xml"
	"io"
	"strings"

	"pbxsync/internal/report"
)

// What stands here is what both schemas in use take: that of Jenkins, and that of Ant, which has
// one failure in a case and wants each attribute.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Package    string          `xml:"package,attr"`
	ID         int             `xml:"id,attr"`
	Name       string          `xml:"name,attr"`
	Timestamp  string          `xml:"timestamp,attr"` // without a zone, which is UTC
	Host       string          `xml:"hostname,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Time       int             `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        string          `xml:"system-out"`
	Err        string          `xml:"system-err"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    int           `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// with is a failure that tells one thing more. The worst comes first, and gives it its name.
func (f *junitFailure) with(message, rule, text string) *junitFailure {
	if f == nil {
		return &junitFailure{message, rule, text}
	}
	return &junitFailure{f.Message + "; " + message, f.Type, f.Text + "\n" + text}
}

// JUnit writes a suite for the tenant, with a case for each object. An object fails by what is
// wrong with it, and in drift by what happened to it: what a plan is going to change is no
// failure. What files change of their own review is a property of the suite, since no object
// fails by it.
func JUnit(w io.Writer, r *report.Report) error {
	failed := map[string]*junitFailure{}
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
	for _, f := range found(r) {
		name := f.address
		if name == "" {
			name = "the tenant"
		}
		add(name)
		if f.level == failure || r.Command == report.Drift && !f.pending {
			text := f.text
			if at := f.place.String(); at != "" {
				text = at + ": " + text
			}
			failed[name] = failed[name].with(f.text, f.rule, text)
		}
	}
	suite := junitSuite{Package: "pbxsync", Name: tenant(r), Timestamp: strings.TrimSuffix(r.Made, "Z"), Host: "localhost",
		Properties: []junitProperty{{"command", r.Command}, {"code", r.Code}, {"verdict", report.Clean(r.Verdict.Sentence)}}}
	for _, f := range rules(r) {
		suite.Properties = append(suite.Properties, junitProperty{f.rule, f.place.String() + ": " + f.text})
	}
	for _, name := range names {
		suite.Cases = append(suite.Cases, junitCase{Name: report.Clean(name), Class: "pbxsync." + tenant(r), Failure: failed[name]})
		if failed[name] != nil {
			suite.Failures++
		}
	}
	suite.Tests = len(suite.Cases)
	return suite.write(w)
}

// write writes a suite as a document of its own.
func (s junitSuite) write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{s}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
