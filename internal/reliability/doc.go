// Command reliability tries what can go wrong, and writes docs/reliability.md from what
// came of it. Run it from anywhere in the module:
//
//	go run ./internal/reliability                  the full run
//	go run ./internal/reliability -sample          the sizes of go test ./..., in some minutes
//	go run ./internal/reliability -seed 7 -time 30m -fuzz 60s
//
// The tests do the work and put down how many cases they tried (package evidence); the
// tool runs them, adds up what they put down, and holds no figure itself. What stands in
// rows.json is what a row is about, and what no test here can try, with the reason. A
// test that fails is named on the page, and the tool ends with 1.
//
// To replay a failure, run the test that the page names with the seed of the page:
//
//	PBXSYNC_EVIDENCE_FULL=1 PBXSYNC_EVIDENCE_SEED=7 go test ./internal/process -run TestKilled
package main
