package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pbxsync/internal/evidence"
)

const sample = `package p

func f(a, b int, s []string) (int, error) {
	if a < b && len(s) > 0 || !g(a) {
		s = nil
	}
	for _, x := range s {
		if x == "" {
			continue
		}
		g(1)
	}
	return a, h()
}

func g(a int) bool {
	switch {
	case a == 2:
		return false
	}
	return a > 3
}

func h() error { return nil }
`

// names returns name and text of mutants.
func names(list []mutant) []string {
	var out []string
	for _, m := range list {
		out = append(out, strings.TrimPrefix(m.Name, "p/p.go ")+": "+m.Text)
	}
	slices.Sort(out)
	return out
}

// What a function returns at once anyway, as h does, is no mutant.
func TestMutantsOfASource(t *testing.T) {
	found, err := mutantsIn("p/p.go", sample)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`f bound 1: a < b`, `f bound 2: len(s) > 0`, `f count 1: 0`, `f count 2: 1`, `f drop 1: s = nil`, `f drop 2: g(1)`, `f drop 3: continue`,
		`f early 1: func f(a, b int, s []string) (int, error)`, `f flip 1: a < b && len(s) > 0 || !g(a)`, `f flip 2: x == ""`,
		`f half 1: a < b && len(s) > 0`, `f half 2: !g(a)`, `f half 3: a < b`, `f half 4: len(s) > 0`, `f noerr 1: return a, h()`,
		`g bound 1: a > 3`, `g count 1: 2`, `g count 2: 3`, `g early 1: func g(a int) bool`, `g flip 1: a > 3`, `g flip 2: a == 2`, `g flip 3: false`,
	}
	if got := names(found); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The lines stay where they were, and each mutant is behind its switch.
func TestPlant(t *testing.T) {
	found, err := mutantsIn("p/p.go", sample)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{
		"f half 4":  "if a < b && (mutantOn(1) || (len(s) > 0)) || !g(a) {",
		"f flip 2":  "if ((x == \"\") != mutantOn(1)) {",
		"f drop 3":  "if !mutantOn(1) { continue }",
		"f noerr 1": "if mutantOn(1) { return a, nil }; return a, h()",
		"g bound 1": "return (mutantOn(1) && a >= 3 || !mutantOn(1) && (a > 3))",
		"g count 1": "case a == mutantCount(mutantOn(1), 2):",
		"g early 1": "func g(a int) bool { if mutantOn(1) { var mutantZero0 bool; return mutantZero0 }; ",
	}
	for _, m := range found {
		text := plant(sample, []mutant{m}, func(mutant) int { return 1 })
		if strings.Count(text, "\n") != strings.Count(sample, "\n") {
			t.Errorf("%s moves lines:\n%s", m.Name, text)
		}
		if want := at[strings.TrimPrefix(m.Name, "p/p.go ")]; !strings.Contains(text, want) {
			t.Errorf("%s: %q is not in\n%s", m.Name, want, text)
		}
	}
}

// An error of the compiler is blamed on the mutant that it names, or that is nearest.
func TestBlamed(t *testing.T) {
	const line = "if (mutantOn(3) || (a)) && ((b) != mutantOn(7)) {"
	for _, test := range []struct {
		column int
		text   string
		want   []int
	}{
		{0, "mismatched types in mutantCount(mutantOn(7), 0)", []int{6}},
		{5, "invalid operation", []int{2}},
		{40, "invalid operation", []int{6}},
		{0, "invalid operation", []int{2, 6}},
	} {
		if got := blamed(line, test.column, test.text); !slices.Equal(got, test.want) {
			t.Errorf("column %d, %s: %v, want %v", test.column, test.text, got, test.want)
		}
	}
	if got := blamed("a := b", 3, "missing return"); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// The compiler names a copy by its path, or from the root where the two stand side by side.
func TestCopyOf(t *testing.T) {
	p := &planted{root: "/home/x/pbxsync", dir: "/home/x/mutants1"}
	const want = "/home/x/mutants1/internal_api_retry.go"
	for _, path := range []string{want, "../mutants1/internal_api_retry.go", "internal/api/retry.go", "./internal/api/retry.go", "/home/x/pbxsync/internal/api/retry.go"} {
		if got := p.copyOf(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// The same seed picks the same mutants, another one others; names are unique.
func TestChoose(t *testing.T) {
	o := options{n: 200, seed: 1, rooms: strings.Split(usualRooms, ",")}
	pick := func(seed uint64) []string {
		o.seed = seed
		list, _, err := choose("../..", o)
		if err != nil || len(list) != o.n {
			t.Fatal(len(list), err)
		}
		return names(list)
	}
	if a, b := pick(1), pick(1); !slices.Equal(a, b) {
		t.Error("another sample with the same seed")
	}
	if a, b := pick(1), pick(2); slices.Equal(a, b) {
		t.Error("the same sample with another seed")
	}
	o.n = 1 << 30
	all, _, err := choose("../..", o)
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.Name] {
			t.Errorf("%s twice", m.Name)
		}
		seen[m.Name] = true
	}
	if err != nil || len(all) < 5000 {
		t.Error(len(all), err)
	}
}

// A run goes on behind what it has found, also where its last line is torn.
func TestResultsGoOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	m := mutant{Name: "a.go f drop 1", Text: "x()"}
	r, err := openResults(path)
	if err == nil {
		err = r.add(outcome{Name: m.Name, Text: m.Text, Near: "a TestX"})
	}
	if err != nil {
		t.Fatal(err)
	}
	_, _ = r.f.WriteString(`{"name":"torn`)
	r.close()
	if r, err = openResults(path); err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if o := r.of(m); o.Near != "a TestX" {
		t.Error(o)
	}
	m.Text = "y()"
	if o := r.of(m); o.Name != "" {
		t.Error("of another source", o)
	}
}

// Every mutant of the list exists, and the page says what the list does.
func TestSurvivors(t *testing.T) {
	list, err := survivors(survivorsText)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := check("../..", list)
	if err != nil || len(wrong) > 0 {
		t.Error(err, strings.Join(wrong, "\n"))
	}
	have, err := os.ReadFile(filepath.Join("../..", pagePath))
	if err != nil || !bytes.Equal(have, render(list)) {
		t.Errorf("%s is stale; run go run ./internal/mutants -page (%v)", pagePath, err)
	}
	if wrong, _ := check("../..", []survivor{{"sync/call/path.go Fill flip 99", "x", ""}, {"sync/call/path.go Fill flip 1", "x", ""}}); len(wrong) != 2 {
		t.Errorf("what does not exist is in order: %q", wrong)
	}
}

// A sample is planted, and each mutant of it noticed by the tests of its own package: the
// machinery works from end to end.
func TestNoticed(t *testing.T) {
	if !evidence.Full() {
		t.Skip("go run ./internal/mutants does it at will; " + evidence.EnvFull + "=1 does it here")
	}
	o := options{rooms: []string{"internal/journal"}, names: []string{"internal/journal/codec.go"}, near: true, parallel: 1, results: filepath.Join(t.TempDir(), "results")}
	list, _, err := choose("../..", o)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err == nil {
		err = try(root, o, list)
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := openResults(o.results)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	dead := 0
	for _, m := range list {
		if got := r.of(m); got.Near != "" {
			dead++
		}
	}
	if dead*10 < len(list)*6 {
		t.Errorf("%d of %d are noticed", dead, len(list))
	}
}
