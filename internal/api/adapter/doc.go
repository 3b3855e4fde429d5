// Package adapter makes of the HTTP client what the engine calls: a Reader that has no way
// to write, and a Writer. The client knows nothing of the engine, and the engine nothing of
// HTTP; this is the one place that knows both.
//
// Begin at Reader.
package adapter
