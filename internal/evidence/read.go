package evidence

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Event is a line of go test -json.
type Event struct {
	Action, Package, Test string
	Key, Value, Output    string
	Elapsed               float64
}

// RedRows returns the rows that went wrong in the output of go test -json: not all of
// their cases were right, or the test that put them on record failed. The notes are
// those of all rows.
func RedRows(output []byte) (rowsInOrder []string, notes map[string][]Note) {
	notes = map[string][]Note{}
	red, rows, failed := map[string]bool{}, map[string][]string{}, map[string]bool{}
	for line := range bytes.Lines(output) {
		var e Event
		var n Note
		switch {
		case json.Unmarshal(bytes.TrimSpace(line), &e) != nil: // what the compiler says
		case e.Action == "attr" && e.Key == Key && json.Unmarshal([]byte(e.Value), &n) == nil:
			rows[e.Test] = append(rows[e.Test], n.Row)
			notes[n.Row] = append(notes[n.Row], n)
			if n.Right != n.Tried {
				red[n.Row] = true
			}
		case e.Action == "fail":
			failed[e.Test] = true
		}
	}
	for test := range failed {
		for _, row := range rows[test] {
			red[row] = true
		}
	}
	return slices.Sorted(maps.Keys(red)), notes
}
