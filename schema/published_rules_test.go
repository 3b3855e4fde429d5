package schema

import (
	"archive/zip"
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

func publishedSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true // the library's own, which are the standard's
	if err := compiler.AddResource(schemaURL, bytes.NewReader(Builtin().Published())); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile(schemaURL)
}

// What patterns and keywords can say, the published schema says: it and the program refuse the
// same one of each two lines, and take the other.
func TestPublishedRefusesWhatIsWrong(t *testing.T) {
	s := publishedSchema(t)
	condition := func(text string) string { return "intervals: {A: {conditions: [{" + text + "}]}}" }
	secret := func(text string) string { return "users: {client: {alice: {password: {" + text + "}}}}" }
	phone := func(text string) string { return `extensions: {"101": {type: phone, phone: {` + text + "}}}" }
	for _, c := range []struct{ right, wrong string }{
		{`extensions: {"101": {}}`, `extensions: {"1 01": {}}`},
		{`extensions: {"101": {}}`, `extensions: {"12037*101": {}}`},
		{`extensions: {front: {name: "101", id: 7}}`, `extensions: {front: {id: 7}}`},
		{`dids: {"4930123": {}}`, `dids: {"+49 30 123": {}}`},
		{`extension_groups: {sales: {}}`, `extension_groups: {"": {}}`},
		{`extension_groups: {sales: {id: 9007199254740991}}`, `extension_groups: {sales: {id: 9007199254740992}}`},
		{`extension_groups: {sales: {previously: [a, b]}}`, `extension_groups: {sales: {previously: [a, a]}}`},
		{`extension_groups: {sales: {replaces: [b]}}`, `extension_groups: {sales: {previously: [a], replaces: [b]}}`},
		{`extensions: {"101": {absent: true, id: 7}}`, `extensions: {"101": {absent: true, label: Front desk}}`},
		{`extensions: {"101": {absent: true}}`, `extensions: {"101": {absent: true, protected: true}}`},
		{`agents: {remote: {Rob: {absent: true, events: []}}}`, `agents: {remote: {Rob: {absent: true, events: [{event_type: agent-login, method: GET, url: "https://a.example/"}]}}}`},
		{`extensions: {"101": {type: phone, phone: {}}}`, `extensions: {"101": {type: queue, phone: {}}}`},
		{`settings: {absent: true, delete_dids: false}`, `settings: {absent: true}`},
		{`settings: {timezone: Europe/Berlin}`, `settings: {delete_dids: false}`},
		{`settings: {timezone: Europe/Berlin}`, `settings: {timezone: Berlin}`},
		{`settings: {hold_music: {dealer: Jazz}}`, `extensions: {"101": {extension_group: {dealer: Jazz}}}`},
		{`extensions: {"101": {extension_group: null}}`, `extensions: {"101": {extension_group: ""}}`},
		{condition(`start_time: "08:00", end_time: "18:00"`), condition(`start_time: "8:00", end_time: "18:00"`)},
		{condition(`start_time: "08:00", end_time: "18:00"`), condition(`start_time: "08:00", end_time: "24:00"`)},
		{condition(`start_time: "08:00", end_time: null`), condition(`start_time: "08:00"`)},
		{condition(`start_time: null`), condition(`end_time: "08:00"`)},
		{condition(`start_datetime: "2026-12-24 00:00:00", end_datetime: "2026-12-26 00:00:00"`), condition(`start_datetime: "2026-12-24 00:00:00", end_datetime: "2026-12-26 00:00:00", month: 12`)},
		{`intervals: {A: {conditions: []}}`, `intervals: {A: {conditions: null}}`},
		{condition(`month: 12`), `intervals: {A: {conditions: [null]}}`},
		{`dial_rule_lists: {A: {dial_rules: [{match_exp: "^1", repl_exp: ""}]}}`, `dial_rule_lists: {A: {dial_rules: [{match_exp: null, repl_exp: ""}]}}`},
		{`network_permissions: {A: {network_address: [192.0.2.0/24, "2001:db8::/32", 192.0.2.1]}}`, `network_permissions: {A: {network_address: [192.0.2.256]}}`},
		{`network_permissions: {A: {network_address: [192.0.2.0/255.255.255.0]}}`, `network_permissions: {A: {network_address: [office]}}`},
		{secret(`env: ALICE`), secret(`env: ALICE, file: a, key: b`)},
		{secret(`file: a, key: b`), secret(`file: a`)},
		{secret(`env: ALICE, version: 2`), secret(`version: 2`)},
		{phone(`vm_mailto: "a@acme.example, b@acme.example"`), phone(`vm_mailto: "a@acme.example, b"`)},
		{phone(`external_number: 4930123`), phone(`external_number: -4930123`)},
		{`phone_events: [{event_type: hangup, method: GET, url: "https://a.example/"}]`, `phone_events: [{event_type: hangup, method: GET, url: "https://u:p@a.example/"}]`},
	} {
		for text, want := range map[string]bool{c.right: false, c.wrong: true} {
			m, err := ParseMap(File{Name: "t.yaml", Data: []byte("version: 1\n" + text + "\n")})
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			_, problems := parseText(head + text + "\n")
			if err := s.Validate(m); (err != nil) != want || onlyOfOneFile(problems) == want {
				t.Errorf("%s: the published schema says %v, the program %v", text, err, problems.Errors())
			}
		}
	}
}

// Each zone that the program knows has a name of the published form.
func TestZonePattern(t *testing.T) {
	goRoot, _ := exec.Command("go", "env", "GOROOT").Output()
	z, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(goRoot)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skip("the list of zones that comes with Go is not here: ", err)
	}
	defer z.Close()
	form, seen := regexp.MustCompile(patterns["timezone"].text), 0
	for _, f := range z.File {
		if _, err := time.LoadLocation(f.Name); err != nil || strings.HasSuffix(f.Name, "/") {
			continue
		}
		if seen++; !form.MatchString(f.Name) {
			t.Errorf("%s is a zone, and the pattern refuses it", f.Name)
		}
	}
	if seen < 400 {
		t.Errorf("only %d zones", seen)
	}
}
