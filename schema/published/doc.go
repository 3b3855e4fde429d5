// Package published says to others what the catalogue knows: the JSON Schema of tenant
// files, for editors and for the program's own reading, and what explain answers.
//
// Both follow from the catalogue alone: it may not know of files, of the API, or of any
// single kind. Begin at document.go for the schema, at explain.go for the words.
package published
