package call_test

import (
	"errors"
	"fmt"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/call"
)

// What an error carries is found below what it was wrapped in.
func TestErrors(t *testing.T) {
	plain, odd := errors.New("plain"), fmt.Errorf("wrapped: %w", canned.NoAnswer)
	if call.Doubtful(plain) || call.Doubtful(nil) || !call.Doubtful(odd) || call.Status(plain) != 0 || call.Status(odd) != 502 {
		t.Error("doubt or status is lost")
	}
}
