// Package answer tells where calls go: step by step for people, and as a document for programs.
//
// Begin at call.go.
package answer
