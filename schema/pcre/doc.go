// Package pcre reads patterns as PCRE2 does when it compiles them, and finds what it
// would refuse. It matches nothing. Patterns are read as UTF-8; where PCRE2 has more
// to say than its documents, such as on rare Unicode properties, a pattern passes.
package pcre
