// Package schema says what may be written in a tenant file and what the API
// knows: one file of data per kind (kinds/), the catalogue that reads them, the
// published JSON Schema, and the way from YAML to a tenant whose every value
// keeps its file, line and column.
//
// It is pure: it is given bytes and gives values back. It may not know of HTTP,
// terminals, flags, the environment, the clock, or of any single kind; what is
// special about a kind stands in its file of data.
package schema
