// Package described makes JSON Schemas of Go types, described by the comments that stand at their
// fields, with the words that constants of their types have.
//
// It does not know which types. Begin at Schema.
package described
