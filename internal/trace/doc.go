// Package trace writes what went over the wire as JSON lines: method, path, status, time,
// bytes, and the shapes of both bodies; values only where they are asked for. Secrets are
// in neither: a mask takes out those that are known, fields that nobody can read back are
// never written, and the client does not hand over what a call for a token holds.
package trace
