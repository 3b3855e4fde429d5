package plan

import (
	"slices"

	"pbxsync/schema"
)

// OnRecord returns the plan as the record of a run keeps it: each wanted value once, beside what it
// was before. Places in files change with the next edit, and the calls have lines of their own there.
func (p *Value) OnRecord() *Value {
	r := *p
	r.Wanted, r.Changes, r.Steps = slices.Clone(p.Wanted), slices.Clone(p.Changes), slices.Clone(p.Steps)
	for i := range r.Wanted {
		r.Wanted[i].Place, r.Wanted[i].Places = schema.Place{}, nil
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		c.Place, c.Fields = schema.Place{}, slices.Clone(c.Fields)
		for j := range c.Fields {
			c.Fields[j].Place = schema.Place{}
		}
	}
	for i := range r.Steps {
		r.Steps[i].Body = nil
	}
	return &r
}
