package contrary

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// check refuses a body that the documents do not allow: fields that they do not have,
// read-only ones among them, other types, words and figures out of range, null where
// nothing says that it may stand, references to nothing.
func (s *keeper) check(c *call, in map[string]any, create bool) error {
	for name := range in {
		f := named(c.op.Body, name)
		if f == nil {
			return bad("unknown field %s", name)
		}
		if err := s.checkField(c, name, f, in[name], create); err != nil {
			return err
		}
	}
	for _, f := range c.op.Body {
		if _, ok := in[f.Name]; f.Required && !ok {
			return bad("%s is required", f.Name)
		}
	}
	return nil
}

func (s *keeper) checkField(c *call, path string, f *field, v any, create bool) error {
	if v == nil {
		if s.Dialect.takesNull(f, create) {
			return nil
		}
		return bad("%s cannot be null", path)
	}
	if err := s.checkType(c, path, f, v); err != nil {
		return err
	}
	if len(f.Enum) > 0 && !slices.Contains(f.Enum, v) {
		return bad("%s: %v is not one of %v", path, v, f.Enum)
	}
	if n, ok := v.(int64); ok && (f.Min != nil && n < *f.Min || f.Max != nil && n > *f.Max) {
		return bad("%s: %d is out of range", path, n)
	}
	return s.checkRef(c, path, f, v)
}

func (s *keeper) checkRef(c *call, path string, f *field, v any) error {
	to := refs[f.Name]
	if id, ok := v.(int64); ok && to != "" && id != 0 && c.tenant != nil && c.tenant.byID(to, id) == nil {
		return bad("%s: there is no %s %d", path, to, id)
	}
	return nil
}

func (s *keeper) checkType(c *call, path string, f *field, v any) error {
	ok := false
	switch f.Type {
	case "string":
		_, ok = v.(string)
	case "integer":
		_, ok = v.(int64)
	case "boolean":
		_, ok = v.(bool)
		if word, isWord := v.(string); isWord && f.Words[word] != nil {
			ok = true
		}
	case "array":
		list, isList := v.([]any)
		if ok = isList; ok {
			return s.checkItems(c, path, f, list)
		}
	case "object":
		_, ok = v.(map[string]any)
	}
	if !ok {
		return bad("%s has to be of type %s", path, f.Type)
	}
	return nil
}

func (s *keeper) checkItems(c *call, path string, f *field, list []any) error {
	fields, nested := c.op.BodyNested[f.Items]
	for i, x := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !nested {
			one := &field{Name: f.Name, Type: f.Items}
			if err := s.checkType(c, at, one, x); err != nil {
				return err
			}
			if err := s.checkRef(c, at, one, x); err != nil {
				return err
			}
			continue
		}
		m, ok := x.(map[string]any)
		if !ok {
			return bad("%s has to be an object", at)
		}
		if err := s.checkMembers(c, at, fields, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *keeper) checkMembers(c *call, at string, fields []field, m map[string]any) error {
	for name, v := range m {
		f := named(fields, name)
		if f == nil {
			return bad("%s: unknown field %s", at, name)
		}
		if err := s.checkField(c, at+"."+name, f, v, false); err != nil {
			return err
		}
	}
	for _, f := range fields {
		if f.Required && m[f.Name] == nil {
			return bad("%s.%s is required", at, f.Name)
		}
	}
	return nil
}

// takesNull reports whether null may be sent for a field: where its default is null, or
// where nothing is said and it is no yes or no.
func (d Dialect) takesNull(f *field, create bool) bool {
	switch {
	case f.Required && f.Name != "ani_number":
		return false
	case create && d.CreateRefusesNull:
		return false
	case slices.Contains(cleared, f.Name) || refs[f.Name] != "" && f.Type != "array":
		return true
	}
	return f.Type != "boolean" && f.Type != "array" && (len(f.Default) == 0 || string(f.Default) == "null") && !strings.HasSuffix(f.Name, "status")
}

// unset brings what means "not set" into one form, nil.
func unset(f *field, v any) any {
	if n, ok := v.(int64); ok && n == 0 && refs[f.Name] != "" {
		return nil
	}
	if word, ok := v.(string); ok && f.Words[word] != nil {
		return f.Words[word]
	}
	return v
}

// clone copies a value so that no answer shares it.
func clone(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	if d.Decode(&out) != nil {
		return v
	}
	return plain(out)
}
