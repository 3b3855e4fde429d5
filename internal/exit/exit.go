// Package exit is the table of exit codes, and errors that carry one. Every error has a code:
// its own, or what its type says.
package exit

import (
	"errors"
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// The exit codes of the program. This is their only table.
const (
	Fine        = 0
	Error       = 1
	Differences = 2
	Invalid     = 3
	Part        = 4
	Stale       = 5
	Guard       = 6
	Unknown     = 7
	Locked      = 8
	Interrupted = 130
)

// Code is one row of the table: the code, its stable word in JSON, and what
// it means.
type Code struct {
	Code int
	Name string
	Text string
}

// Codes returns the table, for the documentation.
func Codes() []Code { return codes }

var codes = []Code{
	{Fine, "fine", "fine; strays alone are fine"},
	{Error, "error", "error, wrong usage included; nothing was written"},
	{Differences, "differences", "differences (drift, test, and plan --detailed-exitcode)"},
	{Invalid, "invalid", "invalid input, also when only the server can tell, and what this version does not support"},
	{Part, "applied_in_part", "applied in part, or not equal afterwards"},
	{Stale, "stale", "the saved plan is stale"},
	{Guard, "refused", "a guard refused, a wrong tenant among them"},
	{Unknown, "unknown_outcome", "the outcome of a call needs a person"},
	{Locked, "locked", "locked by another run"},
	{Interrupted, "interrupted", "interrupted, whatever else"},
}

// ends are the codes of how a call of the engine has ended. Any other end is an error.
var ends = map[sync.End]int{"": Error, sync.Refused: Guard, sync.Outdated: Stale, sync.Locked: Locked, sync.Interrupted: Interrupted,
	sync.Part: Part, sync.Unknown: Unknown}

// Name returns the stable word of an exit code.
func Name(code int) string {
	for _, c := range codes {
		if c.Code == code {
			return c.Name
		}
	}
	return ""
}

// Numbered returns the exit code of a word; Error for none.
func Numbered(name string) int {
	for _, c := range codes {
		if c.Name == name {
			return c.Code
		}
	}
	return Error
}

// failure is an error with the exit code that it leads to.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// Fail returns an error that leads to a code.
func Fail(code int, format string, args ...any) error {
	return &failure{code, fmt.Errorf(format, args...)}
}

// Silent ends the program with a code when everything has been said.
func Silent(code int) error {
	if code == Fine {
		return nil
	}
	return &failure{code, errSilent}
}

var errSilent = errors.New("")

// Of classifies an error.
func Of(err error) int {
	var f *failure
	var problems schema.Problems
	var guard *plan.Guard
	var stale *run.Stale
	var ended *sync.Failure
	switch {
	case err == nil:
		return Fine
	case errors.As(err, &f):
		return f.code
	case errors.As(err, &ended):
		return ends[ended.End]
	case errors.As(err, &stale):
		return Stale
	case errors.As(err, &problems):
		return Invalid
	case errors.As(err, &guard):
		return Guard
	}
	return Error
}
