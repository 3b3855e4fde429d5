package plan

import (
	"maps"
	"net/http"
	"slices"

	"pbxsync/diff"
	"pbxsync/schema"
)

// This file is the one place of the behaviour ManyInOneCall in this package.

// batch puts a change into the one call that writes all objects of its kind.
// Whether that call replaces the whole set is unknown, so it carries the live
// ones too. Nil where a kind is written one by one.
func (b *builder) batch(ch *diff.Change) *node {
	k := ch.Object().Kind
	if k.Batch == "" {
		return nil
	}
	if n := b.batches[k]; n != nil {
		return n
	}
	rows := map[string]any{}
	for _, o := range b.live.Objects {
		if o.Kind == k { // read again, and as they are, right before they are sent
			rows[o.NaturalKey()] = b.recordedRow(o)
		}
	}
	for _, o := range b.desired.Objects {
		if o.Kind == k {
			rows[o.NaturalKey()] = b.row(o)
		}
	}
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		list = append(list, rows[key])
	}
	n := b.add(&node{Step: Step{Method: http.MethodPost, Path: k.CollectionPath(nil), Body: map[string]any{k.Batch: list},
		Why: "one call writes all objects of this kind"}})
	b.batches[k] = n
	return n
}

func (b *bodies) recordedRow(o *schema.Object) map[string]any {
	row := b.row(o)
	for _, f := range o.Kind.Fields {
		if v, ok := row[f.API]; ok {
			row[f.API] = f.Recorded(v)
		}
	}
	return row
}

func (b *bodies) row(o *schema.Object) map[string]any {
	row := map[string]any{}
	for _, f := range o.Kind.Fields {
		b.putCreate(row, o, f)
	}
	return row
}

// inOneCall returns the objects that are written whenever one of them is: those of its kind.
func inOneCall(desired *schema.Tenant, o *schema.Object) []*schema.Object {
	if o.Kind.Batch == "" {
		return nil
	}
	var out []*schema.Object
	for _, other := range desired.Objects {
		if other.Kind == o.Kind {
			out = append(out, other)
		}
	}
	return out
}

// markBatch says of a step that it writes all objects of a kind, where it does.
func (b *builder) markBatch(s *Step, k *schema.Kind) {
	if b.batches[k] != nil {
		s.Batch = k
	}
}

// Writes reports whether the step sends a field of its objects: in the body, or in a row of it.
func (s *Step) Writes(f *schema.Field) bool {
	_, sent := s.Body[f.API]
	return sent || s.Batch != nil
}

// madeIn is the check of an object that one call makes together with others: nothing
// of it was there.
func madeIn(s *Step, o *schema.Object) []Check {
	if s.Batch == nil {
		return nil
	}
	c := Check{Live: o}
	for _, name := range slices.Sorted(maps.Keys(o.Values)) {
		c.Fields = append(c.Fields, diff.Field{Name: name, New: o.Values[name]})
	}
	return []Check{c}
}
