package described

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Schema is a JSON Schema in the making.
type Schema struct {
	Comments Comments
	// Words are those of fields whose type does not say them, by TYPE.NAME as JSON has the name.
	Words map[string][]string
	// Nullable are the fields that may be null, by the same names.
	Nullable map[string]bool
	// Defs are the types that were met, by name.
	Defs map[string]any

	known map[string]reflect.Type
}

// Ref describes a type, and returns what refers to it.
func (s *Schema) Ref(t reflect.Type) (map[string]any, error) {
	if t == reflect.TypeFor[time.Time]() {
		return map[string]any{"type": "string", "format": "date-time"}, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.Ref(t.Elem())
	case reflect.Interface:
		return map[string]any{}, nil
	case reflect.Bool:
		return map[string]any{"type": "boolean"}, nil
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}, nil
	case reflect.Float64:
		return map[string]any{"type": "number"}, nil
	case reflect.String:
		return s.text(t), nil
	case reflect.Slice:
		items, err := s.Ref(t.Elem())
		return map[string]any{"type": "array", "items": items}, err
	case reflect.Map:
		values, err := s.Ref(t.Elem())
		m := map[string]any{"type": "object", "additionalProperties": values}
		if words := s.Comments.words(t.Key()); len(words) > 0 {
			m["propertyNames"] = map[string]any{"enum": words}
		}
		return m, err
	case reflect.Struct:
		return map[string]any{"$ref": "#/$defs/" + t.Name()}, s.object(t)
	}
	return nil, fmt.Errorf("%s: a %s has no form in JSON", t, t.Kind())
}

// text is a word where constants say which there are.
func (s *Schema) text(t reflect.Type) map[string]any {
	if words := s.Comments.words(t); len(words) > 0 {
		return map[string]any{"enum": words}
	}
	return map[string]any{"type": "string"}
}

// object describes a struct among the definitions.
func (s *Schema) object(t reflect.Type) error {
	if s.known == nil {
		s.known, s.Defs = map[string]reflect.Type{}, map[string]any{}
	}
	if known := s.known[t.Name()]; known == t {
		return nil
	} else if known != nil {
		return fmt.Errorf("%s and %s have one name", known, t)
	}
	s.known[t.Name()] = t
	properties, required := map[string]any{}, []string{}
	if err := s.fields(t, properties, &required); err != nil {
		return err
	}
	def := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		def["required"] = required
	}
	if text := s.Comments.of(t, ""); text != "" {
		def["description"] = text
	}
	s.Defs[t.Name()] = def
	return nil
}

// fields describes the fields of a struct, and of what is embedded in it.
func (s *Schema) fields(t reflect.Type, properties map[string]any, required *[]string) error {
	for i := range t.NumField() {
		f := t.Field(i)
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			if err := s.fields(f.Type, properties, required); err != nil {
				return err
			}
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			return fmt.Errorf("%s.%s has no name in JSON", t, f.Name)
		}
		p, err := s.property(t, f, name)
		if err != nil {
			return err
		}
		properties[name] = p
		if !strings.Contains(rest, "omit") {
			*required = append(*required, name)
		}
	}
	return nil
}

func (s *Schema) property(t reflect.Type, f reflect.StructField, name string) (map[string]any, error) {
	p, err := s.Ref(f.Type)
	if err != nil {
		return nil, err
	}
	p = maps.Clone(p)
	where := t.Name() + "." + name
	if words := s.Words[where]; words != nil {
		words = slices.Clone(words)
		delete(s.Words, where)
		if p["items"] != nil {
			p["items"] = map[string]any{"enum": words}
		} else {
			p = map[string]any{"enum": words}
		}
	}
	if s.Nullable[where] {
		p["type"] = []any{p["type"], "null"}
		delete(s.Nullable, where)
	}
	if text := s.Comments.of(t, f.Name); text != "" {
		p["description"] = text
	}
	return p, nil
}
