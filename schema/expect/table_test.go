package expect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pbxsync/schema/expect"
	"pbxsync/schema/file"
	"pbxsync/schema/route"
)

// shop is a board with hours: a rule sends calls to a queue on working days, and the phone has a
// mailbox.
func shop(t *testing.T) *route.Board {
	b := board(t, "", "")
	open := &route.Hours{Name: "Open", Zone: b.Zone, Spans: []route.Span{{Days: true, FirstDay: time.Monday, LastDay: time.Friday, Begins: "08:00:00", Ends: "18:00:00"}}}
	b.Hours = append(b.Hours, open)
	b.Extension("101").Rules = []*route.Rule{
		{Does: route.Transfer, To: []route.Delayed{{Target: b.Target("200")}}, Hours: open},
		{Does: route.ToVoicemail}}
	b.Index()
	return b
}

// A table holds where each of its rows does, at every moment of the week.
func TestTable(t *testing.T) {
	for name, test := range map[string]struct{ table, want string }{
		"as it is":               {`{mon-fri 08:00-18:00: queue/200, otherwise: voicemail}`, "2 of 2"},
		"all rows":               {`{mon-fri 08:00-18:00: queue/200, mon-fri 00:00-08:00: voicemail, mon-fri 18:00-24:00: voicemail, "sat,sun": voicemail}`, "4 of 4"},
		"a span around the week": {`{mon-fri 08:00-18:00: queue/200, mon-fri 00:00-08:00: voicemail, mon-fri 18:00-24:00: voicemail, sat-sun: voicemail}`, "4 of 4"},
		"too long": {`{mon-fri 08:00-19:00: queue/200, otherwise: voicemail}`,
			"1 of 2\ncalls.yaml:6:9: a call to 4930100 at 2027-01-11 18:00 goes to voicemail of Alice (101), not to queue/200; pbxsync route --to 4930100 --at '2027-01-11 18:00' says why"},
		"too short": {`{mon-fri 09:00-18:00: queue/200, otherwise: voicemail}`,
			"1 of 2\ncalls.yaml:7:9: a call to 4930100 at 2027-01-11 08:00 goes to 200, not to voicemail; pbxsync route --to 4930100 --at '2027-01-11 08:00' says why"},
		"a day too many": {`{mon-sat 08:00-18:00: queue/200, otherwise: voicemail}`,
			"1 of 2\ncalls.yaml:6:9: a call to 4930100 at 2027-01-16 08:00 goes to voicemail of Alice (101), not to queue/200; pbxsync route --to 4930100 --at '2027-01-16 08:00' says why"},
	} {
		t.Run(name, func(t *testing.T) {
			j, problems := judged(t, shop(t), rows("2027-01-13", test.table))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			all, met := j.Cases()
			got := fmt.Sprintf("%d of %d", met, all)
			for _, p := range j.Failed() {
				got += "\n" + p.String()
			}
			if got != test.want {
				t.Errorf("%s\nwanted:\n%s", got, test.want)
			}
		})
	}
}

// Menus that no expectation comes to are named, and hours in which none is.
func TestUntouched(t *testing.T) {
	for calls, want := range map[string]string{
		"  - {call: \"4930100\", at: 2027-01-11 19:00, goes to: voicemail}\n":                                             "[300] [Open]",
		"  - {call: \"4930100\", at: 2027-01-11 17:00, goes to: queue/200}\n":                                             "[300] []",
		"  - {call: \"4930100\", at: 2027-01-11 17:00, goes to: queue/200}\n  - {call: \"4930300\", goes to: menu/300}\n": "[] []",
		"  - {call: \"4930300\", goes to: menu/300}\n":                                                                    "[] [Open]",
	} {
		j, problems := judged(t, shop(t), calls)
		if got := fmt.Sprint(j.Menus, j.Hours); len(problems) > 0 || got != want {
			t.Errorf("%s%s, wanted %s; %v", calls, got, want, problems)
		}
	}
}

// rows writes a table of one line as a block, from line 6 on.
func rows(week, table string) string {
	return "  - call: \"4930100\"\n    week: " + week + "\n    goes to:\n        " + strings.ReplaceAll(strings.Trim(table, "{}"), ", ", "\n        ") + "\n"
}

func TestTableName(t *testing.T) {
	j, _ := judged(t, shop(t), rows("2027-01-11", `{mon-fri 08:00-18:00: queue/200, otherwise: voicemail}`))
	if got := j.Results[1].Name(); got != "call to 4930100 in the week of 2027-01-11, otherwise, goes to voicemail" {
		t.Error(got)
	}
}

// What is wrong with a table is told at its place, with the way out.
func TestWrongTables(t *testing.T) {
	for text, want := range map[string]string{
		rows("2027-01-11", `{mon-fri 08:00-18:00: queue/200}`):                                                 "calls.yaml:5:5: Mon 00:00 to Mon 08:00: nothing is expected; write a row for it, or one for otherwise",
		rows("2027-01-11", `{mon-fri 00:00-24:00: queue/200, sat 00:00-23:00: voicemail}`):                     "calls.yaml:5:5: Sat 23:00 to Mon 00:00: nothing is expected; write a row for it, or one for otherwise",
		rows("2027-01-11", `{mon-fri 08:00-18:00: queue/200, tue 17:00-19:00: fax/190, otherwise: voicemail}`): `calls.yaml:7:9: Tue 17:00 to Tue 18:00 is in "mon-fri 08:00-18:00" too; change one of them, so that no minute is in both`,
		rows("2027-01-11", `{mon-sun: queue/200, otherwise: voicemail}`):                                       "calls.yaml:7:9: the other rows have the whole week, and nothing is left for otherwise; delete it",
		rows("2027-01-11", `{mon-fri 18:00-08:00: queue/200, otherwise: voicemail}`):                           `calls.yaml:6:9: "mon-fri 18:00-08:00" ends before it begins; part it at midnight: a row until 24:00, and one from 00:00 on for the next day`,
		rows("2027-01-11", `{monday: queue/200, otherwise: voicemail}`):                                        `calls.yaml:6:9: "monday" is no time of a week; write it as mon-fri 08:00-18:00, as sat,sun, or as otherwise`,
		rows("2027-01-11", `{mon 8-9: queue/200, otherwise: voicemail}`):                                       `calls.yaml:6:9: "mon 8-9" is no time of a week; write it as mon-fri 08:00-18:00, as sat,sun, or as otherwise`,
		rows("2027-02-30", `{otherwise: voicemail}`):                                                           `calls.yaml:4:11: week: "2027-02-30" is no day; write a day, such as 2027-01-11`,
		"  - {call: \"4930100\", week: 2027-01-11, goes to: voicemail}\n":                                      "calls.yaml:3:23: week: needs a table of times under goes to:; write week: 2027-01-11 and goes to: {mon-fri 08:00-18:00: queue/200, otherwise: voicemail}",
		"  - {call: \"4930100\", goes to: {otherwise: voicemail}}\n":                                           "calls.yaml:3:23: a table needs week:, a day of the week that it is about; write week: 2027-01-11 and goes to: {mon-fri 08:00-18:00: queue/200, otherwise: voicemail}",
		"  - {call: \"4930100\", week: 2027-01-11, at: 2027-01-11, goes to: {otherwise: voicemail}}\n":         "calls.yaml:3:41: at: has no place beside a table of a week; leave one of them out",
	} {
		_, problems := expect.Parse(file.File{Name: "calls.yaml", Data: []byte("version: 1\ncalls:\n" + text)})
		if len(problems) != 1 || problems[0].String() != want {
			t.Errorf("%s%v\nwanted: %s", text, problems, want)
		}
	}
}

// The same table twice is told, and a tenant without a zone.
func TestTablesThatMakeNoSense(t *testing.T) {
	twice := rows("2027-01-11", `{otherwise: voicemail}`)
	_, problems := judged(t, board(t, "", ""), strings.Replace(twice, "otherwise", "mon-sun", 1)+strings.Replace(twice, "otherwise", "mon-sun", 1))
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "the same is asked at calls.yaml:6:9") {
		t.Error(problems)
	}
	_, problems = judged(t, board(t, "timezone: Europe/Berlin, ", ""), rows("2027-01-11", `{mon-sun: extension/101}`))
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "say the tenant's zone") {
		t.Error(problems)
	}
}
