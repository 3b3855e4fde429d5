// Package run carries a plan out: each call goes on record before it is sent, is sent once,
// and what came of it is found out where its answer was lost. It knows no files and reads no
// more of the tenant than what it writes to.
//
// Begin reading at Apply; attempt.go is the protocol of one write, settle.go what follows a
// lost answer, resume.go what an earlier run left open.
package run
