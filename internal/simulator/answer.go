package simulator

import "pbxsync/schema"

// answers gives rows as the API shows them; never null, an empty list is [].
func (t *tenant) answers(rows []*row) []any {
	out := make([]any, 0, len(rows))
	for _, r := range rows {
		out = append(out, t.answer(r))
	}
	return out
}

// answer gives one object as the API shows it. Stored values are never changed
// in place, so the answer may share them after the lock is released.
func (t *tenant) answer(r *row) map[string]any {
	return t.answerWith(r, r.shape.takes().Fields)
}

func (t *tenant) answerWith(r *row, fields []*schema.Field) map[string]any {
	out := make(map[string]any, len(fields))
	for _, f := range fields {
		if !f.WriteOnly {
			out[f.Answer] = t.field(r, f)
		}
	}
	return out
}

// field gives the answer's value of one field.
func (t *tenant) field(r *row, f *schema.Field) any {
	switch f {
	case r.shape.id:
		if f.Type == typeString {
			return textOf(r.id)
		}
		return r.id
	case r.shape.dealer:
		return orNull(r.dealer)
	case r.shape.tenant:
		if r.dealer != 0 {
			return nil
		}
		return t.id
	case r.shape.count:
		list, _ := r.values[f.Counts].([]any)
		return int64(len(list))
	}
	if r == t.root && t.limits != nil && t.limits.shape.byAPI[f.API] != nil {
		return t.limits.values[f.API]
	}
	if v, is := t.bundle(r, f); is {
		return v
	}
	v, ok := r.values[f.API]
	if !ok && f.Type == typeBoolean && !f.Nullable {
		return false
	}
	return shownValue(t, f, v)
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// shownValue turns a stored value into the form that answers have.
func shownValue(t *tenant, f *schema.Field, v any) any {
	switch x := v.(type) {
	case nil:
		return nil
	case string:
		if f.Prefixed {
			return t.prefix() + "*" + x
		}
		if f.AnswerType == typeObject && !f.ReadOnly {
			return map[string]any{f.API: x} // the true shape is unknown
		}
	case []any:
		if f.Items == nil || len(f.Items.Fields) == 0 {
			return x
		}
		list := make([]any, len(x))
		for i, item := range x {
			list[i] = shownValue(t, f.Items, item)
		}
		return list
	case map[string]any:
		if len(f.Fields) > 0 {
			return shownObject(t, f.Fields, x)
		}
	}
	return v
}

// shownObject adds every documented key that was not sent, as the real answers do.
func shownObject(t *tenant, fields []*schema.Field, in map[string]any) map[string]any {
	out := make(map[string]any, len(fields))
	for _, f := range fields {
		v, ok := in[f.API]
		if !ok && f.ReadOnly && f.Type == typeString {
			v = ""
		}
		if !f.WriteOnly {
			out[f.Answer] = shownValue(t, f, v)
		}
	}
	return out
}
