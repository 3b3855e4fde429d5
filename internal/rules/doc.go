// Package rules holds no product code, only tests: what the rooms of the program
// may know of each other, of libraries and of kinds, with the reason beside each
// rule.
package rules
