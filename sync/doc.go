// Package sync is the engine: it reads the live tenant, has changes ordered into a plan, and
// carries the plan out. Its rooms do the work: observe reads, plan orders, run writes, undo
// turns a run around; call is the small interface of the API that they need, and record what
// runs leave for later ones. This package alone knows all of them.
//
// It may not know of HTTP, terminals, flags or the environment, and it knows no single kind;
// progress leaves it as events.
package sync
