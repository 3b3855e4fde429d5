package forms

import (
	"bytes"
	"encoding/json"
	"io"

	"pbxsync/internal/report"
)

// lines writes what a report has as events: what was found, the changes, and the verdict last.
func lines(w io.Writer, r *report.Report, _ Options) error {
	for _, e := range r.Events() {
		if err := Line(w, e); err != nil {
			return err
		}
	}
	return nil
}

// Line writes one event.
func Line(w io.Writer, event any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(event); err != nil {
		return err
	}
	_, err := w.Write(report.EscapeFormat(b.Bytes()))
	return err
}
