package file

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"pbxsync/schema"
	"pbxsync/schema/published"
	"pbxsync/schema/reserved"
)

// What the program takes, the published schema takes too, as other readers of JSON Schema
// understand it: in every example and in every right tenant file of the scripts.
func TestPublishedTakesWhatIsRight(t *testing.T) {
	s := publishedSchema(t)
	right, wrong, let := 0, 0, 0
	for _, f := range manyFiles(t) {
		m, err := ParseMap(f)
		if err != nil || m[reserved.Version] != int64(1) {
			continue
		}
		_, problems := Parse(schema.Builtin(), []File{f})
		refused := s.Validate(m) != nil
		switch {
		case onlyOfOneFile(problems) && refused:
			t.Errorf("%s: right, and the published schema refuses it: %v", f.Name, s.Validate(m))
		case onlyOfOneFile(problems):
			right++
		case refused:
			wrong++
		default:
			let++
		}
	}
	t.Logf("%d right files pass; of %d wrong ones the schema refuses %d", right, wrong+let, wrong)
	if right < 100 {
		t.Errorf("only %d right files", right)
	}
}

// onlyOfOneFile reports that a file is right but for what other files of the folder say.
func onlyOfOneFile(ps schema.Problems) bool {
	for _, p := range ps.Errors() {
		if !strings.Contains(p.Message, "in these files") && !strings.HasPrefix(p.Message, "tenant is missing") {
			return false
		}
	}
	return true
}

func manyFiles(t *testing.T) []File {
	var files []File
	examples, _ := filepath.Glob("../../examples/*/*.yaml")
	for _, path := range examples {
		if data, err := os.ReadFile(path); err == nil && !strings.HasPrefix(filepath.Base(path), "_") {
			files = append(files, File{Name: path, Data: data})
		}
	}
	scripts, _ := filepath.Glob("../../testdata/script/*.txtar")
	for _, path := range scripts {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				files = append(files, File{Name: path + "/" + f.Name, Data: f.Data})
			}
		}
	}
	return files
}

func publishedSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true // the library's own, which are the standard's
	if err := compiler.AddResource(published.URL, bytes.NewReader(published.Schema(schema.Builtin()))); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile(published.URL)
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
