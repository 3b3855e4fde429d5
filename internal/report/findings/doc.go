// Package findings writes a report for tools that show findings at lines of files: commands of
// GitHub's workflows, SARIF, JUnit and GitLab's code quality. A finding is what somebody has to
// look at: an error, a refusal, a broken rule, a change with its risks.
//
// It does not know which tool reads. Begin at findings.go.
package findings
