package journal

import (
	"maps"
	"slices"
	"testing"

	"pbxsync/sync/record"
)

// What a run has seen holds until a later one has seen the kind again; what a run
// deletes, or may have deleted, is taken off.
func TestVerifiedAcrossRuns(t *testing.T) {
	saw := func(protected []string, objects map[string]int) *Entry {
		return &Entry{Type: TypeVerified, Verified: &record.Verified{Objects: objects, Protected: protected}}
	}
	gone := func(step int, outcome Type, addresses ...string) []*Entry {
		return []*Entry{{Type: TypeIntent, Step: step, Intent: &Intent{Method: "DELETE", Address: addresses}}, {Type: outcome, Step: step}}
	}
	first := &Record{Entries: []*Entry{saw([]string{"did/*"}, map[string]int{"did": 9, "sound": 7})}}
	second := &Record{Entries: []*Entry{saw([]string{"sound/a"}, map[string]int{"sound": 6})}}
	cutOff := &Record{Entries: slices.Concat(gone(1, TypeAck, "sound/a", "sound/a/part/b"), gone(2, TypeFailed, "sound/b"), gone(3, TypeUnknown, "sound/c"))}
	cutOff.Entries = append(cutOff.Entries, gone(4, TypeAck, "did/1")[0]) // it is not known

	for _, test := range []struct {
		records   []*Record
		objects   map[string]int
		protected []string
	}{
		{[]*Record{first}, map[string]int{"did": 9, "sound": 7}, []string{"did/*"}},
		{[]*Record{first, second}, map[string]int{"did": 9, "sound": 6}, []string{"sound/a"}},
		{[]*Record{first, second, cutOff}, map[string]int{"did": 8, "sound": 4}, []string{"sound/a"}},
	} {
		v := Known(test.records).Verified
		if !maps.Equal(v.Objects, test.objects) || !slices.Equal(v.Protected, test.protected) {
			t.Errorf("%d records: %v", len(test.records), *v)
		}
	}
	if first.Entries[0].Verified.Objects["did"] != 9 {
		t.Error("a record was changed")
	}
}
