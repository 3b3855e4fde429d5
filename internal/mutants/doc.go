// Command mutants asks whether a test notices when a line of the program is wrong. It
// changes one small thing at a time in every function of the rooms that decide what is
// written to a tenant, and runs tests until one fails. Run it from anywhere in the module:
//
//	go run ./internal/mutants -n 1000 -seed 1 -rooms sync,internal/journal,internal/api
//	go run ./internal/mutants -n 20 -seed 7 -near
//	go run ./internal/mutants -names 'sync/run/attempt.go run.sure'
//	go run ./internal/mutants -again survivors.tsv
//	go run ./internal/mutants -page
//
// A mutant has a name that stays the same while its function does: file, function, kind of
// change, number. The seed picks the sample. Nothing in the tree is touched, and nothing is
// compiled for each mutant: all of a sample are planted at once into copies of the files
// (go build -overlay), each behind a switch that a test binary reads when it starts. What
// does not compile is left out.
//
// First the tests of the mutant's own package are run, then, for what has survived, those of
// the whole program. A test that hangs, or crashes, has noticed. What was found goes to a file
// line by line, and a run that was interrupted goes on behind the last of them.
//
// It takes a thousand mutants of all rooms some hours, of which those that survive take the
// most: each test that reaches them is asked. CI tries ten of another seed each day.
//
// What survives is read by people: a test is written, or the mutant stands with a reason in
// survivors.txt, from which docs/survivors.md is made (-page).
package main
