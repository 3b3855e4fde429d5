// Package risk says what a change can do to people. Which change of which field, in which
// direction, is of which class is data of a kind: a few words that this package reads
// and holds against values. It knows no kinds, files and servers.
package risk
