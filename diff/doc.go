// Package diff says what differs between two tenants: the one that files want
// and the one that is live. It makes the live one of the API's answers (live.go), finds for
// each declared object the live one that it means, by its key, by an earlier name or as what
// it replaces (match.go, renamed.go, replaced.go), and turns the two tenants
// into a third value, the changes (compare.go).
//
// It is pure. It may not know how answers are got, in which order changes are carried out,
// or how they are shown; and it knows no single kind.
//
// Begin at live.go, then compare.go.
package diff
