// Package editor holds tests alone: they have tenant files judged by readers of the published
// JSON Schema that others wrote (ajv, and the language server of YAML editors), and compare what
// these refuse with what the program refuses. testdata/disagreements.txt has the reason for each
// kind of difference. The readers come from npm; without them the tests are skipped:
//
//	npm ci --ignore-scripts --prefix internal/editor/testdata
package editor
