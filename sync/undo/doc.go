// Package undo turns a past run around: what it did becomes a tenant that wants it undone,
// and the way back is an ordinary plan. It neither reads nor writes.
//
// Begin reading at Undo.
package undo
