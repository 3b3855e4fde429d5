package plan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// told describes a plan, a line for each thing that it says.
func told(p *plan.Plan) string {
	var b strings.Builder
	line := func(what string, args ...any) {
		fmt.Fprint(&b, what, " ", strings.TrimSpace(fmt.Sprintln(args...)), "\n")
	}
	for i := range p.Steps {
		line("step", stepInWords(&p.Steps[i]))
	}
	for _, g := range p.Guards {
		line("guard", g.Error())
	}
	for _, c := range p.Changes {
		line("change", inJSON(placed(c)))
	}
	for _, w := range p.Wanted {
		w.Values, w.Places, w.Secrets, w.Place = nil, nil, nil, schema.Place{}
		line("wanted", inJSON(w))
	}
	for _, w := range p.Before {
		line("before", inJSON(w))
	}
	line("ids", inJSON(p.IDs))
	line("read", strings.Join(p.Read, " "))
	if p.Protected != nil {
		line("protected", inJSON(p.Protected))
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
	out := fmt.Sprintf("%d %s %s %s for %s", s.Number, s.Method, s.Path, inJSON(s.Body), strings.Join(s.Changes, ", "))
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
			out += fmt.Sprintf(" %s=%s", f.Name, inJSON(f.Old))
		}
		for _, f := range c.Carry {
			out += " carries " + f.Name
		}
	}
	return out
}

func inJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
