// Package lock keeps runs that write to one tenant apart on one machine: a file
// in the run records, and one in the user's own folders, which all checkouts share.
// The kernel frees both when a process ends, however it ends; what it wrote there
// stays where it was cut off, so that the next run knows. It knows nothing of
// tenants, and reaches no other machine.
package lock
