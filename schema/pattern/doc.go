// Package pattern says which numbers a pattern takes, what a replacement makes of them, and
// whether patterns leave another one anything to take.
//
// Patterns are PCRE. What they share with regular languages is decided on the expressions: such a
// pattern is made an automaton, and automata are compared over every text of printable ASCII. A
// pattern that looks around, refers back or repeats greedily for good is not decided, and says so.
package pattern
