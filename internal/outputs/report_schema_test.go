package outputs

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"pbxsync/internal/report"
)

var update = flag.Bool("update", false, "write what the program prints into testdata/golden")

// ours is the schema of our own documents, or a part of it.
func ours(t *testing.T, part string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home, "docs", "report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.schema.json", bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.schema.json" + part)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	return v
}

// Every document and every line that the program prints is what docs/report.schema.json says.
func TestReportSchema(t *testing.T) {
	document, line, pulled := ours(t, ""), ours(t, "#/$defs/Event"), ours(t, "#/$defs/Pulled")
	count := map[string]int{}
	members, events := map[string]bool{}, map[string]bool{}
	for _, o := range stories(t) {
		valid := func(s *jsonschema.Schema, v any) {
			t.Helper()
			count[o.command+" "+o.form]++
			if err := s.Validate(v); err != nil {
				t.Errorf("%s: %#v", &o, err)
			}
		}
		switch {
		case o.command == "pull":
			valid(pulled, decoded(t, o.text))
		case o.form == "json":
			v := decoded(t, o.text)
			for name := range v.(map[string]any) {
				members[name] = true
			}
			valid(document, v)
		case o.form == "jsonl":
			for text := range bytes.Lines(o.text) {
				v := decoded(t, text)
				events[v.(map[string]any)["type"].(string)] = true
				valid(line, v)
			}
		}
	}
	for _, command := range append(slices.Clone(reporting), "pull") {
		t.Logf("%s: %d documents, %d lines", command, count[command+" json"], count[command+" jsonl"])
		if count[command+" json"] == 0 {
			t.Errorf("no document of %s", command)
		}
	}
	var never []string
	for name := range document.Ref.Properties {
		if !members[name] {
			never = append(never, name)
		}
	}
	slices.Sort(never)
	t.Logf("%d of %d members of a report are met, %d types of lines; never: %v", len(members), len(document.Ref.Properties), len(events), never)
	if len(never) > 0 || len(events) < len(report.EventTypes()) {
		t.Errorf("these members of a report are in no story: %v; of the types of lines %v are", never, events)
	}
}

// A document with a member that the schema does not know, or with a word that it does not know, is none.
func TestReportSchemaRefuses(t *testing.T) {
	s := ours(t, "")
	right := `{"code":"fine","format_version":"2.0","verdict":{"word":"nothing","sentence":""},"risks":{"cuts":1},"resource_changes":[],"steps":[]}`
	if err := s.Validate(decoded(t, []byte(right))); err != nil {
		t.Fatal(err)
	}
	for _, b := range [][2]string{{`"steps":`, `"other":1,"steps":`}, {`"fine"`, `"fin"`}, {`"cuts"`, `"cut"`}, {`"nothing"`, `"none"`}, {`"steps":[]`, `"steps":{}`}, {`,"steps":[]`, ``}} {
		if s.Validate(decoded(t, []byte(strings.Replace(right, b[0], b[1], 1)))) == nil {
			t.Errorf("%s for %s passed", b[1], b[0])
		}
	}
}

// varying is what is another each time: times, and how long a call took.
var varying = regexp.MustCompile(`(?m)("(?:since|taken|time)": )"[^"]*"|("seconds": )\d+`)

// The documents of a few worlds are kept whole, so that a change of the model is seen in review.
func TestGolden(t *testing.T) {
	for name, of := range map[string][2]string{
		"validate": {"wrong", "3 validate odd"}, "plan": {"refused", "6 plan --out plan.json acme"}, "apply": {"failing", "4 apply --auto-approve tenant.yaml"}, "drift": {"drifted", "2 drift before.yaml"},
	} {
		var text []byte
		for _, o := range stories(t) {
			if o.story == of[0] && o.line == of[1] && o.form == "json" {
				text = varying.ReplaceAll(o.text, []byte(`${1}${2}0`))
			}
		}
		path := filepath.Join(home, "internal", "outputs", "testdata", "golden", name+".json")
		if *update {
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || len(text) == 0 || !bytes.Equal(text, want) {
			t.Errorf("%s: %s is another now; look at the difference after go test ./internal/outputs -run TestGolden -update (%v)", of, path, err)
		}
	}
}
