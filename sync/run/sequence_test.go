package run_test

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// An item that a killed run may have made is looked for among its likes: those that are on
// record, by whatever place, and those that were there before are not it.
func TestResumeOfAnItem(t *testing.T) {
	c, err := schema.Load(os.DirFS("../../schema/kinds"), os.DirFS("../../testdata/kinds/deep"))
	if err != nil {
		t.Fatal(err)
	}
	const list = "/client/12/desk/5/lines/"
	l := canned.NewServer()
	l.Rows = func(string, int) ([]map[string]any, int, bool) {
		var rows []map[string]any
		for id := 7; id <= 9; id++ {
			rows = append(rows, map[string]any{"id": canned.Num(id), "text": "x"})
		}
		return rows, 1, true
	}
	k := &record.Records{
		Open: []record.Open{{Run: "r1", Step: 3, Address: "desk/a/line", Intent: record.Intent{Step: 3, Path: list, Kind: "line", Key: "3", Creates: true, Baseline: []int64{7}, Sent: map[string]any{"text": "x"}}}},
		Seen: map[record.Name][]record.Seen{{Kind: "line", Key: "2"}: {{Address: "desk/a/line", ID: 8}}},
	}
	synctest.Test(t, func(t *testing.T) {
		settled, open, err := run.Resume(t.Context(), l, k, plan.TenantID{ID: 12, Prefix: "12037"}, run.Options{Catalogue: c, Settle: time.Minute}, nil)
		if err != nil || len(open) > 0 || len(settled) != 1 || settled[0] != (record.Settled{Run: "r1", Step: 3, How: record.Adopted, ID: 9}) {
			t.Errorf("%+v %v %v", settled, open, err)
		}
	})
}
