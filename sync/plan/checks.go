package plan

import (
	"pbxsync/diff"
	"pbxsync/schema"
)

// Check is an object that a step changes or deletes, and what the plan saw of it.
type Check struct {
	Live   *schema.Object
	Fields []diff.Field // that the step writes
	Carry  []*schema.Field
}

func checkOf(s *Step, ch *diff.Change) Check {
	c := Check{Live: ch.Live}
	for _, fc := range ch.Fields {
		f := ch.Live.Kind.Field(fc.Name)
		if s.Writes(f) && !f.Apart {
			c.Fields = append(c.Fields, fc)
		}
	}
	for _, f := range ch.Live.Kind.Fields {
		if _, written := s.Body[f.API]; written && f.Always && !ch.Sets(f) && !f.Refers {
			c.Carry = append(c.Carry, f)
		}
	}
	return c
}

// checks says what each step that writes to an existing object relies on.
func (b *ordering) checks(s *Basis, steps []Step) {
	by := map[string]*diff.Change{}
	for _, ch := range s.Diff.Changes {
		by[ch.Address()] = ch
	}
	for i := range steps {
		step := &steps[i]
		b.markBatch(step, by[step.Changes[0]].Object().Kind)
		for _, address := range step.Changes {
			switch ch := by[address]; {
			case step.Creates() || itemised(ch): // its items are checked
			case ch.Action == diff.Replace && step.Path == ch.Desired.ItemPath(): // what was just made; the one before it is gone
			case ch.Live != nil:
				step.Checks = append(step.Checks, checkOf(step, ch))
			default:
				step.Checks = append(step.Checks, madeIn(step, ch.Desired)...)
			}
		}
	}
}
