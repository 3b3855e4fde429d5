package api

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"pbxsync/schema/wording"
)

// Error is a call that failed: where, how, and what may be done about it.
type Error struct {
	Method, Path string
	Status       int    // of the answer; 0 if none came
	Message      string // the server's words where it had any
	Hint         string // the way out, if one is known

	Doubtful    bool // a write that may have been done, or may yet be
	Auth        bool // the credentials were refused or lack the right
	Unreachable bool // no answer came from the server

	cause error
	again bool          // worth another try
	after time.Duration // the server's own wish how long to wait first
	early bool          // failed before the call itself was sent
	late  bool          // a deadline passed
	moved bool          // the pages of a list do not fit together
}

// Error reads like "POST /client/12/extension/: 400: name: already exists".
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	if e.Status >= 300 {
		fmt.Fprintf(&b, "%d: ", e.Status)
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause, such as context.Canceled.
func (e *Error) Unwrap() error { return e.cause }

// IsDoubtful tells whether the write may have been done although it failed.
func (e *Error) IsDoubtful() bool { return e.Doubtful }

// IsWhole tells whether the answer came whole, so that it would be the same once more.
func (e *Error) IsWhole() bool { return e.Status != 0 && e.cause == nil }

// IsUnsteady tells whether a list moved while it was read, so that it may be whole the next time.
func (e *Error) IsUnsteady() bool { return e.moved }

// HTTPStatus returns the status of the answer, 0 if none came.
func (e *Error) HTTPStatus() int { return e.Status }

// addHint puts one more way out behind those that are there.
func (e *Error) addHint(hint string) {
	if e.Hint != "" {
		e.Hint += "; "
	}
	e.Hint += hint
}

const excerptLength = 200

// shorten makes a server's text fit to be shown: printable, one line, short.
func shorten(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r != unicode.ReplacementChar && unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	return wording.Cut(strings.Join(strings.Fields(clean), " "), excerptLength, excerptLength)
}

// Secrets shorter than this are not masked: a secret of one letter would mask
// every such letter.
const shortestSecret = 4
