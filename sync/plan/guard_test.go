package plan_test

import (
	"testing"

	"pbxsync/sync/plan"
)

// A guard says what it is about, and the way out where there is one.
func TestGuardInWords(t *testing.T) {
	for want, g := range map[string]*plan.Guard{"a": {Message: "a"}, "a; b": {Message: "a", Hint: "b"}} {
		if g.Error() != want {
			t.Errorf("%q, wanted %q", g.Error(), want)
		}
	}
}
