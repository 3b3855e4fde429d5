// Package staging writes what a command leaves on the disk so that a crash leaves all of it or
// nothing: single files, and the folder of an imported tenant.
//
// It does not know how the files come about. Begin at Target.
package staging
