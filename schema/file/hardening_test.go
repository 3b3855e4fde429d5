package file

import (
	"fmt"
	"strings"
	"testing"

	"pbxsync/internal/evidence"
	"pbxsync/schema"
)

// What no file may hold is refused, or warned of, in exactly these words.
func TestHardening(t *testing.T) {
	phone := func(text string) string { return "extensions: {\"101\": {phone: {" + text + "}}}\n" }
	event := func(url string) string {
		return "agents: {remote: {R: {events: [{event_type: agent-login, method: GET, url: \"" + url + "\"}]}}}\n"
	}
	label := func(text string) string { return "extensions: {\"101\": {label: " + text + "}}\n" }
	many := func(n int) string {
		var b strings.Builder
		b.WriteString("extensions:\n")
		for i := range n {
			fmt.Fprintf(&b, "  \"%d\": {}\n", i+100000)
		}
		return b.String()
	}
	cases := []struct{ text, want string }{
		{label("a\x1bb"), "t.yaml:3:30: control character U+001B is not allowed; delete it"},
		{label(`"\x1b"`), "t.yaml:3:29: control character U+001B is not allowed; delete it"},
		{label(`"\0"`), "t.yaml:3:29: control character U+0000 is not allowed; delete it"},
		{label(`"\u009b"`), "t.yaml:3:29: control character U+009B is not allowed; delete it"},
		{label(`"\u2028"`), "t.yaml:3:29: control character U+2028 is not allowed; delete it"},
		{"---\na: 1\n", "t.yaml:3:1: a second YAML document starts here; one file holds one document"},
		{"---\na: [\n", "t.yaml:5:1: not valid YAML: did not find expected node content; look at this line and the one above it: indentation, a missing space after a colon, an open quote"},
		{"extensions: &a {}\n", "t.yaml:3:13: anchor &a is not supported; write the value again where it is needed, or use defaults:"},
		{"extensions: &a {}\nani: *a\n", "t.yaml:3:13: anchor &a is not supported; write the value again where it is needed, or use defaults:\nt.yaml:4:6: alias *a is not supported; write the value again, or use defaults:; patterns belong in single quotes: '\\*a'"},
		{"extensions: {<<: {}}\n", "t.yaml:3:14: merge key << is not supported; use defaults:, or write the values again"},
		{label("!!binary aGk="), "t.yaml:3:29: tag !!binary is not supported; delete the tag; text goes in quotes"},
		{"extensions: " + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "\n", "t.yaml:3:45: nested deeper than 32 levels"},
		{many(50001), "t.yaml:4:3: 50001 entries here, limit 50000; split the tenant into several files"},
		{label(`"` + strings.Repeat("x", 70000) + `"`), "t.yaml:3:29: the value has 70000 bytes, limit 65536"},
		{"extensions: {\"101\": {}, \"101\": {}}\n", "t.yaml:3:25: \"101\" was already given in line 3; delete one of the two"},
		{"extensions: {\"101\": {lable: a}}\n", "t.yaml:3:22: extension/101: unknown field \"lable\" in extension; did you mean \"label\"?"},
		{"extensions: {0123: {label: a}}\n", "t.yaml:3:14: warning: name: 0123 should be quoted: other YAML readers take it for 83; write \"0123\""},
		{label("1e3"), "t.yaml:3:29: extension/101: label: 1e3 looks like a number; if text is meant, write \"1e3\""},
		{label("0x1F"), "t.yaml:3:29: extension/101: label: 0x1F looks like a number; if text is meant, write \"0x1F\""},
		{label("2026-01-01"), "t.yaml:3:29: extension/101: label: 2026-01-01 looks like a date; if text is meant, write \"2026-01-01\""},
		{phone("record_enabled: yes"), "t.yaml:3:46: extension/101/phone: record_enabled: use true or false, not yes"},
		{phone("hangup_timeout: 1e3"), "t.yaml:3:46: extension/101/phone: hangup_timeout: 1e3 is not a whole number; write 1000"},
		{phone("hangup_timeout: 010"), "t.yaml:3:46: extension/101/phone: hangup_timeout: 010 is not a whole number; write 10"},
		{phone("hangup_timeout: .inf"), "t.yaml:3:46: extension/101/phone: hangup_timeout: .inf is not a whole number"},
		{phone("hangup_timeout: 99999999999"), "t.yaml:3:46: extension/101/phone: hangup_timeout: 99999999999 is out of bounds, from 1 to 86400"},
		{"extensions: {\"101\": {id: 9007199254740993}}\n", "t.yaml:3:26: extension/101: an id is a whole number from 1 to 2^53-1, not 9007199254740993"},
		{"extensions: {\"101\": {extension_group: {id: 0}}}\n", "t.yaml:3:44: extension/101: an id is a whole number from 1 to 2^53-1, not 0"},
		{"extensions: {\"101\": {extension_group: sales}}\n", "t.yaml:3:39: extension/101: extension_group: no extension_group \"sales\" in these files; declare it under extension_groups, or write {live: \"sales\"} for one that is not managed here"},
		{"endpoint: https://a.example\n", "t.yaml:3:1: endpoint belongs to the profile, not to tenant files: else a change of these could send the credentials elsewhere; use --config FILE, the environment, or pbxsync.yaml"},
		{"dids: {\"49\": {extension: }}\n", "t.yaml:3:15: did/49: extension has no value; write null to clear it, or delete the line to leave it alone"},
		{"dids: {\"49\": {extension: ~}}\n", "t.yaml:3:15: did/49: extension has no value; write null to clear it, or delete the line to leave it alone"},
		{"extensions:\n", "t.yaml:3:1: extensions has no value; write extensions: {} where the files declare none, or delete the line"},
		{"users: {client: {a: {password: hunter2}}}\n", "t.yaml:3:32: client_user/a: password is written in the file; write password: {env: NAME} or password: {file: PATH, key: KEY}"},
		{event("https://u:p@a.example/"), "t.yaml:3:76: agent_event: url: \"https://u:p@a.example/\" is no URL; a URL may not carry a user name or password"},
		{event("http://a.example/"), warned("http://a.example/", "is not encrypted; write https://")},
		{event("https://169.254.169.254/x"), warned("https://169.254.169.254/x", "is a link-local address, where clouds keep credentials; name a host that is meant to be called")},
		{event("https://127.0.0.1:1/"), warned("https://127.0.0.1:1/", "is the PBX itself; name a host that is meant to be called")},
		{event("https://[::ffff:127.0.0.1]/"), warned("https://[::ffff:127.0.0.1]/", "is the PBX itself; name a host that is meant to be called")},
		{event("https://LOCALHOST./"), warned("https://LOCALHOST./", "is the PBX itself; name a host that is meant to be called")},
		{event("https://10.0.0.1/"), warned("https://10.0.0.1/", "is an address of a private network; make sure that it is the right one as the PBX sees it")},
		{event("https://metadata.google.internal/"), warned("https://metadata.google.internal/", "is an address of a private network; make sure that it is the right one as the PBX sees it")},
		{event("https://192.0.2.1/"), warned("https://192.0.2.1/", "is an address without a name; write its name, which its certificate is for")},
		{event("https://hooks.acme.example/x"), ""},
	}
	right := 0
	for _, c := range cases {
		_, problems := parseText(head + c.text)
		got := problems.Error()
		if got != c.want {
			t.Errorf("%.60s:\n got %s\nwant %s", c.text, got, c.want)
			continue
		}
		right++
	}
	evidence.Add(t, evidence.Note{Row: "hardening", Tried: len(cases), Right: right, Figure: fmt.Sprintf("%d tenant files", len(cases))})
}

func warned(url, what string) string {
	return "t.yaml:3:71: warning: remote_agent/R/agent_event/agent-login GET " + strings.ReplaceAll(url, "/", "%2F") + ": url: \"" + url + "\" " + what
}

// The field that an example shows is one that a create sends and that can be read back.
func TestExampleField(t *testing.T) {
	password := &schema.Field{Name: "password", Once: true}
	key := &schema.Field{Name: "name"}
	answer := &schema.Field{Name: "made", ReadOnly: true}
	label := &schema.Field{Name: "label"}
	for want, fields := range map[string][]*schema.Field{"label": {password, answer, label}, "id": {password, answer}} {
		if got := exampleField(&schema.Kind{Fields: append(fields, key), Key: []schema.KeyPart{{Field: key}}}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
