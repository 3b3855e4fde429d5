// Package local keeps run records in folders of this machine, and keeps runs on it apart: it
// is the Store of the command line, and of any program that shares records with it.
//
// It knows where records and locks lie, and nothing of how a tenant is read or changed. It
// reads no flags and no environment: who opens a store names the folders. No lock reaches
// another machine. Begin at Open.
package local
