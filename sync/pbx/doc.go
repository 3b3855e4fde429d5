// Package pbx is the way to a PBX over HTTP for programs other than pbxsync itself: it
// gives the engine the Reader and the Writer that its calls take.
//
// It knows no kinds, plans or files. It reads no flags, no environment and no profile: who
// calls it says which server, as whom and how fast. Begin at Dial.
package pbx
