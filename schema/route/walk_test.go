package route_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/route"
)

// board makes a board of a tenant file.
func board(t *testing.T, text string) *route.Board {
	t.Helper()
	tenant, problems := file.Parse(schema.Builtin(), []file.File{{Name: "a.yaml", Data: []byte(text)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return route.Of(tenant)
}

// told is the way of a call as lines, without places.
func told(s *route.Step) string {
	var b strings.Builder
	for _, l := range s.Lines() {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

const office = `
version: 1
tenant: {name: acme, prefix: "12037"}
settings: {timezone: Europe/Berlin, dial_rule: Germany}
ani: "4930100"
dial_rule_lists:
  Germany:
    dial_rules:
      - {match_exp: '^(110|112)$', repl_exp: '\1', comment: Emergency}
      - {match_exp: '^00([0-9]+)$', repl_exp: '\1', comment: International}
  Inside:
    dial_rules:
      - {match_exp: '^([1-3][0-9]{2})$', repl_exp: '\1'}
      - {match_exp: '^0', repl_exp: '103'}
      - {match_exp: '^(?=7)', repl_exp: '8'}
extensions:
  "101": {type: phone, status: active, label: Alice, phone: {hangup_timeout: 25, record_enabled: false}}
  "102": {type: phone, status: active, phone: {vm_enabled: false, external_number: "00491711234567", transfer_caller_id_number: "4930102", record_enabled: false}}
  "103": {type: phone, status: active, dial_rule: Inside, phone: {vm_enabled: false, record_enabled: false}}
  "104": {type: phone, status: blocked}
  "105": {type: fax, status: active}
  "106": {type: phone, status: active, phone: {external_number: "107", record_enabled: false}}
  "107": {type: phone, status: active, phone: {external_number: "106", record_enabled: false}}
dids:
  "4930100": {extension: "101"}
  "4930102": {extension: "102"}
  "4930103": {extension: "103"}
  "4930104": {extension: "104"}
  "4930105": {extension: "105"}
  "4930106": {extension: "106"}
  "4930199": {extension: null}
aliases:
  sales@acme.example: {extension: "101"}
`

func TestWhereNumbersLead(t *testing.T) {
	b := board(t, office)
	w := b.Walker(time.Date(2026, 12, 24, 18, 10, 0, 0, b.Zone), route.From{})
	for number, want := range map[string]string{
		"+49 30-100": "DID 4930100\nAlice (101) rings for 25 s\n  busy or no answer: voicemail of Alice (101)",
		"4930102":    "DID 4930102\ncalls of 102 are forwarded to 00491711234567\nrule 2 of Germany (International): 00491711234567 becomes 491711234567\nleaves as 491711234567, showing 4930102",
		"4930103":    "DID 4930103\n103 rings\n  busy or no answer: nobody answers: the call ends",
		"4930104":    "DID 4930104\n104 is blocked: no call arrives",
		"4930105":    "DID 4930105\nfax 105 takes it",
		"4930106": `DID 4930106
calls of 106 are forwarded to 107
calls of 107 are forwarded to 106
loop: back to calls of 106 are forwarded to 107`,
		"4930199":            "DID 4930199\nit leads nowhere: no extension is assigned",
		"sales@acme.example": "alias sales@acme.example\nAlice (101) rings for 25 s\n  busy or no answer: voicemail of Alice (101)",
	} {
		n := b.Number(number)
		if n == nil {
			t.Errorf("%s is not found", number)
			continue
		}
		same(t, told(w.Call(n)), want)
	}
	if b.Number("4930") != nil {
		t.Error("a number that nobody has is found")
	}
}

func TestWhatLeaves(t *testing.T) {
	b := board(t, office)
	w := b.Walker(time.Date(2026, 12, 24, 18, 10, 0, 0, b.Zone), route.From{})
	for _, one := range []struct{ by, number, want string }{
		{"101", "112", "rule 1 of Germany (Emergency): 112 stays\nleaves as 112, showing 4930100"},
		{"101", "0049171", "rule 2 of Germany (International): 0049171 becomes 49171\nleaves as 49171, showing 4930100"},
		{"101", "555", "leaves as 555, showing 4930100"},
		{"103", "110", "rule 1 of Inside: 110 stays\nleaves as 110, showing 4930100"},
		{"103", "0171", "rule 2 of Inside: 0171 becomes 103\n103 rings\n  busy or no answer: nobody answers: the call ends"},
		{"103", "799", `rule 3 of Inside: whether ^(?=7) takes 799 cannot be said
  it does: leaves as 8
  it does not: leaves as 799, showing 4930100`},
		{"101", "4930105", "DID 4930105\nfax 105 takes it"},
		{"101", "*98#", "*98# is a code of the switchboard"},
	} {
		same(t, told(w.Dial(b.Extension(one.by), one.number)), one.want)
	}
}

// Each line knows where it comes from.
func TestPlaces(t *testing.T) {
	b := board(t, office)
	w := b.Walker(time.Time{}, route.From{})
	var lines []int
	for _, l := range w.Call(b.Number("4930102")).Lines() {
		lines = append(lines, l.Place.Line)
	}
	if want := []int{26, 18, 10, 10}; !slices.Equal(lines, want) {
		t.Errorf("lines %v, want %v", lines, want)
	}
}

// A step at a phone is one of the extension that has it.
func TestOwner(t *testing.T) {
	b := board(t, office)
	for address, want := range map[string]string{"extension/101": "101", "extension/101/phone": "101", "extension/104": "104", "did/4930100": ""} {
		got := ""
		if e := b.Owner(&route.Step{Source: route.Source{Address: address}}); e != nil {
			got = e.Name
		}
		if got != want {
			t.Errorf("%s is of %q, want %q", address, got, want)
		}
	}
}

// The same answer is given for programs: each step once, with the numbers of those that follow.
func TestItems(t *testing.T) {
	b := board(t, office)
	items := b.Walker(time.Time{}, route.From{}).Call(b.Number("4930106")).Items()
	if len(items) != 3 || items[2].Then[0].Step != 2 || items[0].Then[0].Step != 2 || items[1].Place.Line == 0 {
		t.Errorf("%+v", items)
	}
}

func TestAnswers(t *testing.T) {
	b := board(t, office)
	w := b.Walker(time.Time{}, route.From{})
	for number, want := range map[string]string{
		"4930100": "Alice (101)", "4930102": "outside, 491711234567", "4930104": "nobody, as 104 is blocked", "4930199": "nobody", "4930106": "nobody: it goes round at 106",
	} {
		if got := w.Call(b.Number(number)).Said(); got != want {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
	}
}

// What no kind stands for, and what the files leave out, is named with whose it is.
func TestWhatIsNotKnown(t *testing.T) {
	b := board(t, `
version: 1
tenant: {name: acme, prefix: "12037"}
settings: {dial_rule: {dealer: Shared}, call_interactive_url: "https://pbx.acme.example/"}
extensions:
  "101": {type: phone, phone: {vm_enabled: true}}
  "102": {type: phone, status: active}
  "200": {type: queue, status: active}
dids:
  "4930100": {extension: "101"}
  "4930101": {message_extension: "101"}
  "4930102": {extension: "102"}
  "4930200": {extension: "200"}
`)
	w := b.Walker(time.Time{}, route.From{})
	q, _ := b.Ask("4930100", "")
	first := q.With(w)
	if parts := q.Unfollowed(first); len(parts) != 2 || parts[0].Names[0] != "call_interactive_url" || !slices.Contains(parts[1].Names, "caller id group") || parts[1].Of != "101" {
		t.Errorf("not followed: %v", parts)
	}
	if parts := q.Assumed(first); len(parts) != 1 || !slices.Equal(parts[0].Names, []string{"status active", "rules none", "external_number none"}) {
		t.Errorf("assumed: %v", parts)
	}
	same(t, told(w.Call(b.Number("4930101"))), "DID 4930101\nwhich extension it rings is not said here")
	same(t, told(w.Call(b.Number("4930102"))), "DID 4930102\n102 rings; whether it is forwarded or has voicemail is not said here\n  busy or no answer: voicemail of 102")
	same(t, told(w.Call(b.Number("4930200"))), "DID 4930200\nqueue 200: who answers, and what happens when nobody does, is not said here")
	same(t, told(w.Dial(b.Extension("101"), "0171")), "the dial rule list Shared is not in what was read: what becomes of 0171 is not known")
}

func TestBlockedTenant(t *testing.T) {
	b := board(t, strings.Replace(office, "settings: {", "settings: {status: blocked, ", 1))
	w := b.Walker(time.Time{}, route.From{})
	same(t, told(w.Call(b.Number("4930100"))), "DID 4930100\nthe tenant is blocked: no call arrives")
	same(t, told(w.Dial(b.Extension("101"), "112")), "the tenant is blocked: no call leaves")
}

// A queue has its ways out, and an extension the number that it shows.
func TestQueueOfATenant(t *testing.T) {
	b := board(t, `
version: 1
tenant: {name: acme, prefix: "12037"}
ani: "4930100"
extensions:
  "101": {type: phone, status: active, ani: "4930101", phone: {vm_enabled: true, external_number: null}}
  "200":
    type: queue
    status: active
    queue: {strategy: ring-all, max_wait_time: 60, timeout_transfer_dst: "101", exit_key: "*", exit_transfer_dst: "0171", exit_with_no_av_agents: false, max_wait_time_with_no_agent: 30}
dids:
  "4930100": {extension: "200"}
  "4930101": {extension: "101"}
`)
	w := b.Walker(time.Time{}, route.From{})
	same(t, told(w.Call(b.Number("4930100"))), `DID 4930100
queue 200, ring-all: which agents it has is not known
  key *: leaves as 0171, as no dial rule list is said here, showing 4930100
  after 60 s: 101 rings
    busy or no answer: voicemail of 101
  no agent can answer for 30 s: nobody answers: the call ends`)
	same(t, told(w.Dial(b.Extension("101"), "0171")), "leaves as 0171, as no dial rule list is said here, showing 4930101")
}
