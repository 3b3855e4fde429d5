package canned

import (
	"errors"
	"fmt"
	"net/http"
)

// Status is an answer of a server that refuses a call.
type Status int

func (s Status) Error() string { return fmt.Sprintf("the server answered %d", int(s)) }

// HTTPStatus is the status of the answer.
func (s Status) HTTPStatus() int { return int(s) }

// NoAnswer is the end of a call of which nothing is known.
var NoAnswer error = doubtful{errors.New("no answer")}

type doubtful struct{ error }

func (doubtful) IsDoubtful() bool { return true }
func (doubtful) HTTPStatus() int  { return http.StatusBadGateway }
