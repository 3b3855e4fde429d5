package call

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// Unseen says why rows cannot be looked at, where that is no fault of the connection: what
// nobody may see has to be allowed like what was seen.
func Unseen(err error) string {
	if !Unreadable(err) {
		return ""
	}
	if status := Status(err); status/100 != 2 {
		return fmt.Sprintf("the server answered %d", status)
	}
	return "the server sent no list"
}

// refusals are the answers that are about one collection alone. A server that is busy or
// broken (429, 500, 503) may have the rest of the answer later.
var refusals = []int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented}

// Unreadable reports whether an error is about one collection alone, so that everything
// else can still be read: the server refuses it, or what it sends is no list.
func Unreadable(err error) bool {
	var unsteady interface{ IsUnsteady() bool }
	if errors.As(err, &unsteady) && unsteady.IsUnsteady() || errors.Is(err, context.Canceled) {
		return false
	}
	status := Status(err)
	return status/100 == 2 || slices.Contains(refusals, status)
}
