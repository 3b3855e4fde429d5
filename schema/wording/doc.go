// Package wording puts words together for messages: what was probably meant, words listed
// as in a sentence, values on one line, and what may be repeated of a text that somebody else wrote. Begin at
// nearest.go.
package wording
