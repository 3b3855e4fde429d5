// Package earlier finds what a tenant was like earlier, or what rules hold for it elsewhere: files
// of a revision of git, files of a folder, or a snapshot. What a repository says is foreign: git is
// told to run nothing for it.
//
// It may not know what that is compared with, or how it is printed. Begin at find.go.
package earlier
