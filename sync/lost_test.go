package sync_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
	"pbxsync/sync/run"
)

// losing is a tenant in which what happens to a call, and what a list tells, is up to
// the test.
type losing struct {
	*writer
	// lose may carry out a call, and says whether its answer is lost.
	lose func(method, at string, body map[string]any) bool
	// list may tell other rows than are there.
	list func(at string, nth int) (rows []map[string]any, pages int, told bool)
	nth  map[string]int
	// refuse are lists and objects that cannot be read.
	refuse map[string]error
}

func (l *losing) Send(ctx context.Context, method, at string, body map[string]any) (map[string]any, error) {
	row, err := l.writer.Send(ctx, method, at, body)
	if l.lose != nil && l.lose(method, at, body) {
		return nil, maybe{errors.New("no answer")}
	}
	return row, err
}

func (l *losing) List(ctx context.Context, at string, how schema.Listing) ([]map[string]any, int, int, error) {
	if err := l.refuse[at]; err != nil {
		return nil, 1, 0, err
	}
	if l.list != nil {
		l.nth[at]++
		if rows, pages, told := l.list(at, l.nth[at]); told {
			return rows, pages, 0, nil
		}
	}
	return l.writer.List(ctx, at, how)
}

// Get answers with an error as a server does that knows no such object.
func (l *losing) Get(ctx context.Context, at string) (any, error) {
	if err := l.refuse[at]; err != nil {
		return nil, err
	}
	v, err := l.writer.Get(ctx, at)
	if v == nil && err == nil {
		return nil, status(404)
	}
	return v, err
}

type status int

func (s status) Error() string   { return fmt.Sprintf("the server answered %d", int(s)) }
func (s status) HTTPStatus() int { return int(s) }

func newLosing() *losing {
	l := &losing{writer: &writer{Tenant: canned.Small()}, nth: map[string]int{}}
	maps.Copy(l.Tenant, canned.Tenant{"/client/12/interval/": []map[string]any{}, "/client/12/user/client/": []map[string]any{}})
	return l
}

// put adds a row to a list.
func (l *losing) put(at string, id int, body map[string]any, more map[string]any) {
	data, _ := json.Marshal(body)
	row := map[string]any{}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	_ = d.Decode(&row)
	maps.Copy(row, more)
	row["id"], row["client_id"] = canned.Num(id), canned.Num(12)
	rows, _ := l.Tenant[at].([]map[string]any)
	l.Tenant[at] = append(slices.Clone(rows), row)
}

// noted is a journal that keeps what it is told.
type noted struct{ lines []string }

func (n *noted) add(format string, args ...any) error {
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
	return nil
}
func (n *noted) Begin(*plan.Value, []record.Before) error { return nil }
func (n *noted) Before(record.Before) error               { return nil }
func (n *noted) Respelled(record.Respelled) error         { return nil }
func (n *noted) Intent(i record.Intent) error {
	return n.add("intent %d.%d %s %s", i.Step, i.Attempt, i.Method, i.Path)
}
func (n *noted) Ack(step int, id int64, why string) error {
	return n.add("ack %d %d %s", step, id, why)
}
func (n *noted) Failed(step int, why string) error  { return n.add("failed %d %s", step, why) }
func (n *noted) Unknown(step int, why string) error { return n.add("unknown %d %s", step, why) }

const (
	tenantLine = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"
	office     = tenantLine + "intervals: {Office: {timezone: Europe/Berlin, conditions: []}}\n"
	intervals  = "/client/12/interval/"
	users      = "/client/12/user/client/"
)

// applied carries files out, in virtual time.
func applied(t *testing.T, l *losing, text string) (sum *run.Summary, lines []string) {
	t.Helper()
	p := order(t, observed(t, l, text, 1))
	return carriedOut(t, l, p)
}

func carriedOut(t *testing.T, l *losing, p *plan.Plan) (sum *run.Summary, lines []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		j := &noted{}
		var err error
		secret := func(schema.SecretRef) (string, error) { return "pass word", nil }
		sum, err = sync.Apply(t.Context(), l, p, secret, sync.Options{Catalogue: schema.Builtin(), Settle: time.Minute, Journal: j, Run: "r"}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		lines = j.lines
	})
	return sum, lines
}

// posts counts the creates that were sent.
func (l *losing) posts() (n int) {
	for _, s := range l.sent {
		if strings.HasPrefix(s, "POST ") {
			n++
		}
	}
	return n
}

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
			l := newLosing()
			l.lose = func(method, at string, body map[string]any) bool {
				l.put(at, 61, body, test.more)
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
			if l.posts() != 1 {
				t.Errorf("sent %d times", l.posts())
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
			l := newLosing()
			l.lose = func(_, at string, body map[string]any) bool {
				l.put(at, 61, body, map[string]any{test.field: test.value})
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
	l := newLosing()
	one := map[string]any{"id": canned.Num(61), "client_id": canned.Num(12), "name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}
	two := maps.Clone(one)
	two["id"] = canned.Num(62)
	l.lose = func(string, string, map[string]any) bool {
		l.list = func(at string, nth int) ([]map[string]any, int, bool) {
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
	if l.nth[intervals] != 3 || sum.Settling != 6 {
		t.Errorf("%d passes, %d calls were counted", l.nth[intervals], sum.Settling)
	}
}

// A list that never says the same twice says nothing.
func TestFoundInAListThatNeverRests(t *testing.T) {
	l := newLosing()
	l.lose = func(string, string, map[string]any) bool {
		l.list = func(at string, nth int) ([]map[string]any, int, bool) {
			return []map[string]any{{"id": canned.Num(60 + nth), "client_id": canned.Num(12), "name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}}, 2, true
		}
		return true
	}
	sum, _ := applied(t, l, office)
	if sum.Failed != 1 || !strings.Contains(sum.Failures[0].Err.Error(), "the list changes from one reading to the next") || !sum.Failures[0].Doubtful || l.posts() != 1 {
		t.Errorf("%+v, %d sent", sum, l.posts())
	}
}

// A call that was not carried out is sent again when the time in which it could be is
// over, and not more often than three times.
func TestNothingFound(t *testing.T) {
	for lost, want := range map[int]string{1: "", 2: "", 3: "no answer; sent 3 times, and each time nothing was there 1m0s later"} {
		l := newLosing()
		l.lose = func(string, string, map[string]any) bool { return l.posts() <= lost }
		sum, lines := applied(t, l, office)
		got := ""
		if sum.Failed > 0 {
			got = sum.Failures[0].Err.Error()
		}
		if got != want || l.posts() != min(lost+1, 3) || sum.Lost != lost {
			t.Errorf("%d lost: %q, sent %d times, %d counted\n%q", lost, got, l.posts(), sum.Lost, lines)
		}
		if !slices.Contains(lines, "failed 1 nothing was there 1m0s later") {
			t.Errorf("%q", lines)
		}
	}
}

const person = tenantLine + "users: {client: {ada: {name: Ada, email: a@a.example, access: full, status: active, password: {env: PASSWORD}}}}\n"

// afterMaking loses the answer to a create that was carried out; no list shows a password.
func (l *losing) afterMaking(method, at string, body map[string]any) bool {
	if method == "POST" {
		delete(body, "password")
		l.put(at, 71, body, nil)
	}
	return method == "POST"
}

// Nothing tells whether the password of an object that was found is the one that was
// sent, so it is sent once more, and noted before that.
func TestSecretsOfWhatWasFound(t *testing.T) {
	l := newLosing()
	l.lose = l.afterMaking
	sum, lines := applied(t, l, person)
	if want := `PUT ` + users + `71 {"password":"pass word"}`; sum.Done != 1 || len(l.sent) != 2 || l.sent[1] != want {
		t.Errorf("%+v\n%q, wanted %s", sum, l.sent, want)
	}
	want := []string{"intent 1.1 POST " + users, "unknown 1 the server answered 502", "ack 1 71 found after its answer was lost", "intent 1.2 PUT " + users + "71", "ack 1 71 "}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%q, wanted\n%q", lines, want)
	}
}

// Where its secrets cannot be sent once more, that is said, with the way out.
func TestSecretsOfWhatWasFoundFail(t *testing.T) {
	l := newLosing()
	l.fail = map[string]error{"PUT " + users + "71": status(400)}
	l.lose = l.afterMaking
	sum, lines := applied(t, l, person)
	const want = "it was made, and its secrets could not be sent once more: the server answered 400; apply again with --send-secrets client_user/ada"
	if sum.Failed != 1 || sum.Failures[0].Err.Error() != want || !slices.Contains(lines, "failed 1 the server answered 400") {
		t.Errorf("%+v\n%q", sum, lines)
	}
}

// An update or a delete whose answer was lost is done where the tenant shows it, and
// only there.
func TestLostUpdatesAndDeletes(t *testing.T) {
	for name, test := range map[string]struct {
		files string
		done  bool // whether the server carried it out
		says  string
	}{
		"an update that was done":   {"extension_groups: {a: {extra_params: x}}", true, "ack 1 0 it is as wanted"},
		"an update that was not":    {"extension_groups: {a: {extra_params: x}}", false, ""},
		"a delete that was done":    {"extension_groups: {b: {absent: true}}", true, "ack 1 0 it is gone"},
		"a delete that was not":     {"extension_groups: {b: {absent: true}}", false, ""},
		"two fields, one was taken": {"extensions: {\"101\": {label: One, status: blocked}}", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLosing()
			l.lose = func(method, at string, body map[string]any) bool {
				if strings.Contains(name, "one was taken") {
					body, test.done = map[string]any{"label": "One"}, true
				}
				if test.done {
					l.carryOut(method, at, body)
				}
				return true
			}
			sum, lines := applied(t, l, tenantLine+test.files+"\n")
			if test.says != "" && (sum.Done != 1 || !slices.Contains(lines, test.says)) || test.says == "" && (sum.Failed != 1 || len(sum.Doubtful) != 1) {
				t.Errorf("%+v\n%q", sum, lines)
			}
			if len(l.sent) != 1 {
				t.Errorf("%q", l.sent)
			}
		})
	}
}

// carryOut changes or deletes what an item's path names.
func (l *losing) carryOut(method, at string, body map[string]any) {
	rows := []map[string]any{}
	for _, row := range l.Tenant[path.Dir(at)+"/"].([]map[string]any) {
		if fmt.Sprint(row["id"]) == path.Base(at) {
			if method == "DELETE" {
				continue
			}
			row = maps.Clone(row)
			maps.Copy(row, body)
		}
		rows = append(rows, row)
	}
	l.Tenant[path.Dir(at)+"/"] = rows
}

// What an update has to carry and the plan does not change is sent as it is now, and not
// as it was when the plan was made: it would undo what somebody changed since.
func TestCarriedFieldsAreFresh(t *testing.T) {
	l := newLosing()
	l.put(intervals, 61, map[string]any{"name": "Office", "timezone": "Europe/Berlin", "conditions": []any{}}, nil)
	p := order(t, observed(t, l, tenantLine+"intervals: {Office: {conditions: [{start_dow: mon, end_dow: fri}]}}\n", 1))
	l.carryOut("PUT", intervals+"61", map[string]any{"timezone": "Europe/Paris"})
	sum, _ := carriedOut(t, l, p)
	if sum.Done != 1 || len(l.sent) != 1 || !strings.Contains(l.sent[0], `"timezone":"Europe/Paris"`) || !strings.Contains(l.sent[0], `"name":"Office"`) {
		t.Errorf("%+v\n%q", sum, l.sent)
	}
}

// resumed settles a create that an earlier run left open.
func resumed(t *testing.T, l *losing, k *record.Records) (settled []record.Settled, open []*run.Ambiguous, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var err error
		settled, open, err = sync.Resume(t.Context(), l, k, plan.TenantID{ID: 12, Name: "acme", Prefix: "12037"}, sync.Options{Catalogue: schema.Builtin(), Settle: time.Minute}, nil)
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
			l := newLosing()
			for id, row := range test.rows {
				l.put(intervals, id, row, nil)
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

// What was stopped before its time is still open.
func TestResumeIsStopped(t *testing.T) {
	stop := make(chan struct{})
	close(stop)
	k := &record.Records{Open: []record.Open{{Run: "r1", Step: 3, Intent: record.Intent{Path: intervals, Kind: "interval", Key: "Office"}}}}
	settled, open, err := sync.Resume(t.Context(), newLosing(), k, plan.TenantID{ID: 12, Prefix: "12037"}, sync.Options{Catalogue: schema.Builtin(), Settle: time.Hour}, stop)
	if err != nil || len(settled)+len(open) > 0 {
		t.Errorf("%v %v %v", settled, open, err)
	}
}

// deaf is a journal that cannot put one kind of line down.
type deaf struct {
	noted
	fails string
}

func (d *deaf) say(what string, err error) error {
	if what == d.fails {
		return errors.New("disk full")
	}
	return err
}
func (d *deaf) Intent(i record.Intent) error { return d.say("intent", d.noted.Intent(i)) }
func (d *deaf) Ack(step int, id int64, why string) error {
	return d.say("ack", d.noted.Ack(step, id, why))
}
func (d *deaf) Failed(step int, why string) error { return d.say("failed", d.noted.Failed(step, why)) }
func (d *deaf) Unknown(step int, why string) error {
	return d.say("unknown", d.noted.Unknown(step, why))
}

// Once a line of the record could not be written, nothing more is sent: not the call itself, not its
// repeat, and no other step.
func TestNothingIsSentWithoutARecord(t *testing.T) {
	for fails, sent := range map[string]int{"intent": 0, "ack": 1, "failed": 1, "unknown": 1} {
		t.Run(fails, func(t *testing.T) {
			l := newLosing()
			if fails == "failed" {
				l.fail = map[string]error{"POST " + intervals: status(400)}
			}
			l.lose = func(string, string, map[string]any) bool { return fails == "unknown" }
			p := order(t, observed(t, l, tenantLine+"intervals: {A: {timezone: UTC, conditions: []}, B: {timezone: UTC, conditions: []}}\n", 1))
			synctest.Test(t, func(t *testing.T) {
				sum, err := sync.Apply(t.Context(), l, p, nil, sync.Options{Catalogue: schema.Builtin(), Settle: time.Minute, Journal: &deaf{fails: fails}, Parallelism: 1}, nil, nil)
				if err != nil || sum.Broken == nil || len(l.sent) != sent || sum.Done == 2 {
					t.Errorf("%v %+v, sent %q", err, sum, l.sent)
				}
				if fails == "intent" && !strings.Contains(sum.Failures[0].Err.Error(), "disk full; the call was not sent") {
					t.Errorf("%v", sum.Failures[0].Err)
				}
			})
		})
	}
}

// Where the tenant cannot be read, it is not known what a create has made.
func TestNobodyCanLook(t *testing.T) {
	l := newLosing()
	l.lose = func(_, at string, body map[string]any) bool {
		l.Tenant[intervals] = []map[string]any{{"id": true, "client_id": canned.Num(12), "name": "Office"}}
		return true
	}
	sum, _ := applied(t, l, office)
	if sum.Failed != 1 || !sum.Failures[0].Doubtful || !strings.Contains(sum.Failures[0].Err.Error(), "looking for what it made: ") || l.posts() != 1 {
		t.Errorf("%+v, %d sent", sum, l.posts())
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
