package run_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/canned"
	"pbxsync/sync/run"
)

// What is found after the answer to a create was lost is taken for ours only where it
// has all that was sent and nothing that nobody sent. Of anything else a person decides,
// and it is never made twice.
func TestFoundAfterALostAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		more map[string]any // what the object in the tenant has beside what was sent
		ours bool
	}{
		"as it was sent":          {nil, true},
		"another value":           {map[string]any{"timezone": "Europe/Paris"}, false},
		"no value":                {map[string]any{"timezone": nil}, false},
		"a list that is not ours": {map[string]any{"conditions": []any{map[string]any{"start_dow": canned.Num(2)}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := canned.NewServer()
			l.Lose = func(method, at string, body map[string]any) bool {
				l.Put(at, 61, body, test.more)
				return true
			}
			sum, lines := applied(t, l, office)
			var a *run.Ambiguous
			switch {
			case test.ours && (sum.Failed > 0 || sum.Done != 1 || !slices.Contains(lines, "ack 1 61 found after its answer was lost")):
				t.Errorf("it was not taken: %+v\n%q", sum, lines)
			case !test.ours && (sum.Failed != 1 || !errors.As(sum.Failures[0].Err, &a) || !slices.Equal(a.IDs, []int64{61})):
				t.Errorf("it was taken: %+v\n%q", sum, lines)
			}
			if l.Posts() != 1 {
				t.Errorf("sent %d times", l.Posts())
			}
		})
	}
}

// What a create may leave to the server is not compared, unless only people write it.
func TestFoundWithMoreThanWasSent(t *testing.T) {
	for name, test := range map[string]struct {
		field string
		value any
		ours  bool
	}{
		"free text": {"extra_params", "theirs", false},
		"none":      {"extra_params", nil, true},
		"empty":     {"extra_params", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			l := canned.NewServer()
			l.Lose = func(_, at string, body map[string]any) bool {
				l.Put(at, 61, body, map[string]any{test.field: test.value})
				return true
			}
			if sum, lines := applied(t, l, tenantLine+"extension_groups: {new: {}}\n"); (sum.Failed == 0) != test.ours {
				t.Errorf("%+v\n%q", sum, lines)
			}
		})
	}
}

// One pass over a long list misses rows while somebody edits: what was made is looked
// for until two passes agree.
func TestFoundInALongList(t *testing.T) {
	l := canned.NewServer()
	one := map[string]any{"id": canned.Num(61), "client_id": canned.Num(12), "name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}
	two := maps.Clone(one)
	two["id"] = canned.Num(62)
	l.Lose = func(string, string, map[string]any) bool {
		l.Rows = func(at string, nth int) ([]map[string]any, int, bool) {
			if nth == 1 {
				return []map[string]any{one}, 2, true
			}
			return []map[string]any{one, two}, 2, true
		}
		return true
	}
	sum, lines := applied(t, l, office)
	var a *run.Ambiguous
	if sum.Failed != 1 || !errors.As(sum.Failures[0].Err, &a) || !slices.Equal(a.IDs, []int64{61, 62}) {
		t.Errorf("%+v\n%q", sum, lines)
	}
	if l.Nth[intervals] != 3 || sum.Settling != 6 {
		t.Errorf("%d passes, %d calls were counted", l.Nth[intervals], sum.Settling)
	}
}

// A list that never says the same twice says nothing.
func TestFoundInAListThatNeverRests(t *testing.T) {
	l := canned.NewServer()
	l.Lose = func(string, string, map[string]any) bool {
		l.Rows = func(at string, nth int) ([]map[string]any, int, bool) {
			return []map[string]any{{"id": canned.Num(60 + nth), "client_id": canned.Num(12), "name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}}, 2, true
		}
		return true
	}
	sum, _ := applied(t, l, office)
	if sum.Failed != 1 || !strings.Contains(sum.Failures[0].Err.Error(), "the list changes from one reading to the next") || !sum.Failures[0].Doubtful || l.Posts() != 1 {
		t.Errorf("%+v, %d sent", sum, l.Posts())
	}
}

// A call that was not carried out is sent again when the time in which it could be is
// over, and not more often than three times.
func TestNothingFound(t *testing.T) {
	for lost, want := range map[int]string{1: "", 2: "", 3: "no answer; sent 3 times, and each time nothing was there 1m0s later"} {
		l := canned.NewServer()
		l.Lose = func(string, string, map[string]any) bool { return l.Posts() <= lost }
		sum, lines := applied(t, l, office)
		got := ""
		if sum.Failed > 0 {
			got = sum.Failures[0].Err.Error()
		}
		if got != want || l.Posts() != min(lost+1, 3) || sum.Lost != lost {
			t.Errorf("%d lost: %q, sent %d times, %d counted\n%q", lost, got, l.Posts(), sum.Lost, lines)
		}
		if !slices.Contains(lines, "failed 1 nothing was there 1m0s later") {
			t.Errorf("%q", lines)
		}
	}
}

// Where the tenant cannot be read, it is not known what a create has made.
func TestNobodyCanLook(t *testing.T) {
	l := canned.NewServer()
	l.Lose = func(_, at string, body map[string]any) bool {
		l.Tenant[intervals] = []map[string]any{{"id": true, "client_id": canned.Num(12), "name": "Office"}}
		return true
	}
	sum, _ := applied(t, l, office)
	if sum.Failed != 1 || !sum.Failures[0].Doubtful || !strings.Contains(sum.Failures[0].Err.Error(), "looking for what it made: ") || l.Posts() != 1 {
		t.Errorf("%+v, %d sent", sum, l.Posts())
	}
}
