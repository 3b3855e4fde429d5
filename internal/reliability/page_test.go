package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The page in the repository was made by the tool, and has every row. Nothing is run.
func TestPage(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("../..", pagePath))
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := bytes.Cut(data, []byte(endsIn))
	if string(first) != madeBy+digest(rest) {
		t.Errorf("%s was not made by the tool as it is; run go run ./internal/reliability", pagePath)
	}
	table, err := readTable()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range table.Faults {
		if !bytes.Contains(rest, []byte("\n| "+r.Row+" | "+r.Text+" | ")) {
			t.Errorf("row %s (%s) is missing", r.Row, r.Text)
		}
		if i > 0 && len(r.Row) < len(table.Faults[i-1].Row) {
			t.Errorf("row %s stands in the wrong place", r.Row)
		}
	}
	for _, r := range table.Figures {
		if !bytes.Contains(rest, []byte("| "+r.Text+" | ")) {
			t.Errorf("the figure %q is missing", r.Text)
		}
	}
	for _, word := range []string{"| made | ", "| took | ", "| seed | ", "| machine | ", "| commit | ", "\n## Fuzzing\n"} {
		if !bytes.Contains(rest, []byte(word)) {
			t.Errorf("%q is missing", word)
		}
	}
}

func TestNotesAddUp(t *testing.T) {
	out := `{"Action":"attr","Test":"TestA","Key":"evidence","Value":"{\"row\":\"22\",\"tried\":2,\"right\":2,\"figure\":\"old\"}"}
# a word of the compiler
{"Action":"attr","Test":"TestA","Key":"evidence","Value":"{\"row\":\"22\",\"tried\":3,\"right\":3,\"figure\":\"new\"}"}
{"Action":"attr","Test":"TestB","Key":"evidence","Value":"{\"row\":\"odd\",\"tried\":1,\"right\":0}"}
{"Action":"attr","Test":"TestA/m","Key":"evidence-red","Value":"{\"mutant\":\"a bug\",\"rows\":[\"odd\"]}"}
{"Action":"pass","Test":"TestA"}
{"Action":"fail","Test":"TestB"}
{"Action":"fail","Elapsed":1}
`
	r := &result{pkg: "pbxsync/x"}
	err := r.collect(strings.NewReader(out), func(*part) error { return nil })
	if err != nil || r.passed != 1 || len(r.failed) != 1 || len(r.notes) != 3 {
		t.Fatalf("%v %+v", err, r)
	}
	table, err := readTable()
	if err != nil {
		t.Fatal(err)
	}
	p := &page{table: table, results: []*result{r}}
	text := string(p.bytes())
	for _, want := range []string{"| 5 | 5 | new<br>0 failures in 5: ", "|  | odd | 1 | **0** |  | 1: a bug |\n", "| 25 | a real tenant", "| 1 | 1: TestB | 0 |\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	const want = "x: TestB failed\nrow odd (odd): 0 of 1 cases ended as they should"
	if got := errors.Join(p.wrong()...); got == nil || got.Error() != want {
		t.Errorf("%v\nwant:\n%s", got, want)
	}
}

func TestProgressOfFuzzing(t *testing.T) {
	m := fuzzProgress.FindStringSubmatch("fuzz: elapsed: 10s, execs: 12345 (1234/sec), new interesting: 3 (total: 40)")
	if m == nil || m[1] != "12345" || m[2] != "40" {
		t.Errorf("%q", m)
	}
	targets, err := fuzzTargets("../..")
	if err != nil || len(targets) < 5 {
		t.Errorf("%d targets, %v", len(targets), err)
	}
}
