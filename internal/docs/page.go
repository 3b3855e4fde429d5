package main

import (
	"bytes"
	"fmt"
	"strings"
)

// generatedNote heads every page, so that nobody edits it by hand.
const generatedNote = "<!-- Made by go run ./internal/docs; do not edit. -->"

// writer collects the lines of a page.
type writer struct{ bytes.Buffer }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// head begins a page.
func (w *writer) head(title string) {
	w.line("%s", generatedNote)
	w.line("")
	w.line("# %s", title)
	w.line("")
}

// table writes a table. Cells hold Markdown; what would end a cell is escaped.
func (w *writer) table(columns []string, rows [][]string) {
	w.row(columns)
	w.line("|%s", strings.Repeat("---|", len(columns)))
	for _, r := range rows {
		w.row(r)
	}
	w.line("")
}

func (w *writer) row(cells []string) {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(c)
	}
	w.line("| %s |", strings.Join(out, " | "))
}

// code shows a text as it is typed.
func code(s string) string { return "`" + s + "`" }

// plain keeps Markdown from reading signs into a sentence.
func plain(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "<", `\<`, "`", "\\`").Replace(s)
}

// codes shows several texts as they are typed.
func codes(list []string, between string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = code(s)
	}
	return strings.Join(out, between)
}
