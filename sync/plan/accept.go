package plan

import (
	"cmp"
	"maps"

	"pbxsync/diff"
	"pbxsync/sync/record"
)

// Outcome is what became of a step: it may have been carried out, and it certainly was.
type Outcome struct{ Begun, Done bool }

// Accept takes into a base, by address, what the steps of a plan have made: what a change was
// answered for is known, and what was only begun is not any more.
func (p *Value) Accept(objects map[string]*record.Stated, steps map[int]Outcome) {
	wanted := map[string]*Wanted{}
	for i := range p.Wanted {
		wanted[p.Wanted[i].Address] = &p.Wanted[i]
	}
	progress := p.progress(steps)
	for i := range p.Changes {
		c := &p.Changes[i]
		switch o := progress[c.Address]; {
		case o.Done && wanted[c.Address] != nil:
			made(objects, c, wanted[c.Address])
		case o.Begun:
			unknown(objects, c)
		}
	}
}

// progress tells of each change whether any of its steps was begun, and whether all were
// carried out.
func (p *Value) progress(steps map[int]Outcome) map[string]Outcome {
	all := map[string]Outcome{}
	for i := range p.Steps {
		for _, a := range p.Steps[i].Changes {
			o, known := all[a]
			step := steps[p.Steps[i].Number]
			all[a] = Outcome{Begun: o.Begun || step.Begun, Done: (o.Done || !known) && step.Done}
		}
	}
	return all
}

// made takes over what a change has made of an object: what the files stated of it is as they
// stated it.
func made(objects map[string]*record.Stated, c *Change, w *Wanted) {
	was := earlier(objects, c, w)
	switch {
	case c.Action == diff.Delete && w.Pruned:
	case c.Action == diff.Delete:
		objects[c.Address] = &record.Stated{Object: w.Object, Absent: true}
	default:
		now := &record.Stated{Object: w.Object}
		now.Values = map[string]any{}
		if was != nil && c.Action != diff.Create && c.Action != diff.Replace {
			maps.Copy(now.Values, was.Values)
		}
		maps.Copy(now.Values, w.Values)
		objects[c.Address] = now
	}
}

// earlier takes an object out of a base, under its name or an earlier one.
func earlier(objects map[string]*record.Stated, c *Change, w *Wanted) *record.Stated {
	was := objects[c.Address]
	delete(objects, c.Address)
	delete(objects, c.Replaces)
	for _, key := range w.Renamed {
		for old, x := range objects {
			if x.Kind == w.Kind && x.Parent == w.Parent && cmp.Or(x.Name, x.Key) == key {
				was = cmp.Or(was, x)
				delete(objects, old)
			}
		}
	}
	return was
}

// unknown forgets what a change was about: it may have been made, or not.
func unknown(objects map[string]*record.Stated, c *Change) {
	delete(objects, c.Replaces)
	was := objects[c.Address]
	if was == nil {
		return
	}
	if c.Action != diff.Update {
		delete(objects, c.Address)
		return
	}
	for _, f := range c.Fields {
		delete(was.Values, f.Name)
	}
}
