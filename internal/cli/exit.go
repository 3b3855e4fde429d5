package cli

import (
	"errors"
	"fmt"

	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// The exit codes of the program. This is their only table.
const (
	exitFine        = 0
	exitError       = 1
	exitDifferences = 2
	exitInvalid     = 3
	exitPart        = 4
	exitStale       = 5
	exitGuard       = 6
	exitUnknown     = 7
	exitLocked      = 8
	exitInterrupted = 130
)

// ExitCode is one row of the table: the code, its stable word in JSON, and what
// it means.
type ExitCode struct {
	Code int
	Name string
	Text string
}

// ExitCodes returns the table, for the documentation.
func ExitCodes() []ExitCode { return exitCodes }

var exitCodes = []ExitCode{
	{exitFine, "fine", "fine; strays alone are fine"},
	{exitError, "error", "error, wrong usage included; nothing was written"},
	{exitDifferences, "differences", "differences (drift, and plan --detailed-exitcode)"},
	{exitInvalid, "invalid", "invalid input, also when only the server can tell, and what this version does not support"},
	{exitPart, "applied_in_part", "applied in part, or not equal afterwards"},
	{exitStale, "stale", "the saved plan is stale"},
	{exitGuard, "refused", "a guard refused, a wrong tenant among them"},
	{exitUnknown, "unknown_outcome", "the outcome of a call needs a person"},
	{exitLocked, "locked", "locked by another run"},
	{exitInterrupted, "interrupted", "interrupted, whatever else"},
}

// codeName returns the stable word of an exit code.
func codeName(code int) string {
	for _, c := range exitCodes {
		if c.Code == code {
			return c.Name
		}
	}
	return ""
}

// failure is an error with the exit code that it leads to.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code int, format string, args ...any) error {
	return &failure{code, fmt.Errorf(format, args...)}
}

// silent ends the program with a code when everything has been said.
func silent(code int) error {
	if code == exitFine {
		return nil
	}
	return &failure{code, errSilent}
}

var errSilent = errors.New("")

// staleError says what a saved plan was made from and has moved.
type staleError struct {
	where string
	moved []plan.Shift
}

func (e *staleError) Error() string {
	return e.where + " is stale: what it was made from has moved, so it would be another plan now; nothing was written; make it again with plan --out"
}

// codeOf classifies an error.
func codeOf(err error) int {
	var f *failure
	var problems schema.Problems
	var guard *plan.Guard
	var stale *run.Stale
	var moved *staleError
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &f):
		return f.code
	case errors.As(err, &stale), errors.As(err, &moved):
		return exitStale
	case errors.As(err, &problems):
		return exitInvalid
	case errors.As(err, &guard):
		return exitGuard
	}
	return exitError
}
