package plan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/plan"
)

// What a run keeps of its plan has each wanted value once, and nothing that the next edit of the
// files moves; the plan itself stays as it is.
func TestOnRecord(t *testing.T) {
	p := order(t, observed(t, canned.Small(), canned.Wanted, 1))
	was := canned.Bytes(t, p)
	data, err := json.Marshal(p.OnRecord())
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{`"place"`, `"places"`, `"body"`} {
		if strings.Contains(string(data), gone) || !strings.Contains(string(was), gone) {
			t.Errorf("%s is on record, or was not in the plan", gone)
		}
	}
	if string(canned.Bytes(t, p)) != string(was) {
		t.Error("the plan was changed")
	}
	kept, err := plan.Decode(data)
	if err != nil || len(kept.Steps) != len(p.Steps) || len(kept.Changes) != len(p.Changes) || len(kept.Wanted) != len(p.Wanted) {
		t.Errorf("%+v %v", kept, err)
	}
}
