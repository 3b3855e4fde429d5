package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pbxsync/diff"
	"pbxsync/internal/evidence"
	"pbxsync/schema"
	"pbxsync/sync/plan"
	"pbxsync/sync/run"
)

// TestLongTextIsCut: whatever is printed for people, a text of 10 MB from a file or a server takes a few
// hundred characters, says how long it was, and shows no half of a secret.
func TestLongTextIsCut(t *testing.T) {
	const secret = "hunter2-hunter2-hunter2"
	var m Mask
	m.Hide(secret)
	for i, filler := range []string{"a", "two words ", "é", ", ", "; ", "a: b, ", " --yes"} {
		size := evidence.Quick(2, 10) << 20
		if i > 0 {
			size /= 10
		}
		huge := strings.Repeat(filler, size/len(filler))
		huge = huge[:keptOfValue*len(filler)/len([]rune(filler))-len(secret)/2]
		huge += secret + strings.Repeat(filler, size/len(filler))
		change := Change{Address: "extension/101", Action: diff.Update, Reason: "differs", Fields: []Field{{Name: "label", Before: huge, After: []any{huge}}},
			Once: map[string]any{"status": huge}, Unstated: map[string]any{"x": huge}}
		step := plan.Step{Number: 1, Method: "PUT", Changes: []string{"extension/101"}}
		named := step
		named.Changes = []string{"extension/" + huge}
		for name, show := range map[string]func(p *Printer){
			"plan": func(p *Printer) { Text(p, &Report{Changes: []Change{change}}) },
			"report": func(p *Printer) {
				Text(p, &Report{Notes: []string{huge}, Guards: []Guard{{Sentence: huge}}, Strays: []Stray{{Address: "x/" + huge}}})
			},
			"stuck": func(p *Printer) {
				Text(p, &Report{Stuck: []Stuck{{Address: huge, Old: huge, New: map[string]any{"k": huge}}}})
			},
			"failed": func(p *Printer) {
				NewProgress(p, nil, false).Event(run.StepFailed{Step: &step, Err: errors.New("400: " + huge)})
			},
			"done":     func(p *Printer) { NewProgress(p, nil, false).Event(run.StepDone{Step: &named}) },
			"warnings": func(p *Printer) { Warnings(p, schema.Problems{{Message: huge}}) },
			"error":    func(p *Printer) { p.Linef("%v", errors.Join(fmt.Errorf("one: %s", huge), errors.New(huge))) },
		} {
			var b bytes.Buffer
			show(NewPrinter(&b, false).Mask(m.Text))
			got := b.String()
			if b.Len() > 4000 || !strings.Contains(got, " characters)") || strings.Contains(got, "hunter2") {
				t.Errorf("%s: %d bytes of output: %.600s", name, b.Len(), got)
			}
		}
	}
}

// TestListsAreWhole: what somebody has to copy or count is made of short parts, and none is cut.
func TestListsAreWhole(t *testing.T) {
	flags, list := "allow what is lost:", "goes with it: "
	for i := range 200 {
		flags += fmt.Sprintf(" --allow-loss extension/%d", 100+i)
		list += fmt.Sprintf("local_agent/Alice Archer %d, ", i)
	}
	for _, line := range []string{flags, list, list + "\n" + flags} {
		if got := (&Printer{}).short(line); got != line {
			t.Errorf("got %.400s", got)
		}
	}
}
