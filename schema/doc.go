// Package schema says what may be declared of a tenant and what the API knows: one file of
// data per kind (kinds/), the catalogue that reads them, and objects and tenants with their
// addresses. The JSON Schema of tenant files is made of it in package schema/published.
//
// It is pure: it is given bytes and gives values back. It may not know of HTTP,
// terminals, flags, the environment, the clock, how a tenant file is read (package
// schema/file does that), or of any single kind; what is special about a kind stands in its
// file of data.
//
// Begin at kind.go for what a kind is, then tenant.go.
package schema
