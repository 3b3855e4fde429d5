// Package export writes a live tenant as files that people would have written: what most
// objects share becomes a default, references become names, and what no file can say is
// named beside them.
//
// Whether a file may hold a value it asks package schema/file, which would have to read it.
// It may not know of the API, of terminals, flags, the environment, the clock, or of any
// single kind. Begin at tenant.go.
package export
