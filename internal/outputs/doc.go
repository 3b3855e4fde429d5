// Package outputs holds tests alone: stories run the program against a simulated PBX and ask for
// every form of report, and what was written is held against what others say of it. SARIF, JUnit
// and code quality are read by their schemas (testdata), documents in JSON by docs/report.schema.json.
//
// A story is a file of testdata/stories: commands first, then files; world_test.go says which
// commands there are. Begin there. What reads by schemas of others comes from npm; without it these
// tests are skipped:
//
//	npm ci --ignore-scripts --prefix internal/editor/testdata
package outputs
