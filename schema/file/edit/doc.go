// Package edit changes single places of a YAML file and leaves every other byte as it is:
// comments, blank lines, order, quotes and line ends. Nothing is encoded again but what is new.
//
// It is pure: bytes and a tree with positions go in, bytes come out. It knows YAML, and no kinds,
// no tenants and no disk. Every result is read again and compared with what was meant, so that an
// edit that would say anything else is refused and none is made.
//
// Begin at document.go for what can be asked for; extent.go finds where values end, splice.go
// turns what was asked for into bytes, render.go writes what is new, check.go compares.
package edit
