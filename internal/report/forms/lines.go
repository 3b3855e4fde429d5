package forms

import (
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
	data, err := json.Marshal(event)
	if err != nil {
		return err
	}
	_, err = w.Write(append(report.EscapeFormat(data), '\n'))
	return err
}
