package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

// notYet is what a page says of a row that is newer than the page.
const notYet = "not tried yet: the row is newer than this page"

// addTo puts the rows that a page lacks into it, so that a row can be written down before
// the next full run, which takes hours, has figures for it.
func (t *table) addTo(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	first, rest, _ := bytes.Cut(data, []byte(endsIn))
	if string(first) != madeBy+digest(rest) {
		return fmt.Errorf("%s was edited by hand; only a run can write it", file)
	}
	lines := strings.Split(string(rest), "\n")
	lines = addRows(lines, "## Faults", t.Faults, func(r row) string { return r.Row })
	lines = addRows(lines, "## Figures", t.Figures, func(row) string { return "" })
	text := []byte(strings.Join(lines, "\n"))
	return os.WriteFile(file, append([]byte(madeBy+digest(text)+endsIn), text...), 0o644)
}

// addRows puts each missing row behind the one that it follows in the table.
func addRows(lines []string, heading string, rows []row, name func(row) string) []string {
	at := slices.Index(lines, heading)
	for at >= 0 && !strings.HasPrefix(lines[at], "|---") {
		at++
	}
	for _, r := range rows {
		begin := fmt.Sprintf("| %s | %s | ", name(r), r.Text)
		has := func(line string) bool { return strings.HasPrefix(line, begin) }
		if found := slices.IndexFunc(lines, has); found >= 0 {
			at = found
			continue
		}
		at++
		lines = slices.Insert(lines, at, begin+"not run |  | "+notYet+" |  |")
	}
	return lines
}
