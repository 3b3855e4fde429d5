// Package survey holds what a server answers against the catalogue: which members
// there are and of which types, never their values. It reads each collection once
// (Read), keeps the shapes of the answers as a Record that can be sent to whoever
// maintains the kinds, and says where they leave the catalogue (Compare).
//
// It knows HTTP as little as the engine does: whoever calls it brings a Getter. No
// value of a tenant gets into a Record: of texts there is the length, of words that
// the documents print how often each came, of members the names that are the API's.
package survey
