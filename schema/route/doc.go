// Package route says where calls go: which rules a number meets, who rings, and what happens
// when nobody answers.
//
// A Board is what a switchboard does with calls, whatever it was read from; tenant.go makes one of
// a tenant, and is the only file that knows kinds. A Walker follows calls at one point in time.
// What cannot be known beforehand (busy, no answer, a pressed key, a caller that is not named) is a
// branch. Steps are made once and shared, so a way that comes back to itself is a circle of steps
// and not an endless tree, and all numbers of a tenant cost little more than its objects.
//
// What the documents of the API leave open is decided here as follows. The first rule that takes a
// call has it; where none does, the extension does what its type says. When nobody answers, the
// rules behind the one that sent the call on have the next word, then those of the extension that
// called, then voicemail. An extension's own dial rules go first, and the tenant's only get what
// none of them takes. A key of a menu whose steps lead nowhere ends the call.
//
// Nothing here reads files, servers or the clock. Begin at board.go and walk.go.
package route
