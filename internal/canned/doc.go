// Package canned is a small tenant of canned answers for the tests of the engine's rooms,
// and what these do with it again and again: parse, order, write as bytes. It sends nothing
// and has no server behind it.
//
// Begin at Small.
package canned
