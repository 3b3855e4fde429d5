// Package canned is a small tenant of canned answers for the tests of the engine's rooms, a
// server that notes what is sent to it and fails as the test says, a journal that keeps what
// it is told, and what tests do with them again and again: parse, order, write as bytes. A
// Case is a text file: what a tenant answers, what files want of it, and what comes of both.
//
// Begin at Small, NewServer and Case.
package canned
