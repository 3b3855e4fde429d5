// Package playback is a server that answers with made-up values in the shapes of a
// record (package survey): what somebody's server shows can be looked at, and kept as
// a test, without anything of what it holds. It can only be read.
package playback
