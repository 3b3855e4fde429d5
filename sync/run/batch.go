package run

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"pbxsync/schema"
	"pbxsync/sync/plan"
)

// This file is the one place of the behaviour ManyInOneCall in this package.

// recheck looks at what a step is about to write to: at each object, or at the list of all.
func (r *sending) recheck(ctx context.Context, s *plan.Step, path string, body map[string]any) ([]leftover, error) {
	if s.Batch == nil {
		return r.recheckEach(ctx, s, body)
	}
	return nil, r.recheckBatch(ctx, s, path, body)
}

// recheckBatch looks at what the one call that writes all objects of a kind is about to write
// to. What the plan does not change is sent as it is now.
func (r *sending) recheckBatch(ctx context.Context, s *plan.Step, path string, body map[string]any) error {
	k := s.Batch
	rows, pages, extra, err := r.api.List(ctx, path, k.Listing())
	r.checked.Add(int64(pages + extra))
	if err != nil {
		return fmt.Errorf("looking at it before it is written to: %w", err)
	}
	live := map[string]map[string]any{}
	changed := map[string]bool{}
	for _, row := range rows {
		now, err := r.plan.Live.NewObject(k, nil, row)
		if err != nil {
			return fmt.Errorf("GET %s: %w", path, err)
		}
		live[now.Key] = now.Values
	}
	for _, c := range s.Checks {
		// Whoever took it away, it is going to be set.
		now := &schema.Object{Kind: k, Key: c.Live.NaturalKey(), Values: live[c.Live.NaturalKey()]}
		if err := r.compareNow(s, c, now, map[string]any{}); err != nil {
			return err
		}
		changed[c.Live.NaturalKey()] = true
	}
	body[k.Batch] = freshRows(k, body[k.Batch], live, changed)
	return nil
}

// freshRows puts the live values in place of those that the plan carries and does not
// change. What has come since is carried too.
func freshRows(k *schema.Kind, planned any, live map[string]map[string]any, changed map[string]bool) []any {
	rows := map[string]any{}
	list, _ := planned.([]any)
	for _, row := range list {
		m, _ := row.(map[string]any)
		rows[fmt.Sprint(m[k.Key[0].Field.API])] = row
	}
	for key, values := range live {
		if changed[key] {
			continue
		}
		row := map[string]any{}
		for _, f := range k.Fields {
			if f.InCreate() {
				row[f.API] = f.Wire(values[f.Name])
			}
		}
		rows[key] = row
	}
	out := []any{}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		if live[key] == nil && !changed[key] && schema.Hidden(rows[key]) {
			continue // it is gone, and the plan does not say what it was
		}
		out = append(out, rows[key])
	}
	return out
}

// answered returns the objects of an answer: the answer itself, or the list in it.
func answered(s *plan.Step, row map[string]any) []map[string]any {
	if s.Batch == nil {
		return []map[string]any{row}
	}
	var rows []map[string]any
	for _, v := range row {
		list, _ := v.([]any)
		for _, item := range list {
			if m, ok := item.(map[string]any); ok {
				rows = append(rows, m)
			}
		}
	}
	return rows
}

// ofAnother reports whether a row of an answer is that of another object than the one in question.
func ofAnother(s *plan.Step, row *schema.Object, key string) bool {
	return s.Batch != nil && row.Key != key
}
