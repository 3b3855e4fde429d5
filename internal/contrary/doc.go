// Package contrary is a server for tests that answers as the documents of the API allow
// and the simulator does not: null wherever nothing forbids it, fields absent, lists
// wrapped, numbers as text, values kept in another form, collections refused. A Dialect
// says which of these, and a seed chooses one.
//
// It knows of the API only what its documents print as data (125 operations with their
// fields, defaults and limits) and what stands in facts.go. It may not learn from the
// catalogue of kinds, since it is there to find where that is wrong.
package contrary
