// Package markdown writes a report as a comment for a pull request: what it comes to, what it
// risks, the commands to copy, and then the changes, folded level by level, within a number of bytes.
//
// Whatever foreign text says, it stays text. Begin at Write.
package markdown
