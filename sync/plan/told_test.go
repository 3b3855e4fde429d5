package plan_test

import (
	"fmt"
	"slices"
	"strings"

	"pbxsync/internal/canned"
	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// told describes a plan, a line for each thing that it says.
func told(p *plan.Plan) string {
	var b canned.Words
	line := b.Line
	for i := range p.Steps {
		line("step", stepInWords(&p.Steps[i]))
	}
	for _, g := range p.Guards {
		line("guard", g.Error())
	}
	for _, c := range p.Changes {
		line("change", canned.JSON(placed(c)))
	}
	for _, w := range p.Wanted {
		w.Values, w.Places, w.Secrets, w.Place = nil, nil, nil, schema.Place{}
		line("wanted", canned.JSON(w))
	}
	for _, w := range p.Before {
		line("before", canned.JSON(w))
	}
	line("ids", canned.JSON(p.IDs))
	line("read", strings.Join(p.Read, " "))
	if p.Protected != nil {
		line("protected", canned.JSON(p.Protected))
	}
	return b.String()
}

// placed is a change without the places of its fields.
func placed(c plan.Change) plan.Change {
	c.Place.File, c.Fields = "", slices.Clone(c.Fields)
	for i := range c.Fields {
		c.Fields[i].Place = schema.Place{}
	}
	return c
}

func stepInWords(s *plan.Step) string {
	out := fmt.Sprintf("%d %s %s %s for %s", s.Number, s.Method, s.Path, canned.JSON(s.Body), strings.Join(s.Changes, ", "))
	if s.After != nil {
		out += fmt.Sprintf("; after %v", s.After)
	}
	if s.Why != "" {
		out += "; why: " + s.Why
	}
	if s.Deletes != "" {
		out += "; deletes " + s.Deletes
	}
	if s.Subject != nil {
		out += "; subject " + s.Subject.Address()
	}
	if s.Makes != nil {
		out += "; makes " + s.Makes.Address()
	}
	if s.Baseline != nil {
		out += fmt.Sprintf("; beside %v", s.Baseline)
	}
	if s.Batch != nil {
		out += "; all of " + s.Batch.Word
	}
	for _, c := range s.Checks {
		out += "; checks " + c.Live.Address()
		for _, f := range c.Fields {
			out += fmt.Sprintf(" %s=%s", f.Name, canned.JSON(f.Old))
		}
		for _, f := range c.Carry {
			out += " carries " + f.Name
		}
	}
	return out
}
