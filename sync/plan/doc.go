// Package plan turns changes into an ordered plan, a plain value, and says why one plan
// differs from another. It is pure: no context, no input or output, no clock, no randomness;
// the same Basis gives the same bytes.
//
// Begin reading at Value and Order; steps.go makes calls of changes, edges.go says which
// waits for which, and order.go sorts them.
package plan
