package expect_test

import (
	"slices"
	"strings"
	"testing"

	"pbxsync/schema"
	"pbxsync/schema/expect"
	"pbxsync/schema/file"
	"pbxsync/schema/route"
)

const tenant = `
version: 1
tenant: {name: acme, prefix: "12037"}
settings: {timezone: Europe/Berlin, dial_rule: Germany}
dial_rule_lists:
  Germany:
    dial_rules: [{match_exp: '^00([0-9]+)$', repl_exp: '\1'}]
extensions:
  "101": {type: phone, status: active, label: Alice, phone: {record_enabled: false}}
  "102": {type: phone, status: active, phone: {external_number: "00491711234567", record_enabled: false}}
  "103": {type: phone, status: blocked}
  "190": {type: fax, status: active}
  "200": {type: queue, status: active}
  "300": {type: ivr, status: active}
  "400": {type: conference, status: active}
dids:
  "4930100": {extension: "101"}
  "4930102": {extension: "102"}
  "4930103": {extension: "103"}
  "4930190": {extension: "190"}
  "4930200": {extension: "200"}
  "4930300": {extension: "300"}
  "4930400": {extension: "400"}
  "4930999": {extension: null}
`

// board makes a board of the tenant, with some of its text put otherwise.
func board(t *testing.T, old, with string) *route.Board {
	t.Helper()
	got, problems := file.Parse(schema.Builtin(), []file.File{{Name: "a.yaml", Data: []byte(strings.Replace(tenant, old, with, 1))}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return route.Of(got)
}

// judged holds a list of expectations against the tenant.
func judged(t *testing.T, b *route.Board, calls string) (*expect.Judged, schema.Problems) {
	t.Helper()
	list, problems := expect.Parse(file.File{Name: "calls.yaml", Data: []byte("version: 1\ncalls:\n" + calls)})
	j, wrong := expect.Judge(b, list)
	return j, append(problems, wrong...)
}

func TestMet(t *testing.T) {
	j, problems := judged(t, board(t, "", ""), `
  - {call: 4930100, at: 2026-12-24 18:10, goes to: extension/101}
  - {call: "+49 30-102", at: [2026-12-24T18:10, 2026-12-25T18:10], from: anonymous, goes to: outside}
  - {call: "4930102", goes to: outside 491711234567}
  - {call: "4930103", goes to: nobody}
  - {call: "4930190", goes to: fax/190}
  - {call: "4930200", goes to: queue/200}
  - {call: "4930300", goes to: menu/300}
  - {call: "4930400", goes to: conference/400}
  - {call: "4930400", from: "491711234567", goes to: extension/400}
  - {call: "0049171", from: extension/101, goes to: outside +49 171}
`)
	all, met := j.Cases()
	if len(problems) > 0 || all != 11 || met != 11 || !slices.Equal(j.Without, []string{"4930999"}) {
		t.Errorf("%d of %d met, without %v, failed %v, wrong %v", met, all, j.Without, j.Failed(), problems)
	}
}

func TestNotMet(t *testing.T) {
	j, problems := judged(t, board(t, "", ""), `
  - {call: "4930100", at: 2026-12-24 18:10, goes to: voicemail}
  - call: "4930102"
    at:
      - 2026-12-24 18:10
      - 2026-12-25 18:10
    goes to: outside 491711234568
  - {call: "4930999", from: anonymous, goes to: voicemail/101}
  - {call: "4930190", goes to: extension/101}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []string{
		"calls.yaml:4:5: a call to 4930100 at 2026-12-24 18:10 goes to Alice (101), not to voicemail; pbxsync route --to 4930100 --at '2026-12-24 18:10' says why",
		"calls.yaml:7:9: a call to 4930102 at 2026-12-24 18:10 goes to outside, 491711234567, not to outside 491711234568; pbxsync route --to 4930102 --at '2026-12-24 18:10' says why",
		"calls.yaml:8:9: a call to 4930102 at 2026-12-25 18:10 goes to outside, 491711234567, not to outside 491711234568; pbxsync route --to 4930102 --at '2026-12-25 18:10' says why",
		"calls.yaml:10:5: a call to 4930999 from anonymous goes to nobody, not to voicemail/101; pbxsync route --to 4930999 --from anonymous says why",
		"calls.yaml:11:5: a call to 4930190 goes to 190, not to extension/101; pbxsync route --to 4930190 says why",
	}
	if got := strings.Split(j.Failed().Error(), "\n"); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Where it depends on something that the expectation leaves out, that is said.
func TestDepends(t *testing.T) {
	b := board(t, "", "")
	b.Extension("101").Rules = []*route.Rule{{Does: route.Busy, Hours: &route.Hours{Name: "Night", Unread: true}}}
	j, _ := judged(t, b, "  - {call: 4930100, goes to: busy}\n")
	if got := j.Failed().Error(); got != "calls.yaml:3:5: a call to 4930100 goes to one or another, as it depends, not to busy; write at: and from: where it depends on them" {
		t.Error(got)
	}
}

func TestWrong(t *testing.T) {
	for line, want := range map[string]string{
		`{call: "4930101", goes to: voicemail}`:                                         `calls.yaml:3:12: "4930101" is no number of this tenant; did you mean "4930100"?`,
		`{call: "4930100", goes to: voicmail}`:                                          `calls.yaml:3:32: "voicmail" is no place that a call goes to`,
		`{call: "4930100", goes to: extension/104}`:                                     `calls.yaml:3:32: there is no extension/104; did you mean`,
		`{call: "4930100", goes to: extension}`:                                         "calls.yaml:3:32: extension needs a number, such as extension/101",
		`{call: "4930100", goes to: queue/101}`:                                         "calls.yaml:3:32: 101 is no queue; its type is phone",
		`{call: "4930100", goes to: busy now}`:                                          "calls.yaml:3:32: nothing stands behind busy",
		`{call: "4930100", at: 2027-03-28 02:30, goes to: voicemail}`:                   "calls.yaml:3:27: 2027-03-28 02:30 does not exist in Europe/Berlin, where clocks go forward",
		`{call: "4930100", at: 2026-10-25 02:30, goes to: voicemail}`:                   "calls.yaml:3:27: 2026-10-25 02:30 exists twice in Europe/Berlin, where clocks go back; write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00",
		`{call: "4930100", at: soon, goes to: voicemail}`:                               `calls.yaml:3:27: "soon" is no point in time; write it as 2026-12-24T18:10`,
		`{call: "4930100", at: [], goes to: voicemail}`:                                 "calls.yaml:3:27: the list of times is empty; write a time, or leave at: out for any time",
		`{call: "4930100", from: nobody, goes to: voicemail}`:                           `calls.yaml:3:29: "nobody" is nobody who calls`,
		`{call: "4930100", from: extension/109, goes to: voicemail}`:                    "calls.yaml:3:29: there is no extension/109",
		`{call: "4930100"}`:                                                             "calls.yaml:3:5: an expectation has to say goes to:",
		`{goes to: voicemail}`:                                                          "calls.yaml:3:5: an expectation has to say call:",
		`{call: "4930100", gose to: voicemail}`:                                         `calls.yaml:3:23: "gose to" is not known here`,
		`{call: [1], goes to: voicemail}`:                                               "calls.yaml:3:12: call: has to be a text",
		`voicemail`:                                                                     "calls.yaml:3:5: an expectation has to hold keys and values",
		"{call: 4930102, goes to: outside}\n  - {call: \"+4930102\", goes to: outside}": "calls.yaml:4:5: the same is asked at calls.yaml:3:5; delete one of them",
	} {
		if _, problems := judged(t, board(t, "", ""), "  - "+line+"\n"); !slices.ContainsFunc(problems, func(p schema.Problem) bool { return strings.HasPrefix(p.String(), want) }) {
			t.Errorf("%s: %v\nwant %s", line, problems, want)
		}
	}
	for text, want := range map[string]string{
		"":                     "calls.yaml:1:1: ",
		"[]":                   "calls.yaml:1:1: a file of expectations has to hold keys and values",
		"calls: []":            "calls.yaml:1:1: the version of the file is not stated",
		"version: 1":           "calls.yaml:1:1: the file has no list of calls",
		"version: 1\ncalls: 3": "calls.yaml:2:1: calls has to be a list",
		"version: 1\ncall: []": `calls.yaml:2:1: "call" is not known here`,
	} {
		_, problems := expect.Parse(file.File{Name: "calls.yaml", Data: []byte(text)})
		if !slices.ContainsFunc(problems, func(p schema.Problem) bool { return strings.HasPrefix(p.String(), want) }) {
			t.Errorf("%q: %v\nwant %s", text, problems, want)
		}
	}
}

// Without a zone a time means nothing.
func TestWithoutZone(t *testing.T) {
	b := board(t, "timezone: Europe/Berlin, ", "")
	_, problems := judged(t, b, "  - {call: 4930100, at: 2026-12-24 18:10, goes to: extension/101}\n")
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "in which zone 2026-12-24 18:10 is meant is not known; write 2026-12-24 18:10Z, or say the tenant's zone") {
		t.Error(problems)
	}
	if j, problems := judged(t, b, "  - {call: 4930100, at: 2026-12-24T18:10+01:00, goes to: extension/101}\n"); len(problems)+len(j.Failed()) > 0 {
		t.Error(problems, j.Failed())
	}
}
