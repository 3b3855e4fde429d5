package observe_test

import (
	"testing"

	"pbxsync/sync/observe"
)

// The reads of a plan are its lists and items; what safety costs is counted apart.
func TestReads(t *testing.T) {
	if n := (observe.Calls{Lists: 3, Items: 2, Tenant: 9, Extra: 9, Second: 9}).Reads(); n != 5 {
		t.Errorf("%d", n)
	}
}
