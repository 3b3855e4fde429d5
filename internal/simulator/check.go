package simulator

import (
	"slices"
	"strings"

	"pbxsync/schema"
)

// checker holds a body against the catalogue.
type checker struct {
	t  *tenant
	at *row // the object, or what a new one is to stand under
	// seed takes what the API would not: read-only fields, answers' forms, nulls
	// everywhere, references to what is not there yet.
	seed bool
}

// body checks the fields of a request. It returns the values to store, without
// defaults and without what is never stored.
func (c checker) body(s *shape, in map[string]any, creating bool) (map[string]any, error) {
	out := make(map[string]any, len(in))
	for _, key := range sortedKeys(in) {
		f := s.byAPI[key]
		if err := writable(key, f, creating); err != nil {
			return nil, err
		}
		v, err := c.value(key, f, in[key])
		if err != nil {
			return nil, err
		}
		if !f.WriteOnly {
			out[f.API] = v
		}
	}
	return out, c.complete(s, in, out, creating)
}

func writable(key string, f *schema.Field, creating bool) error {
	switch {
	case f == nil:
		return bad(key, "unknown field")
	case f.Apart:
		return bad(key, "is sent as a form")
	case f.ReadOnly:
		return bad(key, "is read-only")
	case !creating && !f.InUpdate():
		return bad(key, "can only be set on create")
	}
	return nil
}

// complete asks for the fields that may not be left out. An update that leaves
// out one of those for which the pages print a default resets it, so that a
// forgetful client can be seen.
func (c checker) complete(s *shape, in, out map[string]any, creating bool) error {
	for _, f := range s.Fields {
		if _, sent := in[f.API]; sent || f.ReadOnly || f.Apart {
			continue
		}
		switch {
		case creating && f.Required:
			return bad(f.API, "is required")
		case creating || !f.Always:
		case f.Required || !f.HasDefault:
			return bad(f.API, "is required on every update")
		default:
			out[f.API] = f.Default
		}
	}
	return nil
}

// value checks one value and returns the form in which it is stored.
func (c checker) value(path string, f *schema.Field, v any) (any, error) {
	if f.Ref != nil && f.RefBy == "" && v == any(int64(0)) && !c.seed {
		v = nil
	}
	if v == nil {
		if !f.Nullable && !c.seed {
			return nil, bad(path, "may not be null")
		}
		return nil, nil
	}
	if c.seed && f.ReadOnly && f.AnswerType != "" {
		return v, nil
	}
	if len(f.Words) > 0 {
		return v, checkWord(path, f, v)
	}
	return c.typed(path, f, v)
}

func checkWord(path string, f *schema.Field, v any) error {
	allowed := make([]string, len(f.Words))
	for i, w := range f.Words {
		if w.API == v {
			return nil
		}
		allowed[i] = textOf(w.API)
	}
	return bad(path, "has to be one of %s", strings.Join(allowed, ", "))
}

func (c checker) typed(path string, f *schema.Field, v any) (any, error) {
	switch f.Type {
	case typeString:
		text, ok := v.(string)
		if !ok {
			return nil, bad(path, "has to be text")
		}
		return c.text(path, f, text)
	case typeInteger:
		n, ok := v.(int64)
		if !ok {
			return nil, bad(path, "has to be a whole number")
		}
		return n, c.integer(path, f, n)
	case typeBoolean:
		if _, ok := v.(bool); !ok {
			return nil, bad(path, "has to be true or false")
		}
	case typeArray:
		list, ok := v.([]any)
		if !ok {
			return nil, bad(path, "has to be a list")
		}
		return c.list(path, f, list)
	case typeObject:
		m, ok := v.(map[string]any)
		if !ok {
			return nil, bad(path, "has to be an object")
		}
		return c.members(path, f, m)
	}
	return v, nil
}

func (c checker) text(path string, f *schema.Field, text string) (any, error) {
	if len(f.Enum) > 0 && !slices.Contains(f.Enum, text) {
		return nil, bad(path, "has to be one of %s", strings.Join(f.Enum, ", "))
	}
	if f.Prefixed {
		return c.short(path, f, text)
	}
	if f.Ref != nil && f.RefBy != "" && !f.OrText && !c.seed && !c.has(f, text) {
		return nil, bad(path, "%q is no %s of this client", text, f.Ref.Word)
	}
	return text, nil
}

// short takes the tenant's prefix off a full name.
func (c checker) short(path string, f *schema.Field, text string) (any, error) {
	prefix, own, full := strings.Cut(text, "*")
	if !full {
		own = text
	} else if prefix != c.t.prefix() {
		return nil, bad(path, "the prefix of %q is not this client's", text)
	}
	if own == "" {
		return nil, bad(path, "may not be empty")
	}
	if n, set := c.t.root.values[f.Length].(int64); set && !c.seed && int64(len(own)) != n {
		return nil, bad(path, "has to have %d digits", n)
	}
	return own, nil
}

func (c checker) has(f *schema.Field, text string) bool {
	for _, r := range c.t.tables[f.Ref].byID {
		if refersByText(f, text, r) && c.reaches(f, r) {
			return true
		}
	}
	return false
}

// target is the row that an id refers to, or nil.
func (c checker) target(f *schema.Field, id int64) *row {
	if f.Ref == nil {
		return nil
	}
	return c.t.tables[f.Ref].byID[id]
}

// reaches reports whether a row stands where the field may refer to.
func (c checker) reaches(f *schema.Field, r *row) bool {
	return f.In == nil || r.owner != nil && r.owner == under(c.at, f.In)
}

// under is the row of a kind that a row is or stands under, or nil.
func under(r *row, k *schema.Kind) *row {
	for r != nil && r.shape.Kind != k {
		r = r.owner
	}
	return r
}

func (c checker) integer(path string, f *schema.Field, n int64) error {
	if r := c.target(f, n); f.Ref != nil && !c.seed && (r == nil || !c.reaches(f, r)) {
		return bad(path, "there is no %s with id %d", f.Ref.Word, n)
	}
	if f.Minimum != nil && n < *f.Minimum {
		return bad(path, "has to be %d or more", *f.Minimum)
	}
	if f.Maximum != nil && n > *f.Maximum {
		return bad(path, "has to be %d or less", *f.Maximum)
	}
	return nil
}

func (c checker) list(path string, f *schema.Field, in []any) (any, error) {
	if f.Items == nil {
		return in, nil
	}
	out := make([]any, len(in))
	for i, item := range in {
		v, err := c.value(at(path, i), f.Items, item)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// object checks a nested object, which is always sent whole.
func (c checker) object(path string, f *schema.Field, in map[string]any) (any, error) {
	out := make(map[string]any, len(in))
	for _, key := range sortedKeys(in) {
		sub := fieldNamed(f.Fields, key)
		if sub == nil {
			return nil, bad(path+"."+key, "unknown field")
		}
		if sub.ReadOnly && !c.seed {
			return nil, bad(path+"."+key, "is read-only")
		}
		v, err := c.value(path+"."+key, sub, in[key])
		if err != nil {
			return nil, err
		}
		out[sub.API] = v
	}
	for _, sub := range f.Fields {
		if _, sent := in[sub.API]; !sent && sub.Required {
			return nil, bad(path+"."+sub.API, "is required")
		}
	}
	return override(f, out), nil
}

// override drops what is ignored once all overriding fields are set.
func override(f *schema.Field, in map[string]any) map[string]any {
	if len(f.Overrides) == 0 {
		return in
	}
	out := make(map[string]any, len(f.Overrides))
	for _, name := range f.Overrides {
		if in[name] == nil {
			return in
		}
		out[name] = in[name]
	}
	return out
}
