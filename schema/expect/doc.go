// Package expect reads what people expect of calls, and holds it against a switchboard.
//
// Expectations stand in a file of their own beside the tenant's: a number, a time, who calls, and
// where the call goes. Reading and judging name every mistake with its place. Begin at parse.go.
package expect
