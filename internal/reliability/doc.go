// Command reliability tries what can go wrong, and writes docs/reliability.md from what
// came of it. Run it from anywhere in the module:
//
//	go run ./internal/reliability                  the full run
//	go run ./internal/reliability -sample          the sizes of go test ./..., in some minutes
//	go run ./internal/reliability -size 0.1 -time 3m -fuzz 5s
//	go run ./internal/reliability -only internal/process -run TestKilled -fuzz 0 -out kills.md
//	go run ./internal/reliability -rows            new rows of rows.json, as not tried yet
//
// It says when each part begins and ends. A run that was interrupted goes on where it was
// when it is started again: parts that passed are kept in the user's cache, under the
// digest of the sources, the seed and the sizes, and -again forgets them.
//
// The tests do the work and put on record how many cases they tried (package evidence);
// the tool runs them, adds up, and holds no figure itself. What stands in rows.json is
// what a row is about, and what no test here can try, with the reason. Tests that failed,
// and rows in which not every case came out right, are named, and the tool ends with 1.
//
// To replay a failure, run the test that the page names with the seed of the page:
//
//	PBXSYNC_EVIDENCE_FULL=1 PBXSYNC_EVIDENCE_SEED=7 go test ./internal/process -run TestKilled
package main
