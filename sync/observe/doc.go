// Package observe reads a live tenant and compares it with the files: what they declare and
// refer to, second passes over long lists, what goes with an object that is deleted, limits,
// and the guards that follow. It reads a whole tenant for an import, too. It cannot write: it
// is given nothing that does, and knows no order of steps.
//
// Begin reading at Observe; confirm.go is what only some plans need, import.go the reading of
// an import.
package observe
