package faults

import (
	"time"

	"pbxsync/schema"
)

// Do is the word for what a rule does to a call.
type Do string

// What rules can do. The words are those of the file.
const (
	Status      Do = "status"
	Drop        Do = "drop"
	Truncate    Do = "truncate"
	Content     Do = "content"
	Expire      Do = "expire"
	RateLimit   Do = "rate_limit"
	Delay       Do = "delay"
	PageCap     Do = "page_cap"
	PageSize    Do = "page_size"
	PageFirst   Do = "page_first"
	PageShift   Do = "page_shift"
	PageShuffle Do = "page_shuffle"
	Insert      Do = "insert"
	Update      Do = "update"
	Remove      Do = "remove"
)

// How the end of an answer is known to the client.
const (
	FramingLength  = "length"  // Content-Length
	FramingChunked = "chunked" // the last chunk
	FramingClose   = "close"   // the end of the connection
)

// What stands in the place of an answer, or what is done to it.
const (
	AsHTML      = "html"
	AsEmpty     = "empty"
	AsNoContent = "no_content"
	AsXML       = "xml"
	AsObject    = "object"
	AsList      = "list"
	AsNull      = "null"
	AsHalf      = "half"
	AsBOM       = "bom"
	AsTrailing  = "trailing"
)

// TokenPath is the one path that is not below the API's base. Rules for every
// path do not match it.
const TokenPath = "/oauth/token"

// Set is a whole rehearsal: what goes wrong, and the seed of every choice.
type Set struct {
	Seed  uint64
	Rules []Rule
}

// Rule says which calls meet a fault, and which.
type Rule struct {
	Place schema.Place // in its file, if it is from one

	On    []string // methods; none: every method
	Path  string   // a pattern; "": every path of the API
	At    []int    // the numbers of the matching calls that meet the fault, from 1
	Every int      // each nth of them
	Rate  float64  // each with this probability
	From  int      // not before this one
	To    int      // not after this one; 0: no end

	Do Do

	Status     int    // Status; 0: 500
	RetryAfter string // Status, RateLimit
	Location   string // Status
	Commit     bool   // Status, Drop: the call is carried out
	Lost       bool   // Content: the call is not carried out
	After      time.Duration
	Reset      bool // Drop: reset, not closed

	Wait  time.Duration // Delay; Never: until the client goes
	Bytes int           // Delay: where in the body; Truncate: what is left of it
	Speed int           // Delay: bytes of the body in a second; 0: at once

	Framing string // Truncate; "": length
	As      string // Content
	Body    string // Content without As
	Type    string // Content; "": what fits

	Size int // PageCap, PageSize
	By   int // PageShift

	Kind string         // Insert, Update, Remove
	Key  string         // Update, Remove; "": any
	Set  map[string]any // Insert, Update

	Calls int           // RateLimit
	Per   time.Duration // RateLimit; 0: a second
}

// Never is a wait without an end.
const Never time.Duration = 1<<63 - 1

// stage is when in a call a fault takes place. Of the last one there is only one.
type stage int

const (
	before  stage = iota // another client writes
	asking               // the call is changed
	waiting              // the answer is held up
	outcome              // the answer is another, or none
)

func (d Do) stage() stage {
	switch d {
	case Insert, Update, Remove:
		return before
	case PageCap, PageSize, PageFirst, PageShift, PageShuffle:
		return asking
	case Delay:
		return waiting
	}
	return outcome
}

// Edits reports whether the fault is a write by another client.
func (d Do) Edits() bool { return d.stage() == before }

// Pages reports whether the fault is about pages of lists.
func (d Do) Pages() bool { return d.stage() == asking }

// Outcome reports whether the fault decides what the client gets.
func (d Do) Outcome() bool { return d.stage() == outcome }
