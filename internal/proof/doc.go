// Package proof holds no product code, only tests: the whole road from YAML to a
// live tenant and back, over HTTP, against the simulator. Its chains of desired
// states lie in testdata/chains, its made-up kinds in testdata/kinds.
//
// What it checks it looks at in the simulator itself and not through the
// engine's own comparison, so that the two cannot be wrong together.
package proof
