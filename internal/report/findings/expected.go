package findings

import (
	"io"
	"strings"

	"pbxsync/internal/report"
	"pbxsync/schema/expect"
)

// Expectations writes a suite of what is expected of the calls of a tenant, with a case for each
// expectation and time. Numbers of which nothing is expected are a property of the suite.
func Expectations(w io.Writer, tenant, made string, j *expect.Judged) error {
	suite := junitSuite{Package: "pbxsync", Name: report.Clean(tenant), Timestamp: strings.TrimSuffix(made, "Z"), Host: "localhost", Tests: len(j.Results),
		Properties: []junitProperty{{"command", "test"}, {"without", strings.Join(j.Without, " ")}}}
	for _, r := range j.Results {
		c := junitCase{Name: report.Clean(r.Name()), Class: "pbxsync." + report.Clean(tenant)}
		if r.Failed != nil {
			suite.Failures++
			c.Failure = c.Failure.with(report.Clean(r.Failed.Message), "expectation", report.Clean(r.Failed.String()))
		}
		suite.Cases = append(suite.Cases, c)
	}
	return suite.write(w)
}
