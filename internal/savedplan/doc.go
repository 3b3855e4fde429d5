// Package savedplan keeps a plan in a file beside what was printed of it: what was reviewed is
// what apply carries out, or it is refused.
//
// It does not know how a plan is made or carried out. Begin at Plan.
package savedplan
