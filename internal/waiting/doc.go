// Package waiting tells whoever waits that something goes on: on a screen a line that is written over,
// elsewhere plain lines, far apart. Whatever else is printed ends it.
//
// It does not know what is waited for. Begin at Line.
package waiting
