// Package input finds and reads what a command is about: a tenant's file or folder, or standard
// input, within limits, and through one root that no link leaves. It also says where the run
// records of it lie.
//
// It does not know what is in the files. Begin at Reader.
package input
