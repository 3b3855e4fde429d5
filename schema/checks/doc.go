// Package checks looks in a tenant for what is allowed and still wrong: numbers that ring nowhere,
// rules that never get a call, doors that are open.
//
// Each check is one file of data in list/, named after its id: what it is called, how grave it is,
// why, the way out, a right and a wrong example, and in finds: which of the few finders looks, with
// the kinds and fields that it looks at. No Go code knows those. Most checks need nothing but the
// finder of states, which compares fields.
//
// It is given a tenant with places and gives problems back; it knows no files and servers. The day
// it is told. Begin at check.go.
package checks
