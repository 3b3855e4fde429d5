package run_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// resumed settles a create that an earlier run left open.
func resumed(t *testing.T, l *canned.Server, k *record.Records) (settled []record.Settled, open []*run.Ambiguous, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var err error
		settled, open, err = run.Resume(t.Context(), l, k, plan.TenantID{ID: 12, Name: "acme", Prefix: "12037"}, run.Options{Catalogue: schema.Builtin(), Settle: time.Minute}, nil)
		if err != nil {
			t.Fatal(err)
		}
		took = time.Since(began)
	})
	return settled, open, took
}

// A create that a killed run left open is looked for under its key. Objects that are
// explained already, since another run made them or they were there before, are not it.
func TestResume(t *testing.T) {
	open := func(baseline ...int64) []record.Open {
		return []record.Open{{Run: "r1", Step: 3, Address: "interval/Office", Intent: record.Intent{Step: 3, Method: "POST", Path: intervals, Kind: "interval", Addresses: []string{"interval/Office"}, Creates: true, Key: "Office",
			Baseline: baseline, Sent: map[string]any{"name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}}}}
	}
	seen := func(id int64) map[record.Name][]record.Seen {
		return map[record.Name][]record.Seen{{Kind: "interval", Key: "Office"}: {{Address: "interval/Office", ID: id}}}
	}
	same := map[string]any{"name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}
	other := map[string]any{"name": "Office", "timezone": "Europe/Paris", "conditions": []any{}}
	notDone, adopted := record.Settled{Run: "r1", Step: 3, How: record.NotDone}, record.Settled{Run: "r1", Step: 3, How: record.Adopted, ID: 61}
	for name, test := range map[string]struct {
		rows    map[int]map[string]any
		records *record.Records
		want    *record.Settled
		doubt   []int64
		took    time.Duration
	}{
		"nothing":               {nil, &record.Records{Open: open()}, &notDone, nil, time.Minute},
		"it":                    {map[int]map[string]any{61: same}, &record.Records{Open: open()}, &adopted, nil, 0},
		"it and one before":     {map[int]map[string]any{61: same, 60: same}, &record.Records{Open: open(60)}, &adopted, nil, 0},
		"one of another run":    {map[int]map[string]any{61: same}, &record.Records{Open: open(), Seen: seen(61)}, &notDone, nil, time.Minute},
		"one that was before":   {map[int]map[string]any{61: same}, &record.Records{Open: open(61)}, &notDone, nil, time.Minute},
		"one that is different": {map[int]map[string]any{61: other}, &record.Records{Open: open()}, nil, []int64{61}, 0},
		"two":                   {map[int]map[string]any{61: same, 62: same}, &record.Records{Open: open()}, nil, []int64{61, 62}, 0},
		"it and one like it":    {map[int]map[string]any{61: same, 62: other}, &record.Records{Open: open()}, nil, []int64{61, 62}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := canned.NewServer()
			for id, row := range test.rows {
				l.Put(intervals, id, row, nil)
			}
			settled, doubts, took := resumed(t, l, test.records)
			switch {
			case test.want != nil && (len(settled) != 1 || settled[0] != *test.want || len(doubts) > 0):
				t.Errorf("%+v, %v", settled, doubts)
			case test.want == nil && (len(settled) > 0 || len(doubts) != 1 || !slices.Equal(doubts[0].IDs, test.doubt) || doubts[0].Run != "r1" || doubts[0].Step != 3):
				t.Errorf("%+v, %v", settled, doubts)
			case took != test.took:
				t.Errorf("after %v, wanted %v", took, test.took)
			}
		})
	}
}

// Creates of which it cannot be told what they made come in the order of their addresses, and
// not in that in which something was found.
func TestResumeOfSeveral(t *testing.T) {
	open := func(step int, kind, list string) record.Open {
		return record.Open{Run: "r1", Step: step, Address: kind + "/x", Intent: record.Intent{Step: step, Path: list, Kind: kind, Key: "x", Creates: true, Sent: map[string]any{"name": "x"}}}
	}
	l := canned.NewServer()
	l.Rows = func(at string, nth int) ([]map[string]any, int, bool) {
		if at == groups && nth == 1 {
			return nil, 1, true
		}
		return []map[string]any{{"id": canned.Num(5), "name": "x"}, {"id": canned.Num(6), "name": "x"}}, 1, true
	}
	_, doubts, _ := resumed(t, l, &record.Records{Open: []record.Open{open(1, "extension_group", groups), open(2, "interval", intervals)}})
	if len(doubts) != 2 || doubts[0].Address != "extension_group/x" || doubts[1].Address != "interval/x" {
		t.Errorf("%v", doubts)
	}
}

// Where the list cannot be read for all of the time nothing is settled, and the error says how
// to go on without it.
func TestResumeCannotLook(t *testing.T) {
	l := canned.NewServer()
	l.Refuse = map[string]error{intervals: canned.Status(403)}
	k := &record.Records{Open: []record.Open{{Run: "r1", Step: 3, Intent: record.Intent{Path: intervals, Kind: "interval", Key: "Office"}}}}
	synctest.Test(t, func(t *testing.T) {
		settled, open, err := run.Resume(t.Context(), l, k, plan.TenantID{ID: 12, Prefix: "12037"}, run.Options{Catalogue: schema.Builtin(), Settle: time.Minute}, nil)
		const want = "looking for what run r1, step 3 has made: the server answered 403; where that cannot be read, pbxsync settle r1 3 --adopt ID, or --forget"
		if err == nil || err.Error() != want || len(settled)+len(open) > 0 {
			t.Errorf("%v %v %v", settled, open, err)
		}
	})
}

// What was stopped before its time is still open.
func TestResumeIsStopped(t *testing.T) {
	stop := make(chan struct{})
	close(stop)
	k := &record.Records{Open: []record.Open{{Run: "r1", Step: 3, Intent: record.Intent{Path: intervals, Kind: "interval", Key: "Office"}}}}
	settled, open, err := run.Resume(t.Context(), canned.NewServer(), k, plan.TenantID{ID: 12, Prefix: "12037"}, run.Options{Catalogue: schema.Builtin(), Settle: time.Hour}, stop)
	if err != nil || len(settled)+len(open) > 0 {
		t.Errorf("%v %v %v", settled, open, err)
	}
}

// What only a person can tell is said with the command that goes on.
func TestAmbiguous(t *testing.T) {
	for want, a := range map[string]*run.Ambiguous{
		"pbxsync settle r1 3 --adopt ID": {Address: "interval/a", Run: "r1", Step: 3},
		"may be any of the ids 5 6":      {Address: "interval/a", IDs: []int64{5, 6}, Run: "r1", Step: 3},
		"it is not known whether":        {Address: "interval/a", Run: "r1", Step: 3},
	} {
		if !strings.Contains(a.Error(), want) || !strings.Contains(a.Error(), "interval/a") || !a.IsDoubtful() {
			t.Errorf("%q lacks %q", a.Error(), want)
		}
	}
}
