// Package journal keeps the records of runs: what a run was about to send, and
// what came of it.
//
// A record is a file of lines, one for each event, each with its checksum. A
// line that says what is about to be sent is on disk before the call leaves the
// machine. The live tenant stays the truth; a record holds only what reading the
// tenant again cannot tell: calls whose outcome is unknown, the ids of objects
// that no list shows, and which version of a secret was sent. No secret is in it,
// and of bodies only a digest that needs a key which lies beside the records.
package journal
