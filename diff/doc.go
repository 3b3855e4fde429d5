// Package diff says what differs between two tenants: the one that files want
// and the one that is live. It turns two values into a third, the changes.
//
// It is pure. It may not know how tenants are read or written, in which order
// changes are carried out, or how they are shown; and it knows no single kind.
package diff
