package schema

import "slices"

// Known returns what of an answer may be written down: the id, and the fields of
// the catalogue that are no secrets. Foreign are the names of the fields that
// the catalogue does not have, whose meaning is not known.
func (k *Kind) Known(row map[string]any) (known map[string]any, foreign []string) {
	known = make(map[string]any, len(k.Fields)+1)
	names := map[string]bool{"id": true}
	if id, ok := row["id"]; ok {
		known["id"] = id
	}
	for _, f := range k.Fields {
		names[f.Answer], names[f.API] = true, true
		v, ok := row[f.Answer]
		switch {
		case !ok || f.WriteOnly || f.Once:
		case f.keep != nil:
			known[f.Answer] = f.keep(v)
		default:
			known[f.Answer] = knownOf(f, v)
			foreign = append(foreign, strange(f, f.Answer, v)...)
		}
	}
	for _, name := range sortedKeys(row) {
		if !names[name] {
			foreign = append(foreign, name)
		}
	}
	slices.Sort(foreign)
	return known, slices.Compact(foreign)
}

// strange returns the names, under that of the field, of what a value holds and the
// catalogue does not have.
func strange(f *Field, under string, v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if f.Items != nil {
				out = append(out, strange(f.Items, under, x)...)
			}
		}
	case map[string]any:
		for name, x := range v {
			if i := slices.IndexFunc(f.Fields, func(sub *Field) bool { return sub.Answer == name }); i >= 0 {
				out = append(out, strange(f.Fields[i], under+"."+name, x)...)
			} else if f.Pick == "" && len(f.Fields) > 0 {
				out = append(out, under+"."+name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// knownOf keeps of a value what the catalogue describes and may be written down.
func knownOf(f *Field, v any) any {
	switch v := v.(type) {
	case []any:
		if f.Items == nil {
			return f.Recorded(v)
		}
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = knownOf(f.Items, x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		if f.Pick != "" {
			out[f.Pick] = v[f.Pick]
		}
		for _, sub := range f.Fields {
			if x, ok := v[sub.Answer]; ok && !sub.WriteOnly {
				out[sub.Answer] = knownOf(sub, x)
			}
		}
		return out
	}
	return f.Recorded(v)
}

// Readable reports whether the API shows the objects of the kind.
func (k *Kind) Readable() bool {
	if k.Singleton() {
		return k.Has(Read)
	}
	return k.Has(List)
}
