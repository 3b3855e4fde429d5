// Package console is where the program prints: results to one stream, messages to the other,
// in the chosen form, with secrets masked and lines broken at the width of the screen.
//
// It does not know which command prints, and reads no flags. Begin at Console.
package console
