// Package faults says which calls to a server go wrong, and how: the rules that
// people write to rehearse with, the file they stand in, and the decision which
// of them meet a call.
//
// The decision is made from the rules, a seed and the number of the call among
// those that a rule matches, and from nothing else but the time where a rule
// counts calls in a second. So the same calls meet the same faults, and calls at
// the same time change no rule that the other calls do not match.
//
// It may not know how a fault is carried out; the simulator does that.
package faults
