// Package harness judges runs of the program by what really happened, and lets them
// go wrong in every way that a test can think of.
//
// One world is a simulated PBX with faults and a history, and the shipped program
// (internal/cli), which is run in the same process with a virtual clock
// (testing/synctest) and with files of run records that lose what was not synced when
// the power fails. A run can be cut off at each moment at which something reaches the
// disk or the wire; then another one begins with what is on disk. See world_test.go.
//
// Check is the judge. It is pure: it knows the history of the server, what was on
// disk when, the records, the state of the server before and after and as it should
// be, and nothing of how the program works.
//
// Everything random comes from a seed. A test that fails prints the seed of the world
// and the command that plays it again:
//
//	PBXSYNC_EVIDENCE_SEED=… go test ./internal/harness -run TestSeeds/replay
//
// Mutants are seeded bugs of the engine (testdata/mutants.txt): each has to be caught
// by the test that it names.
package harness
