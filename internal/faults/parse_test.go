package faults

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

var api = API{Catalogue: schema.Builtin(), Paths: []string{"/client/{client_id}/extension/", "/client/{client_id}/did/{did_id}/", "/client/client_info/{client_id}/"}}

func parse(text string) (Set, schema.Problems) {
	return Parse(file.File{Name: "f.yaml", Data: []byte(text)}, api)
}

func TestParse(t *testing.T) {
	set, problems := parse(`seed: 7
faults:
  - {on: POST, path: "/client/*/extension/", at: 3, do: drop, commit: true}
  - {on: "*", path: "*", rate: 0.02, do: status, status: 503, retry_after: 1.5}
  - {on: [GET, PUT], path: "**", every: 10, do: truncate, bytes: 120, framing: close}
  - {do: delay, wait: never, from: 2, to: 4}
  - {path: "/client/**?page=2", at: [1, 2], do: content, as: html, commit: false}
  - {do: content, body: "x", type: text/plain, rate: 1, path: /oauth/token}
  - {do: drop, after: 2s, reset: true}
  - {do: update, kind: did, key: 4930123456, set: {extension_id: null}}
  - {do: rate_limit, calls: 10, per: 500ms}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := Set{Seed: 7, Rules: []Rule{
		{On: []string{"POST"}, Path: "/client/*/extension/", At: []int{3}, Do: Drop, Commit: true},
		{Path: "*", Rate: 0.02, Do: Status, Status: 503, RetryAfter: "1.5"},
		{On: []string{"GET", "PUT"}, Path: "**", Every: 10, Do: Truncate, Bytes: 120, Framing: FramingClose},
		{Do: Delay, Wait: Never, From: 2, To: 4},
		{Path: "/client/**?page=2", At: []int{1, 2}, Do: Content, As: AsHTML, Lost: true},
		{Do: Content, Body: "x", Type: "text/plain", Rate: 1, Path: TokenPath},
		{Do: Drop, After: 2 * time.Second, Reset: true},
		{Do: Update, Kind: "did", Key: "4930123456", Set: map[string]any{"extension_id": nil}},
		{Do: RateLimit, Calls: 10, Per: 500 * time.Millisecond},
	}}
	for i := range set.Rules {
		if i < len(want.Rules) {
			if got := set.Rules[i].Place.Line; got != i+3 {
				t.Errorf("rule %d stands in line %d", i+1, got)
			}
			set.Rules[i].Place = schema.Place{}
			if !reflect.DeepEqual(set.Rules[i], want.Rules[i]) {
				t.Errorf("rule %d\n%+v\n%+v", i+1, set.Rules[i], want.Rules[i])
			}
		}
	}
	if set.Seed != want.Seed || len(set.Rules) != len(want.Rules) {
		t.Errorf("seed %d, %d rules", set.Seed, len(set.Rules))
	}
}

func TestParseProblems(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "f.yaml:1:1: the file is empty; write faults: with a list of rules"},
		{"# nothing\n", "f.yaml:1:1: the file is empty; write faults: with a list of rules"},
		{"- a\n", "f.yaml:1:1: the file has to hold keys and values; write faults: with a list of rules"},
		{"seed: 1\n", "f.yaml:1:1: there are no faults; write faults: with a list of rules"},
		{"sed: 1\nfaults: []\n", `f.yaml:1:1: unknown word "sed" in a file of faults; did you mean "seed"?`},
		{"seed: -1\nfaults: []\n", "f.yaml:1:7: seed has to be a whole number from 0, not -1"},
		{"faults: {do: drop}\n", "f.yaml:1:9: faults has to be a list of rules, not this map; begin each with a dash"},
		{"faults: [drop]\n", `f.yaml:1:10: a fault has to be a map, not "drop"; such as {on: POST, at: 3, do: drop}`},
		{"faults: [{at: 1}]\n", "f.yaml:1:10: do is missing; known: status, drop, truncate, content, expire, rate_limit, delay, page_cap, page_size, page_first, page_shift, page_shuffle, insert, update, remove"},
		{"faults: [{do: drp}]\n", `f.yaml:1:15: unknown fault "drp" in do; did you mean "drop"?`},
		{"faults: [{do: drop, att: 1}]\n", `f.yaml:1:21: unknown word "att" in a fault; did you mean "at"?`},
		{"faults: [{do: drop, bytes: 1}]\n", "f.yaml:1:21: bytes means nothing with drop; it takes commit, after, reset"},
		{"faults: [{do: expire, status: 401}]\n", "f.yaml:1:23: status means nothing with expire; delete it"},
		{"faults: [{do: status}]\n", "f.yaml:1:10: status needs status"},
		{"faults: [{do: status, status: 99}]\n", "f.yaml:1:31: status has to be a whole number from 200 to 599, not 99"},
		{"faults: [{do: content}]\n", "f.yaml:1:10: content needs as or body"},
		{"faults: [{do: content, as: htm}]\n", `f.yaml:1:28: as has to be html, empty, no_content, xml, object, list, null, half, bom, trailing, not "htm"; did you mean "html"?`},
		{"faults: [{do: content, as: xml, body: x}]\n", "f.yaml:1:10: content takes as or body; delete one of the two"},
		{"faults: [{do: delay}]\n", "f.yaml:1:10: delay needs wait or speed"},
		{"faults: [{do: delay, wait: 2}]\n", "f.yaml:1:28: wait has to be a time above 0 such as 2s, or never, not 2"},
		{"faults: [{do: drop, on: FETCH}]\n", `f.yaml:1:25: on has to be a method such as GET, or a list of them, not "FETCH"`},
		{"faults: [{do: drop, on: POSTS}]\n", `f.yaml:1:25: on has to be a method such as GET, or a list of them, not "POSTS"; did you mean "POST"?`},
		{"faults: [{do: drop, at: []}]\n", "f.yaml:1:25: at has to be a number from 1, or a list of them, not this list"},
		{"faults: [{do: drop, rate: 2}]\n", "f.yaml:1:27: rate has to be a number above 0 and up to 1, not 2"},
		{"faults: [{do: drop, rate: NaN}]\n", `f.yaml:1:27: rate has to be a number above 0 and up to 1, not "NaN"`},
		{"faults: [{do: drop, at: 1, rate: 0.5}]\n", "f.yaml:1:28: at and rate say the same in two ways; delete one of the two"},
		{"faults: [{do: drop, every: 2, rate: 0.5}]\n", "f.yaml:1:31: every and rate say the same in two ways; delete one of the two"},
		{"faults: [{do: drop, from: 5, to: 2}]\n", "f.yaml:1:30: to is 2, before from, which is 5"},
		{"faults: [{do: rate_limit, calls: 2, at: 1}]\n", "f.yaml:1:37: at means nothing with rate_limit, which counts calls itself; delete it"},
		{"faults: [{do: drop, path: client}]\n", `f.yaml:1:21: path "client" does not begin with /; write "/client"`},
		{"faults: [{do: drop, path: '/client/*/extensions/'}]\n", `f.yaml:1:21: no path of the API matches "/client/*/extensions/"; did you mean "/client/*/extension/"?`},
		{"faults: [{do: insert, kind: extensoin, set: {x: 1}}]\n", `f.yaml:1:23: unknown kind "extensoin" in a fault; did you mean "extension"?`},
		{"faults: [{do: insert, kind: extension, set: {lable: x}}]\n", `f.yaml:1:46: unknown field "lable" in extension; did you mean "label"?`},
		{"faults: [{do: remove, kind: phone}]\n", "f.yaml:1:23: a phone is neither made nor deleted alone; use update"},
		{"faults: [{do: drop, do: drop}]\n", `f.yaml:1:21: "do" was already given in line 1; delete one of the two`},
		{"faults: [{do: page_shift, by: 0}]\n", "f.yaml:1:31: by has to be a whole number that is not 0, not 0"},
		{"faults: [{do: drp}, {do: drop, tims: 3}]\n", "f.yaml:1:15: unknown fault \"drp\" in do; did you mean \"drop\"?\nf.yaml:1:32: unknown word \"tims\" in a fault; known: do, on, path, at, every, rate, from, to, commit, after, reset"},
	} {
		_, problems := parse(tt.text)
		if got := problems.Error(); got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// TestWordsAreWhole: whatever a fault needs or takes is described, and nothing is
// described that none takes.
func TestWordsAreWhole(t *testing.T) {
	used := map[string]bool{}
	for i := range words {
		for _, name := range words[i].names() {
			used[name] = true
			if paramOf(params, name) == nil {
				t.Errorf("%s: %s is not described", words[i].Do, name)
			}
		}
	}
	for _, p := range params {
		if !used[p.Name] {
			t.Errorf("nothing takes %s", p.Name)
		}
	}
	if len(used) == 0 || len(params) == 0 {
		t.Errorf("%d words are used, %d described", len(used), len(params))
	}
}

func FuzzParse(f *testing.F) {
	f.Add("seed: 7\nfaults:\n  - {on: [GET], path: \"/client/*/did/*/?page=2\", at: [1, 2], do: drop, after: 2s}\n")
	for _, w := range words {
		f.Add("faults: [{do: " + string(w.Do) + ", " + strings.Join(w.names(), ": 1, ") + ": never}]\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, problems := parse(text)
		for _, p := range problems {
			if p.Place.File == "" || p.Message == "" {
				t.Fatalf("%+v", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		run := set.Start()
		for range 3 {
			for _, f := range run.Next(get("/client/12/did/7/?page=2"), time.Second) {
				if f.Do == "" {
					t.Fatal("a fault without a word")
				}
			}
		}
	})
}
