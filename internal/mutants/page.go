package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// survivor is a mutant that no test notices, with the reason why that is right.
type survivor struct{ name, text, why string }

//go:embed survivors.txt
var survivorsText string

const pagePath = "docs/survivors.md"

// survivors reads survivors.txt: the name of a mutant, its text, and why no test has to
// notice it, a line each.
func survivors(text string) ([]survivor, error) {
	var out []survivor
	blocks := strings.Split(strings.TrimSpace(text), "\n\n")
	for _, block := range blocks[1:] {
		lines := strings.Split(block, "\n")
		if len(lines) != 3 {
			return nil, fmt.Errorf("%q: a name, a text and a reason are due, each in a line", lines[0])
		}
		out = append(out, survivor{lines[0], lines[1], lines[2]})
	}
	return out, nil
}

// check returns what is wrong with the list: a mutant that does not exist any more, or
// is another one.
func check(root string, list []survivor) ([]string, error) {
	rooms := map[string]map[string]mutant{}
	var wrong []string
	for _, s := range list {
		room := filepath.ToSlash(filepath.Dir(strings.Fields(s.name)[0]))
		if rooms[room] == nil {
			all, err := mutantsOf(root, room)
			if err != nil {
				return nil, err
			}
			rooms[room] = map[string]mutant{}
			for _, m := range all {
				rooms[room][m.Name] = m
			}
		}
		switch m, ok := rooms[room][s.name]; {
		case !ok:
			wrong = append(wrong, s.name+" does not exist any more; take it out of survivors.txt")
		case m.Text != s.text:
			wrong = append(wrong, fmt.Sprintf("%s is %s now, and was %s; ask the tests again (-names)", s.name, m.Text, s.text))
		}
	}
	return wrong, nil
}

// render makes the page.
func render(list []survivor) []byte {
	var b bytes.Buffer
	b.WriteString("<!-- Made by go run ./internal/mutants -page from internal/mutants/survivors.txt. -->\n\n# Mutants that survive\n\n")
	b.WriteString("`go run ./internal/mutants` changes one small thing at a time and asks whether a test notices. These\n" +
		"changes no test notices, and none has to. The last words of a name say what is changed: `flip` turns a\ncondition round, `half` asks one side of it only, " +
		"`bound` moves `<` by one, `drop` leaves a statement\nout, `early` returns at once, `noerr` swallows an error, `count` adds one to a number.\n\n")
	b.WriteString("| mutant | of | why |\n|---|---|---|\n")
	cell := func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
	for _, s := range list {
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", s.name, cell(s.text), cell(s.why))
	}
	return b.Bytes()
}

func writePage(root string) error {
	list, err := survivors(survivorsText)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(pagePath)), render(list), 0o644)
}
