// Package simulator is a PBX in the box: the same API over HTTP as the real one,
// driven by the same catalogue of kinds. It is what a newcomer applies a first
// tenant to, and what every test of the whole program runs against.
//
// It is as strict as the reference pages: what they do not offer is refused with
// a message that says why, so that a client that relies on luck fails here and
// not in life. Where the pages are silent (who may delete what is referred to,
// how large a page may be), Options has a switch, and clients are tested against
// both positions.
//
// What goes wrong on request is decided by package faults and carried out here:
// stage.go is where calls turn off the straight way, scene.go plays one of them.
//
// It may not know any single kind: paths, fields, limits and rules come from
// package schema, and a new kind is served without a line of Go. It knows
// nothing of the client side either: tenant files, plans, terminals, flags and
// the environment are none of its business.
package simulator
