// Package amend puts values, objects and deletions of a live tenant into the files that people
// have written: it finds the place of each and says to package edit what is to stand there.
//
// It knows what files look like and how objects stand in them. It may not know where live values
// come from, and why they are taken. Begin at files.go.
package amend
