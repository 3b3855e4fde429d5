// Package sync makes it so: it reads the live tenant, orders changes into a
// plan, and carries the plan out.
//
// Ordering is pure: a plan is a value that can be printed, saved and compared.
// Reading and carrying out go through the small interface of the API that this
// package declares. It may not know of HTTP, terminals, flags or the
// environment, and it knows no single kind; progress leaves it as events.
package sync
