package plan

import "pbxsync/schema"

// This file is the one place of the behaviour KnownFromRecords in this package.

// OnlyOnRecord reports whether the step makes an object that nobody can find
// again but by its id.
func (s *Step) OnlyOnRecord() bool {
	return s.Makes != nil && s.Makes.Kind.Behaviour == schema.KnownFromRecords
}

// idOnRecord is the id by which a saved plan finds an object again. Where no list tells it, that
// is the live one's: whoever applies the plan may have other records.
func (w *wanting) idOnRecord(o *schema.Object) int64 {
	if o.Kind.Behaviour != schema.KnownFromRecords {
		return o.ID
	}
	return max(o.ID, w.state.Live.IDOfObject(o))
}
