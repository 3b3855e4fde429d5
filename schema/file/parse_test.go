package file

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pbxsync/schema"
)

const head = "version: 1\ntenant: {name: acme, prefix: \"12037\"}\n"

func parseText(text string) (*schema.Tenant, schema.Problems) {
	keepInput(text)
	return Parse(schema.Builtin(), []File{{Name: "t.yaml", Data: []byte(text)}})
}

// TestLookAlikes: what looks like a number is taken as written where text is
// due, or refused with the quoted form. Nothing is ever turned into another text.
func TestLookAlikes(t *testing.T) {
	for _, c := range []struct{ written, value, problem string }{
		{`0101`, "0101", `warning: extension/101: label: 0101 should be quoted: other YAML readers take it for 65; write "0101"`},
		{`0899`, "0899", `warning: extension/101: label: 0899 should be quoted: other YAML readers take it for 899; write "0899"`},
		{`+491711234567`, "+491711234567", `warning: extension/101: label: +491711234567 should be quoted: other YAML readers take it for 491711234567; write "+491711234567"`},
		{`493023125100`, "493023125100", ""},
		{`"*21#"`, "*21#", ""},
		{`12*3`, "12*3", ""},
		{`"1e5"`, "1e5", ""},
		{`1e5`, "", `extension/101: label: 1e5 looks like a number; if text is meant, write "1e5"`},
		{`0x1F`, "", `extension/101: label: 0x1F looks like a number; if text is meant, write "0x1F"`},
		{`1_000`, "", `extension/101: label: 1_000 looks like a number; if text is meant, write "1_000"`},
		{`.inf`, "", `extension/101: label: .inf looks like a number; if text is meant, write ".inf"`},
		{`2026-01-02`, "", `extension/101: label: 2026-01-02 looks like a date; if text is meant, write "2026-01-02"`},
		{`true`, "", `extension/101: label: true looks like true or false; if text is meant, write "true"`},
		{`yes`, "yes", ""},
		{`NO`, "NO", ""},
		{`Alice Archer`, "Alice Archer", ""},
	} {
		t.Run(c.written, func(t *testing.T) {
			tenant, problems := parseText(head + "extensions:\n  \"101\": {type: phone, label: " + c.written + "}\n")
			got := ""
			if len(problems) > 0 {
				got = strings.TrimPrefix(problems[0].String(), "t.yaml:4:31: ")
			}
			if got != c.problem {
				t.Errorf("problem %q, want %q", got, c.problem)
			}
			if o := tenant.Find(schema.Builtin().Kind("extension"), "101"); c.value != "" && o.Values["label"] != c.value {
				t.Errorf("value %v, want %v", o.Values["label"], c.value)
			}
		})
	}
}

// TestNumbersAndWords: fields that are no text take one form each.
func TestNumbersAndWords(t *testing.T) {
	for _, c := range []struct{ written, problem string }{
		{`hangup_timeout: 25`, ""},
		{`hangup_timeout: "25"`, `hangup_timeout: "25" is not a whole number; delete the quotes: 25`},
		{`hangup_timeout: 1e3`, `hangup_timeout: 1e3 is not a whole number; write 1000`},
		{`hangup_timeout: 0x1F`, `hangup_timeout: 0x1F is not a whole number; write 31`},
		{`hangup_timeout: 007`, `hangup_timeout: 007 is not a whole number; write 7`},
		{`hangup_timeout: 012`, `hangup_timeout: 012 is not a whole number; write 12`},
		{`hangup_timeout: 1.5`, `hangup_timeout: 1.5 is not a whole number`},
		{`label: Null`, `label has no value; write null in small letters`},
		{`label: {a: b}`, `label is keys and values where text is due`},
		{`geo_list: ""`, ""},
		{`hangup_timeout: soon`, `hangup_timeout: soon is not a whole number`},
		{`hangup_timeout: 0`, `hangup_timeout: 0 is out of bounds, from 1 to 86400`},
		{`hangup_timeout: [1]`, `hangup_timeout is a list where a whole number is due`},
		{`record_enabled: yes`, `record_enabled: use true or false, not yes`},
		{`record_enabled: "true"`, `record_enabled: use true or false, not "true"`},
		{`auth_type: digset`, `auth_type: digset is not digest, network or both; did you mean "digest"?`},
		{`label: ~`, `label has no value; write null to clear it, or delete the line to leave it alone`},
		{`label:`, `label has no value; write null to clear it, or delete the line to leave it alone`},
		{`label: null`, ""},
		{`bundle: {}`, ``},
		{`bundle: [102]`, `bundle is a list where keys and values are due; write {KEY: {active: true}}, or null for none`},
		{`bundle: {"102": }`, `102 has no value; write {active: true}`},
	} {
		t.Run(c.written, func(t *testing.T) {
			_, problems := parseText(head + "extensions:\n  \"101\":\n    type: phone\n    phone:\n      " + c.written + "\n")
			got := ""
			if len(problems) > 0 {
				got = problems[0].Message
				if problems[0].Hint != "" {
					got += "; " + problems[0].Hint
				}
			}
			if got != c.problem {
				t.Errorf("got  %q\nwant %q", got, c.problem)
			}
		})
	}
}

// TestAllProblemsAtOnce: one run tells everything, sorted by place.
func TestAllProblemsAtOnce(t *testing.T) {
	_, problems := parseText(head + "extensions:\n  \"101\": {typ: phone, status: activ}\n  \"102\": {extension_group: sales}\n")
	want := `t.yaml:4:11: extension/101: unknown field "typ" in extension; did you mean "type"?
t.yaml:4:31: extension/101: status: activ is not active or blocked; did you mean "active"?
t.yaml:5:28: extension/102: extension_group: no extension_group "sales" in these files; declare it under extension_groups, or write {live: "sales"} for one that is not managed here`
	if got := problems.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestDefaultsReachBornChildren: defaults hold for what is declared, and declare
// the phone of each extension that states that it is a phone.
func TestDefaultsReachBornChildren(t *testing.T) {
	tenant, problems := parseText(head + `defaults:
  extension: {status: active}
  phone: {record_enabled: false}
extensions:
  "101": {type: phone, status: blocked}
  "102": {type: queue}
  "103": {absent: true}
  "104": {}
  "105": {type: phone, phone: {label: Desk}}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if n := len(tenant.Objects); n != 7 {
		t.Errorf("%d objects, wanted 5 extensions and 2 phones", n)
	}
	for address, status := range map[string]any{"extension/101": "blocked", "extension/102": "active", "extension/103": nil, "extension/104": "active"} {
		if got := tenant.Object(address).Values["status"]; got != status {
			t.Errorf("%s: status %v, want %v", address, got, status)
		}
	}
	if o := tenant.Object("extension/101/phone"); o == nil || o.Values["record_enabled"] != false {
		t.Errorf("extension/101/phone is %v", o)
	}
	for _, address := range []string{"extension/102/phone", "extension/103/phone", "extension/104/phone"} {
		if tenant.Object(address) != nil {
			t.Errorf("%s is declared", address)
		}
	}
}

// TestSmallProblems: what is said of files with one thing wrong, or nothing.
func TestSmallProblems(t *testing.T) {
	long := `a\t` + strings.Repeat("x", 57) + "... (403 characters)"
	for text, want := range map[string]string{
		"prune: [extension_group]\nprotected: [extension_group/x]\nextension_groups: {}\n":                    "",
		"prune: [interval]\nintervals: {}\nprotected: [extension_group/x]\nextension_groups: {}\n":            `t.yaml:5:13: warning: "extension_group/x" protects nothing in these files; patterns are addresses, a kind and a key, such as extension/101 or did/*; * in a name is %2A`,
		"extension_groups:\n  - {name: first}\n  - {name: second}\n":                                          `t.yaml:4:3: a list where objects by their name are due; write keys instead of dashes, such as "first": {…}`,
		"extensions: {\"101\": {extension_group: \"a\\t" + strings.Repeat("x", 400) + "\"}}\n":                `t.yaml:3:39: extension/101: extension_group: no extension_group "` + long + `" in these files; declare it under extension_groups, or write {live: "` + long + `"} for one that is not managed here`,
		"intervals: {A: {conditions: [{sched_start_date: 1e5, sched_active_days: 1, sched_skip_days: 1}]}}\n": "t.yaml:3:49: interval/A: sched_start_date: 1e5 looks like a number; write a date as 2026-12-24",
		"intervals: {A: {conditions: [{start_mday: 5, end_mday: 0}]}}\n":                                      "t.yaml:3:56: interval/A: end_mday: 0 is out of bounds, from 1 to 31",
		"extensions: {\"101\": {type: phone, phone: {absent: true, bundle: {\"103\": {active: true}}}}, \"103\": {type: queue}}\n": `t.yaml:3:51: extension/101/phone: phone cannot be deleted, the API has no delete for it; it exists as long as its extension does
t.yaml:3:57: extension/101/phone: bundle is stated, and the object is absent; delete this line, or absent: true`,
		"prune:\n  -\nprotected: [~]\nagents: {local: {A: {events: [~]}}}\n": `t.yaml:4:4: an item without a value; delete the dash
t.yaml:5:13: an item without a value; delete the dash
t.yaml:6:31: an item without a value; delete the dash`,
		"extension_groups: {x: {id: soon}}\n":                     "t.yaml:3:28: extension_group/x: id: soon is not a whole number",
		"extension_groups: {a: {previously: [a]}}\n":              "t.yaml:3:24: extension_group/a: previously names its own key; write the key that it had before",
		"agents: {remote: {A: {on_create: {status: nowhere}}}}\n": "t.yaml:3:43: remote_agent/A: status: nowhere is not logged_out or available",
	} {
		_, problems := parseText(head + text)
		if got := strings.TrimSuffix(told(problems), "\n"); strings.TrimSuffix(got, " [protects-nothing]") != want {
			t.Errorf("%s:\n%s\nwanted\n%s", text, got, want)
		}
	}
}

// TestNameOfItsOwn: a name that is the key is no other name.
func TestNameOfItsOwn(t *testing.T) {
	tenant, problems := parseText(head + "extension_groups: {x: {name: x, id: 5}, y: {name: z, id: 6}}\n")
	if x, y := tenant.Object("extension_group/x"), tenant.Object("extension_group/y"); len(problems) > 0 || x.Name != "" || y.Name != "z" {
		t.Errorf("%v: %q, %q", problems, x.Name, y.Name)
	}
}

// TestHostileSizes: no input costs more than moments.
func TestHostileSizes(t *testing.T) {
	var keys strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&keys, "  k%d: {}\n", i)
	}
	for name, text := range map[string]string{
		"50,000 keys":     head + "interval_groups:\n" + keys.String(),
		"50,000 objects":  head + "extension_groups:\n" + keys.String(),
		"deep":            head + "extensions: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"many duplicates": head + "extension_groups:\n" + strings.Repeat("  k: {}\n", 40_000),
	} {
		start := time.Now()
		_, problems := parseText(text)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
		if name != "50,000 objects" && len(problems) == 0 {
			t.Errorf("%s: no problem", name)
		}
	}
}

// FuzzParse: bad input never panics, and what is accepted once is accepted again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{head, head + "extensions: {\"101\": {type: phone}}", "a: *b", "- x", "{", "version: 1\n---\nversion: 1",
		head + "intervals: {a: {conditions: [{start_time: \"22:00\", end_time: \"06:00\"}]}}", "\xff\xfe", "ani: {live: 0101}", head + "users: {client: {a: {password: {env: X}}}}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, first := Parse(schema.Builtin(), []File{{Name: "t.yaml", Data: data}})
		_, second := Parse(schema.Builtin(), []File{{Name: "t.yaml", Data: data}})
		if first.Error() != second.Error() {
			t.Fatalf("first\n%s\nsecond\n%s", first, second)
		}
	})
}
