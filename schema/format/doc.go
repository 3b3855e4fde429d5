// Package format knows the forms that texts have, by the names that kinds give them with
// the keyword format: whether a text has the form, how it is written in one way, and which
// texts mean the same. It knows no kinds and no files. Begin at format.go.
package format
