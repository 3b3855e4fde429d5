package savedplan

import (
	"pbxsync/internal/exit"
	"testing"
)

// A saved plan goes to the server from which it was made, and to no other. One that was
// made from a snapshot does not say which that is.
func TestSavedPlanOfAnotherServer(t *testing.T) {
	for _, test := range []struct {
		made, now string
		want      int
	}{
		{"pbx.example:443", "pbx.example:443", exit.Fine},
		{SnapshotHost, "pbx.example:443", exit.Fine},
		{"other.example:443", "pbx.example:443", exit.Guard},
		{"pbx.example:444", "pbx.example:443", exit.Guard},
		{"", "pbx.example:443", exit.Guard},
	} {
		err := (&Plan{Header: Header{Server: test.made}}).OtherServer(test.now)
		if (err != nil) != (test.want != exit.Fine) || err != nil && exit.Of(err) != test.want {
			t.Errorf("made for %q, now %q: %v", test.made, test.now, err)
		}
	}
}
