package canned

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Words are lines of text, each beginning with what it is about.
type Words struct{ strings.Builder }

// Line adds a line.
func (w *Words) Line(what string, args ...any) {
	fmt.Fprint(w, what, " ", strings.TrimSpace(fmt.Sprintln(args...)), "\n")
}

// JSON is a value on one line, with its letters as they are.
func JSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
