// Package report shows what happened: plans, drift and progress, as text and as
// JSON, all from one model. It is the one place that writes to the terminal, and
// so the one place where text from servers and files is made harmless.
//
// It may not read or change a tenant, and knows no flags.
package report
