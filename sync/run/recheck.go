package run

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"pbxsync/diff"
	"pbxsync/schema"
	"pbxsync/schema/wording"
	"pbxsync/sync/call"
	"pbxsync/sync/plan"
)

// This file looks at an object right before a step writes to it. Nobody locks the
// tenant against people: what they changed since the plan was made is not overwritten.

// Moved says that an object is not any more what the plan saw, so that the step
// which would write to it was not sent.
type Moved struct {
	Address, Field string
	Old, Now, New  any
	Gone           bool
	Named          string // what has the id now
}

// Error says what was found, and the way out.
func (m *Moved) Error() string {
	const way = "nothing was sent for it; run plan again"
	switch {
	case m.Gone:
		return "it is gone since the plan was made; " + way
	case m.Named != "":
		return fmt.Sprintf("its id belongs to %q since the plan was made; %s", m.Named, way)
	}
	return fmt.Sprintf("somebody changed %s since the plan was made: it was %s, it is %s now, and the plan wants %s; %s", m.Field, wording.InWords(m.Old), wording.InWords(m.Now), wording.InWords(m.New), way)
}

// trace is what earlier steps of the run left: it is no edit of somebody else.
type trace struct {
	mu    sync.Mutex
	wrote map[string][]any // kind and field -> values as they were sent
	gone  map[string]bool  // symbols of objects that were deleted
}

func newTrace() *trace { return &trace{wrote: map[string][]any{}, gone: map[string]bool{}} }

// note keeps what a step left.
func (t *trace) note(s *plan.Step, body map[string]any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range s.Checks {
		if s.Method == http.MethodDelete {
			t.gone[c.Live.Symbol()] = true
		}
		for _, fc := range c.Fields {
			f := c.Live.Kind.Field(fc.Name)
			key := c.Live.Kind.Word + " " + f.Name
			t.wrote[key] = append(t.wrote[key], body[f.API])
		}
	}
}

// recheckEach reads what a step is about to write to, and compares it with what the plan
// saw. What an update has to carry is taken from there. It returns what a delete would
// leave behind.
func (r *sending) recheckEach(ctx context.Context, s *plan.Step, body map[string]any) ([]leftover, error) {
	var left []leftover
	for _, c := range s.Checks {
		if s.Method == http.MethodDelete { // before the object itself, which is looked at last
			left = r.leftovers(ctx, c.Live)
			if err := r.goesOn(ctx, c.Live); err != nil {
				return nil, err
			}
		}
		now, err := r.readNow(ctx, s, c.Live)
		if err != nil {
			return nil, err
		}
		if err := r.compareNow(s, c, now, body); err != nil {
			return nil, err
		}
		for _, f := range c.Carry {
			if v := now.Values[f.Name]; v != nil {
				body[f.API] = f.Wire(v)
			}
		}
		if s.Method == http.MethodDelete {
			break // the others go with the first
		}
	}
	return left, nil
}

// readNow reads an object as it is now, nil where it is gone.
func (r *sending) readNow(ctx context.Context, s *plan.Step, o *schema.Object) (*schema.Object, error) {
	if isSequence(o) {
		return r.sequenceNow(ctx, o)
	}
	path, err := call.Fill(shownAt(s, o), r.idOf)
	if err != nil {
		return nil, err
	}
	v, err := r.api.Get(ctx, path)
	r.checked.Add(1)
	if call.Status(err) == http.StatusNotFound {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("looking at it before it is written to: %w", err)
	}
	row, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("GET %s: the server sent no object; is this the PBX's API?", path)
	}
	now, err := r.plan.Live.NewObject(o.Kind, o.Parent, row)
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", path, err)
	}
	r.plan.Live.ResolveObject(now)
	return now, nil
}

// compareNow names the object where a step is for several.
func (r *knowledge) compareNow(s *plan.Step, c plan.Check, now *schema.Object, body map[string]any) error {
	err := r.compare(s, c, now, body)
	if err == nil || len(s.Changes) == 1 {
		return err
	}
	return fmt.Errorf("%s: %w", c.Live.Address(), err)
}

func (r *knowledge) compare(s *plan.Step, c plan.Check, now *schema.Object, body map[string]any) error {
	address := c.Live.Address()
	switch {
	case now == nil && s.Method == http.MethodDelete:
		return errGone
	case now == nil:
		return &Moved{Address: address, Gone: true}
	case keyed(now.Kind) && now.Key != c.Live.NaturalKey() && !r.renames(s, c, now):
		return &Moved{Address: address, Named: now.Key}
	}
	for _, fc := range c.Fields {
		f := c.Live.Kind.Field(fc.Name)
		if v, read := now.Values[f.Name]; read && !r.expected(c.Live.Kind, fc, v, body[f.API]) {
			return &Moved{Address: address, Field: f.Name, Old: fc.Old, Now: v, New: fc.New}
		}
	}
	return nil
}

// renames reports whether the step gives the object the name that it has now.
func (r *knowledge) renames(s *plan.Step, c plan.Check, now *schema.Object) bool {
	return slices.ContainsFunc(c.Fields, func(fc diff.Field) bool {
		return c.Live.Kind.IsKey(c.Live.Kind.Field(fc.Name)) && schema.Equal(fc.New, now.Values[fc.Name])
	})
}

// expected reports whether a value is the one that the plan saw, the one that it
// wants, or what an earlier step of the run left there.
func (r *knowledge) expected(k *schema.Kind, fc diff.Field, now, sent any) bool {
	f := k.Field(fc.Name)
	if schema.Equal(now, fc.Old) || schema.Equal(now, fc.New) || same(f, now, sent) {
		return true
	}
	r.left.mu.Lock()
	defer r.left.mu.Unlock()
	if f.Ref != nil && now == nil {
		if old := r.plan.Live.Target(f, fc.Old); old != nil && r.left.gone[old.Symbol()] {
			return true
		}
	}
	if r.left.linked(k, f) {
		return true // linking has made it like the main object's
	}
	return slices.ContainsFunc(r.left.wrote[k.Word+" "+f.Name], func(v any) bool { return same(f, now, v) })
}

// same compares a value in normal form with one that was sent.
func same(f *schema.Field, now, sent any) bool {
	if r := schema.RefOf(now); f.Ref != nil && r.ID != 0 {
		return fmt.Sprint(r.ID) == fmt.Sprint(sent)
	}
	if f.RefBy != "" {
		return fmt.Sprint(now) == fmt.Sprint(sent)
	}
	if f.Refers && f.Ref == nil {
		return sameParts(f, now, plan.PlainValue(sent))
	}
	return f.Ref == nil && schema.Equal(now, f.Live(plan.PlainValue(sent), ""))
}

// sameParts compares lists and objects with references in them.
func sameParts(f *schema.Field, now, sent any) bool {
	a, isList := now.([]any)
	b, areLists := sent.([]any)
	if isList && areLists && len(a) == len(b) {
		for i := range a {
			if !same(f.Items, a[i], b[i]) {
				return false
			}
		}
		return true
	}
	x, isObject := now.(map[string]any)
	y, areObjects := sent.(map[string]any)
	return isObject && areObjects && !slices.ContainsFunc(f.Fields, func(sub *schema.Field) bool { return !same(sub, x[sub.Name], y[sub.API]) })
}

// errGone says that what is to be deleted is not there any more.
var errGone = &Moved{Gone: true}
