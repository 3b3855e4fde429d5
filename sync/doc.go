// Package sync is the engine: what brings the tenant of a PBX to what files say. Begin at
// Engine: Plan and Drift look, Apply and Undo write, Import writes files, Resume finds out
// what a run that was cut off has made. Each call keeps the whole protocol, whoever makes it.
//
// Its rooms do the work: observe reads, plan orders, run writes, undo turns a run around; call
// is the small interface of the API that they need, and record what runs leave for later ones.
// This package alone knows all of them. Package pbx speaks to a server, and package local keeps
// records and locks on this machine.
//
// It may not know of HTTP, terminals, flags or the environment, and it knows no single kind;
// what happens leaves it through an Operator, and what is kept through a Store.
package sync
