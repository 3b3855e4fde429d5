package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A new row comes into a page where the table has it, and nothing else of the page moves;
// a page that somebody edited is left alone.
func TestRowsAreAdded(t *testing.T) {
	full := &table{Faults: []row{{Row: "1", Text: "killed"}, {Row: "2", Text: "again"}}, Figures: []row{{Row: "a", Text: "first"}, {Row: "b", Text: "second"}}}
	p := &page{table: &table{Faults: full.Faults[:1], Figures: full.Figures[1:]}}
	file := filepath.Join(t.TempDir(), "page.md")
	write := func(data []byte) {
		t.Helper()
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func() string {
		t.Helper()
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	write(p.bytes())
	_, before, _ := strings.Cut(read(), endsIn)
	for range 2 { // the second time there is nothing to add
		if err := full.addTo(file); err != nil {
			t.Fatal(err)
		}
	}
	first, after, _ := strings.Cut(read(), endsIn)
	if first != madeBy+digest([]byte(after)) {
		t.Errorf("%s", first)
	}
	again, lack := "| 2 | again | not run |  | "+notYet+" |  |\n", "|  | first | not run |  | "+notYet+" |  |\n"
	want := strings.Replace(before, "|  | second |", lack+"|  | second |", 1)
	want = strings.Replace(want, "\n\n## Figures", "\n"+again+"\n## Figures", 1)
	if after != want {
		t.Errorf("%s\nwant:\n%s", after, want)
	}
	write([]byte(read() + "more"))
	if err := full.addTo(file); err == nil || !strings.Contains(err.Error(), "edited by hand") {
		t.Error(err)
	}
}
