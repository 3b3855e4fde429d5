package sync

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"pbxsync/schema/risk"
	"pbxsync/sync/plan"
	"pbxsync/sync/record"
)

// Saved is a plan that was made earlier and written as JSON.
type Saved struct {
	Where     string       // names it for people
	JSON      []byte       // as it was written
	Value     *plan.Value  // the same, decoded
	Protected []string     // what its files protected, see Planned.Protections
	Base      *record.Base // what it leaves as the base, see Planned.Accepted; nil: it is of a part
	Asked     Asked        // of the plan when it was made
}

// Asked is what the one who made a plan has asked of it, and what holds when it is carried out too.
type Asked struct {
	FailOn      []risk.Class `json:"fail_on,omitempty"`      // risks that have to be approved
	RevertDrift bool         `json:"revert_drift,omitempty"` // what both sides moved is as the files want it, and was reviewed so
}

// ApplySaved carries out a plan that was approved when it was saved. It is made again from
// what it wants and from the live tenant, and has to be the same: what was decoded is never
// sent.
func (e *Engine) ApplySaved(ctx context.Context, s *Saved, o Options, op Operator) (*Applied, error) {
	desired, err := s.Value.Desired(o.stated().Catalogue)
	if err != nil {
		return &Applied{}, err
	}
	o.FailOn, o.RevertDrift = append(slices.Clone(o.FailOn), s.Asked.FailOn...), o.RevertDrift || s.Asked.RevertDrift
	w := e.writing(desired, o, op)
	w.saved = s
	return w.apply(ctx)
}

// same reports whether a plan made now is the one that was saved, whatever the spaces and
// escapes with which that was written.
func (s *Saved) same(now *plan.Plan) (bool, error) {
	fresh, err := now.Bytes()
	if err != nil || bytes.Equal(bytes.TrimSpace(s.JSON), bytes.TrimSpace(fresh)) {
		return err == nil, err
	}
	a, err := plainly(s.JSON)
	if err != nil {
		return false, err
	}
	b, err := plainly(fresh)
	return reflect.DeepEqual(a, b), err
}

// plainly decodes JSON into maps and lists, with numbers as they were written.
func plainly(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
