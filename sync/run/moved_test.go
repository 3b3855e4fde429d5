package run_test

import (
	"testing"

	"pbxsync/sync/run"
)

// What is not any more as the plan saw it is said with what was found.
func TestMovedInWords(t *testing.T) {
	for want, m := range map[string]run.Moved{
		"it is gone since the plan was made; nothing was sent for it; run plan again":                                                           {Address: "a/b", Gone: true},
		`its id belongs to "c" since the plan was made; nothing was sent for it; run plan again`:                                                {Address: "a/b", Named: "c"},
		`somebody changed f since the plan was made: it was 1, it is "x" now, and the plan wants null; nothing was sent for it; run plan again`: {Address: "a/b", Field: "f", Old: 1, Now: "x"},
	} {
		if got := m.Error(); got != want {
			t.Errorf("%s, wanted %s", got, want)
		}
	}
}
