package simulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"pbxsync/internal/faults"
)

const groups = "/client/@me/extension_group/"

// theatre is a box whose calls go over a wire of some kind, with their records.
type theatre struct {
	*box
	trip    http.RoundTripper
	base    string
	records []Record
}

func newTheatre(t testing.TB, o Options, rules ...faults.Rule) *theatre {
	b := newBox(t, o)
	th := &theatre{box: b, trip: Transport(b.Server), base: "http://pbx.example"}
	th.Record(func(r Record) { th.records = append(th.records, r) })
	if rules != nil {
		th.Rehearse(faults.Set{Seed: 1, Rules: rules})
	}
	return th
}

// overTCP puts real sockets in the place of the direct way.
func (th *theatre) overTCP() {
	endpoint, stop, err := th.Listen()
	if err != nil {
		th.t.Fatal(err)
	}
	web := &http.Transport{DisableKeepAlives: true}
	th.t.(*testing.T).Cleanup(func() { web.CloseIdleConnections(); th.Heal(); stop() })
	th.trip, th.base = web, endpoint
}

// ask returns what the client sees: status, type and body, or the error.
func (th *theatre) ask(method, path string, body any) string {
	return th.askWith(th.t.Context(), method, path, body)
}

func (th *theatre) askWith(ctx context.Context, method, path string, body any) string {
	in := th.request(method, path, body)
	r, err := http.NewRequestWithContext(ctx, method, th.base+in.URL.RequestURI(), in.Body)
	if err != nil {
		th.t.Fatal(err)
	}
	r.Header = in.Header
	resp, err := th.trip.RoundTrip(r)
	if err != nil {
		return shortError(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	out := fmt.Sprintf("%d %s %s", resp.StatusCode, resp.Header.Get("Content-Type"), strings.TrimSpace(string(data)))
	for _, name := range []string{"Retry-After", "Location"} {
		if v := resp.Header.Get(name); v != "" {
			out += " " + name + ": " + v
		}
	}
	if err != nil {
		out += " " + shortError(err)
	}
	return out
}

func shortError(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "gave up"
	case strings.Contains(err.Error(), "reset by peer"):
		return "reset"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "broken"
	}
	return err.Error()
}

// told is a record as the tables below have it.
func told(r Record) string {
	s := r.What
	if r.Committed {
		s += fmt.Sprintf(" committed %s %d", r.Kind, len(r.IDs))
	}
	if r.Answered {
		s += " answered"
	}
	return fmt.Sprintf("%s %d/%d", s, r.Server, r.Status)
}

// TestOutcomes plays each fault once, without sockets and with them.
func TestOutcomes(t *testing.T) {
	const made = `\{"client_id":12,.*"name":"support"\}`
	for _, tt := range []struct {
		name   string
		rule   faults.Rule
		method string
		want   string // a pattern
		record string
		made   bool
	}{
		{"nothing", faults.Rule{At: []int{2}, Do: faults.Drop}, "POST", `200 application/json ` + made, "call committed extension_group 1 answered 200/200", true},
		{"status", faults.Rule{Do: faults.Status, Status: 503, RetryAfter: "7"}, "POST", `503 application/json \{"message":"Service Unavailable"\} Retry-After: 7`, "call answered 0/503", false},
		{"status after the commit", faults.Rule{Do: faults.Status, Status: 502, Commit: true}, "POST", `502 application/json .*`, "call committed extension_group 1 answered 200/502", true},
		{"status without a body", faults.Rule{Do: faults.Status, Status: 204}, "POST", `204  `, "call answered 0/204", false},
		{"redirect", faults.Rule{Do: faults.Status, Status: 308, Location: "http://elsewhere.example/"}, "POST", `308 application/json .* Location: http://elsewhere\.example/`, "call answered 0/308", false},
		{"drop before", faults.Rule{Do: faults.Drop}, "POST", `broken`, "call 0/0", false},
		{"drop after", faults.Rule{Do: faults.Drop, Commit: true}, "POST", `broken`, "call committed extension_group 1 200/0", true},
		{"reset", faults.Rule{Do: faults.Drop, Reset: true}, "POST", `broken|reset`, "call 0/0", false},
		{"truncated", faults.Rule{Do: faults.Truncate, Bytes: 5}, "POST", `200 application/json \{"cli broken`, "call committed extension_group 1 200/200", true},
		{"truncated at once", faults.Rule{Do: faults.Truncate}, "POST", `200 application/json  broken`, "call committed extension_group 1 200/200", true},
		{"truncated chunks", faults.Rule{Do: faults.Truncate, Bytes: 5, Framing: faults.FramingChunked}, "POST", `200 application/json \{"cli broken`, "call committed extension_group 1 200/200", true},
		{"truncated and nobody can tell", faults.Rule{Do: faults.Truncate, Bytes: 5, Framing: faults.FramingClose}, "POST", `200 application/json \{"cli`, "call committed extension_group 1 200/200", true},
		{"truncated behind its end", faults.Rule{Do: faults.Truncate, Bytes: 5000}, "POST", `200 application/json ` + made, "call committed extension_group 1 answered 200/200", true},
		{"html", faults.Rule{Do: faults.Content, As: faults.AsHTML}, "POST", `200 text/html; charset=utf-8 <!DOCTYPE html>.*`, "call committed extension_group 1 answered 200/200", true},
		{"html of somebody else", faults.Rule{Do: faults.Content, As: faults.AsHTML, Lost: true}, "POST", `200 text/html.*`, "call answered 0/200", false},
		{"empty", faults.Rule{Do: faults.Content, As: faults.AsEmpty}, "GET", `200 text/html; charset=utf-8 `, "call answered 200/200", false},
		{"no content", faults.Rule{Do: faults.Content, As: faults.AsNoContent}, "GET", `204  `, "call answered 200/204", false},
		{"xml", faults.Rule{Do: faults.Content, As: faults.AsXML}, "GET", `200 application/xml <\?xml.*`, "call answered 200/200", false},
		{"object", faults.Rule{Do: faults.Content, As: faults.AsObject}, "GET", `200 application/json \{\}`, "call answered 200/200", false},
		{"list", faults.Rule{Do: faults.Content, As: faults.AsList}, "GET", `200 application/json \[\]`, "call answered 200/200", false},
		{"null", faults.Rule{Do: faults.Content, As: faults.AsNull}, "GET", `200 application/json null`, "call answered 200/200", false},
		{"bom", faults.Rule{Do: faults.Content, As: faults.AsBOM}, "GET", "200 application/json \ufeff\\[\\{.*\\}\\]", "call answered 200/200", false},
		{"trailing", faults.Rule{Do: faults.Content, As: faults.AsTrailing}, "GET", `200 application/json (?s)\[\{.*\}\]\s+and more`, "call answered 200/200", false},
		{"half", faults.Rule{Do: faults.Content, As: faults.AsHalf}, "GET", `200 application/json \[\]`, "call answered 200/200", false},
		{"a body", faults.Rule{Do: faults.Content, Body: "x", Type: "text/x"}, "GET", `200 text/x x`, "call answered 200/200", false},
		{"expire", faults.Rule{Do: faults.Expire}, "POST", `401 .*`, "call answered 401/401", false},
		{"rate limit", faults.Rule{Do: faults.RateLimit, RetryAfter: "1"}, "POST", `429 .* Retry-After: 1`, "call answered 0/429", false},
		{"a slow body", faults.Rule{Do: faults.Delay, Speed: 100000}, "POST", `200 application/json ` + made, "call committed extension_group 1 answered 200/200", true},
		{"a body with a stop", faults.Rule{Do: faults.Delay, Bytes: 4, Wait: time.Millisecond}, "POST", `200 application/json ` + made, "call committed extension_group 1 answered 200/200", true},
	} {
		play := func(t *testing.T, tcp bool) {
			th := newTheatre(t, Options{}, tt.rule)
			if tcp {
				th.overTCP()
			}
			var body any
			if tt.method == "POST" {
				body = m{"name": "support"}
			}
			if got := th.ask(tt.method, groups, body); !regexp.MustCompile("^(?:" + tt.want + ")$").MatchString(got) {
				t.Errorf("the client sees %q", got)
			}
			th.Heal()
			if got := len(th.Rows("extension_group")) > 1; got != tt.made {
				t.Errorf("made: %v", got)
			}
			th.settled(1)
			if got := told(th.records[0]); got != tt.record {
				t.Errorf("the record says %q", got)
			}
		}
		t.Run(tt.name+" direct", func(t *testing.T) { synctest.Test(t, func(t *testing.T) { play(t, false) }) })
		t.Run(tt.name+" tcp", func(t *testing.T) { play(t, true) })
	}
}

// settled waits until so many records are there: a client may know of a broken
// connection before the server is done with it.
func (th *theatre) settled(n int) {
	th.t.Helper()
	for range 1000 {
		th.stage.out.Lock()
		have := len(th.records)
		th.stage.out.Unlock()
		if have >= n {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	th.t.Fatalf("%d records, want %d", len(th.records), n)
}

func TestLateCommit(t *testing.T) {
	for _, rule := range []faults.Rule{
		{On: []string{"POST"}, Do: faults.Drop, After: 2 * time.Second, To: 1},
		{On: []string{"POST"}, Do: faults.Status, Status: 504, After: 2 * time.Second, To: 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			th := newTheatre(t, Options{Latency: 100 * time.Microsecond}, rule)
			th.ask("POST", groups, m{"name": "support"})
			time.Sleep(1999 * time.Millisecond)
			if th.Late() != 1 || len(th.Rows("extension_group")) != 1 {
				t.Errorf("%d late, %d rows", th.Late(), len(th.Rows("extension_group")))
			}
			th.Heal() // does not call it back
			time.Sleep(2 * time.Millisecond)
			if th.Late() != 0 || len(th.Rows("extension_group")) != 2 {
				t.Errorf("%d late, %d rows", th.Late(), len(th.Rows("extension_group")))
			}
			if a, b := th.records[0], th.records[1]; a.Committed || told(b) != "late committed extension_group 1 200/0" || a.Number != b.Number || b.Start != 2*time.Second {
				t.Errorf("%+v\n%+v", a, b)
			}
		})
	}
}

func TestDelays(t *testing.T) {
	for _, tt := range []struct {
		rule  faults.Rule
		limit time.Duration
		took  time.Duration
		want  string
	}{
		{faults.Rule{Do: faults.Delay, Wait: time.Hour}, 0, time.Hour, "200 application/json null"},
		{faults.Rule{Do: faults.Delay, Wait: time.Hour}, time.Minute, time.Minute, "gave up"},
		{faults.Rule{Do: faults.Delay, Wait: faults.Never}, time.Minute, time.Minute, "gave up"},
		{faults.Rule{Do: faults.Delay, Speed: 1}, 0, 3 * time.Second, "200 application/json null"},
		{faults.Rule{Do: faults.Delay, Speed: 1}, 2500 * time.Millisecond, 2500 * time.Millisecond, "200 application/json nul gave up"},
		{faults.Rule{Do: faults.Delay, Bytes: 2, Wait: 5 * time.Second}, 0, 5 * time.Second, "200 application/json null"},
		{faults.Rule{Do: faults.Delay, Bytes: 2, Wait: faults.Never}, time.Second, time.Second, "200 application/json nu gave up"},
	} {
		synctest.Test(t, func(t *testing.T) {
			th := newTheatre(t, Options{}, tt.rule, faults.Rule{Do: faults.Content, Body: "null", Type: "application/json"})
			ctx := t.Context()
			if tt.limit > 0 {
				limited, cancel := context.WithTimeout(ctx, tt.limit)
				defer cancel()
				ctx = limited
			}
			start := time.Now()
			got := th.askWith(ctx, "GET", groups, nil)
			if took := time.Since(start); got != tt.want || took != tt.took {
				t.Errorf("%+v: %q after %v", tt.rule, got, took)
			}
			synctest.Wait()
			if answered := th.records[0].Answered; answered != (tt.limit == 0) {
				t.Errorf("%+v: answered %v", tt.rule, answered)
			}
		})
	}
}

// TestHealingEndsWaits: nobody has to wait for what the rules no longer say.
func TestHealingEndsWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, Options{}, faults.Rule{Do: faults.Delay, Wait: faults.Never})
		got := make(chan string)
		go func() { got <- th.ask("GET", groups, nil) }()
		synctest.Wait()
		th.Heal()
		if s := <-got; !strings.HasPrefix(s, "200 ") {
			t.Error(s)
		}
	})
}

func TestRateLimitInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, Options{}, faults.Rule{Do: faults.RateLimit, Calls: 2, Per: time.Second})
		var got []string
		for range 5 {
			got = append(got, th.ask("GET", groups, nil)[:3])
			time.Sleep(250 * time.Millisecond)
		}
		if want := []string{"200", "200", "429", "429", "200"}; !slices.Equal(got, want) {
			t.Error(got)
		}
	})
}

// names are the names of the rows that a list gives.
func (th *theatre) names(path string) string {
	th.t.Helper()
	status, v := th.do("GET", path, nil)
	list, ok := v.(l)
	if !ok {
		return fmt.Sprint(status)
	}
	var out []string
	for _, row := range list {
		out = append(out, row.(m)["name"].(string)[9:])
	}
	return strings.Join(out, " ")
}

// TestPageFaults reads the DIDs 6, 7 and 8 by twos.
func TestPageFaults(t *testing.T) {
	for _, tt := range []struct {
		rule       faults.Rule
		one, other string
	}{
		{faults.Rule{At: []int{9}, Do: faults.PageFirst}, "6 7", "8"},
		{faults.Rule{Do: faults.PageCap, Size: 1}, "6", "7"},
		{faults.Rule{Do: faults.PageCap, Size: 5}, "6 7", "8"},
		{faults.Rule{Do: faults.PageSize, Size: 3}, "6 7 8", ""},
		{faults.Rule{Do: faults.PageFirst}, "6 7", "6 7"},
		{faults.Rule{Do: faults.PageShift, By: 1}, "6 7", ""},
		{faults.Rule{Do: faults.PageShift, By: -1}, "6 7", "7 8"},
		{faults.Rule{Do: faults.PageShift, By: -100}, "6 7", "6 7"},
		{faults.Rule{Do: faults.PageShift, By: 100}, "6 7", ""},
	} {
		for _, o := range []Options{{}, {PageCap: 2}} {
			if tt.rule.Size == 3 && o.PageCap == 2 {
				continue
			}
			th := newTheatre(t, o, tt.rule)
			one, other := th.names("/client/@me/did/?page=1&per_page=2"), th.names("/client/@me/did/?page=2&per_page=2")
			if one != tt.one || other != tt.other {
				t.Errorf("%+v: %q, %q", tt.rule, one, other)
			}
		}
	}
	th := newTheatre(t, Options{}, faults.Rule{Do: faults.PageShuffle})
	seen := map[string]bool{}
	for range 40 {
		seen[th.names("/client/@me/did/?page=1&per_page=3")] = true
	}
	if len(seen) != 6 {
		t.Errorf("orders: %v", seen)
	}
	if got := th.names("/client/@me/did/?page=x"); got != "400" {
		t.Error(got)
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		name string
		rule faults.Rule
		want string // of the record
		seen func(*theatre) bool
	}{
		{"insert", faults.Rule{Do: faults.Insert, Kind: "extension_group", Set: m{"name": "theirs"}}, "edit committed extension_group 1 0/0",
			func(th *theatre) bool { return len(th.Rows("extension_group")) == 2 }},
		{"insert a child", faults.Rule{Do: faults.Insert, Kind: "agent_event", Set: m{"parent": 701, "event_type": "agent-login", "method": "GET", "url": "u"}}, "edit committed agent_event 1 0/0",
			func(th *theatre) bool { return len(th.Rows("agent_event")) == 2 }},
		{"insert without a parent", faults.Rule{Do: faults.Insert, Kind: "agent_event", Set: m{"url": "u"}}, "edit 0/0", nil},
		{"update", faults.Rule{Do: faults.Update, Kind: "extension", Key: "101", Set: m{"label": "theirs"}}, "edit committed extension 1 0/0",
			func(th *theatre) bool { return th.Rows("extension")[0]["label"] == "theirs" }},
		{"update a phone", faults.Rule{Do: faults.Update, Kind: "phone", Key: "101", Set: m{"hangup_timeout": 99}}, "edit committed phone 1 0/0",
			func(th *theatre) bool { return th.Rows("phone")[0]["hangup_timeout"] == int64(99) }},
		{"update settings", faults.Rule{Do: faults.Update, Kind: "settings", Set: m{"timezone": "Europe/Rome"}}, "edit committed settings 1 0/0",
			func(th *theatre) bool { return th.Rows("settings")[0]["timezone"] == "Europe/Rome" }},
		{"update what is not there", faults.Rule{Do: faults.Update, Kind: "extension", Key: "199", Set: m{"label": "x"}}, "edit 0/0", nil},
		{"update with nonsense", faults.Rule{Do: faults.Update, Kind: "extension", Key: "101", Set: m{"label": l{}}}, "edit 0/0", nil},
		{"remove an event", faults.Rule{Do: faults.Remove, Kind: "agent_event", Key: "agent-login GET https://a.example"}, "edit committed agent_event 1 0/0",
			func(th *theatre) bool { return len(th.Rows("agent_event")) == 0 }},
		{"remove any", faults.Rule{Do: faults.Remove, Kind: "did"}, "edit committed did 1 0/0",
			func(th *theatre) bool { return len(th.Rows("did")) == 2 }},
		{"remove the dealer's", faults.Rule{Do: faults.Remove, Kind: "dial_rule"}, "edit 0/0", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			th := newTheatre(t, Options{}, tt.rule)
			th.ok("GET", groups, nil)
			if len(th.records) != 2 {
				t.Fatalf("%+v", th.records)
			}
			edit, call := th.records[0], th.records[1]
			if got := told(edit); got != tt.want || !edit.Foreign || call.Foreign || edit.Number != call.Number || (edit.Error == "") != edit.Committed {
				t.Errorf("%q %+v", got, edit)
			}
			if tt.seen != nil && !tt.seen(th) {
				t.Error("it is not there")
			}
		})
	}
}

// TestSameSeedSameEnd plays random faults twice, and at the same time.
func TestSameSeedSameEnd(t *testing.T) {
	rules := []faults.Rule{
		{On: []string{"POST"}, Rate: 0.3, Do: faults.Drop, Commit: true},
		{On: []string{"POST"}, Rate: 0.3, Do: faults.Status, Status: 500},
		{Rate: 0.2, Do: faults.Remove, Kind: "extension_group"},
		{Rate: 0.2, Do: faults.Delay, Wait: time.Second},
	}
	play := func(t *testing.T) (string, []Record) {
		th := newTheatre(t, Options{}, rules...)
		var seen []string
		for i := range 60 {
			seen = append(seen, th.ask("POST", groups, m{"name": fmt.Sprint("g", i)}))
		}
		return fmt.Sprint(seen, th.Rows("extension_group")), th.records
	}
	synctest.Test(t, func(t *testing.T) {
		one, records := play(t)
		other, again := play(t)
		if one != other {
			t.Errorf("%s\n%s", one, other)
		}
		for i := range records {
			records[i].Body, again[i].Body = "", ""
			if fmt.Sprint(records[i]) != fmt.Sprint(again[i]) {
				t.Fatalf("%+v\n%+v", records[i], again[i])
			}
		}
	})
	synctest.Test(t, func(t *testing.T) { // at the same time, other calls meet them, and as many
		th := newTheatre(t, Options{}, rules...)
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() { th.ask("POST", groups, m{"name": fmt.Sprint("g", i)}) })
		}
		all.Wait()
		_, together := th.Fired()
		th = newTheatre(t, Options{}, rules...)
		for i := range 60 {
			th.ask("POST", groups, m{"name": fmt.Sprint("g", i)})
		}
		if _, alone := th.Fired(); !slices.Equal(together, alone) {
			t.Errorf("%v %v", together, alone)
		}
	})
}

func TestRehearsalOfTokens(t *testing.T) {
	th := newTheatre(t, Options{}, faults.Rule{Path: faults.TokenPath, Do: faults.Status, Status: 500, To: 1})
	if rec := postForm(th.Server, nil); rec.Code != 500 {
		t.Error(rec.Code)
	}
	th.login()
	if th.records[0].What != RecordToken || th.records[0].Body != "" || th.records[1].Server != 200 {
		t.Errorf("%+v", th.records)
	}
}

func TestRecords(t *testing.T) {
	th := newTheatre(t, Options{})
	th.login()
	th.ok("POST", groups, m{"name": "support"})
	th.ok("PUT", "/client/12/did/201", m{"extension_id": 501})
	th.refused("DELETE", "/client/12/did/201", nil, 405, "offers no DELETE")
	th.ok("DELETE", "/client/12/extension_group/601", nil)
	th.ok("POST", "/client/12/variables/", m{"variables": l{m{"var": "A", "value": "2"}, m{"var": "B", "value": "3"}}})
	th.ok("GET", "/client/12/did/?page=1&per_page=2", nil)
	var got []string
	for i, r := range th.records {
		if r.Number != int64(i+1) || r.Start > r.End || !r.Answered || strings.Contains(r.Body, "support") {
			t.Errorf("%+v", r)
		}
		got = append(got, fmt.Sprint(r.Method, " ", r.Path, " ", r.Template, " ", told(r), " ", r.Body != ""))
	}
	want := []string{
		"POST   token answered 200/200 false",
		"POST /client/@me/extension_group/ /client/{client_id}/extension_group/ call committed extension_group 1 answered 200/200 true",
		"PUT /client/12/did/201 /client/{client_id}/did/{did_id} call committed did 1 answered 200/200 true",
		"DELETE /client/12/did/201 /client/{client_id}/did/{did_id} call answered 405/405 false",
		"DELETE /client/12/extension_group/601 /client/{client_id}/extension_group/{ext_group_id} call committed extension_group 1 answered 204/204 false",
		"POST /client/12/variables/ /client/{client_id}/variables/ call committed variable 0 answered 200/200 true",
		"GET /client/12/did/?page=1&per_page=2 /client/{client_id}/did/ call answered 200/200 false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n%s", strings.Join(got, "\n"))
	}
	if d := th.records[1].Body; d != th.Digest([]byte(`{"name":"support"}`)) || d == newTheatre(t, Options{}).Digest([]byte(`{"name":"support"}`)) {
		t.Error("the digest is not the server's own")
	}
	th.Record(nil)
	if th.stage.now.Load() != nil {
		t.Error("what nobody wants is still made")
	}
}

// TestEditsNeverPanic: what a file may say is refused at worst.
func TestEditsNeverPanic(t *testing.T) {
	weird := l{nil, true, int64(-1), int64(501), "", "x", "12037*", l{}, l{nil}, l{l{}}, m{}, m{"x": nil}, l{m{"x": l{}}}}
	th := newTheatre(t, Options{})
	made := 0
	for _, k := range th.cat.Kinds {
		for _, f := range k.Fields {
			for i, v := range weird {
				for _, parent := range []any{nil, int64(501), int64(701), "x"} {
					for _, do := range []faults.Do{faults.Insert, faults.Update} {
						set := m{f.API: v}
						if do == faults.Insert {
							set["parent"] = parent
						}
						th.Rehearse(faults.Set{Seed: uint64(i), Rules: []faults.Rule{{Do: do, Kind: k.Word, Set: set}}})
						th.records = nil
						th.do("GET", groups, nil)
						if th.records[0].Committed {
							made++
						}
					}
				}
			}
		}
	}
	if made < 100 {
		t.Errorf("only %d were made", made)
	}
}

// TestHalfARequest: what was not asked whole is neither carried out nor counted.
func TestHalfARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, Options{}, faults.Rule{On: []string{"POST"}, At: []int{1}, Do: faults.Status, Status: 500})
		r := th.request("POST", groups, m{}).WithContext(t.Context())
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"name":"support"}`), iotest.ErrReader(io.ErrUnexpectedEOF)))
		if _, err := Transport(th).RoundTrip(r); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
		if got := told(th.records[0]); got != "call 0/0" || th.records[0].Error == "" || len(th.Rows("extension_group")) != 1 {
			t.Error(got)
		}
		if got, _ := th.do("POST", groups, m{"name": "support"}); got != 500 {
			t.Error(got)
		}
	})
}
