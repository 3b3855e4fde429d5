package schema

import "slices"

// patterns stand in the published schema for the formats, which other readers of JSON Schema
// do not know, or know as something else: their time has a zone. A pattern lets pass whatever
// the format does, and of the rest what cannot be told so; "" says nothing.
var patterns = map[string]string{
	"timezone":       `^[A-Za-z0-9_+/-]+$`,
	"countries":      `^(\*|\s*[A-Z]{2}(\s+[A-Z]{2})*\s*)$`,
	"email":          `@[^@]*\.`,
	"emails":         `@[^@]*\.`,
	"uri":            `^[Hh][Tt][Tt][Pp][Ss]?://[^ \t]+$`,
	"pcre":           "",
	"network":        `^[0-9A-Fa-f:.]+`,
	"time":           `^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5]?[0-9])?$`,
	"date":           `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`,
	"datetime":       `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$`,
	"digits":         `^[0-9]+$`,
	"phone-number":   `^\+?[0-9*#]+$`,
	"extension-name": `^[0-9]{2,4}$`,
	"address-port":   `^[^:]+:\+?[0-9]+$`,
}

// forOthers turns the program's own schema into one for readers that see a file before text
// is told from numbers, and that know no format of ours.
func forOthers(x any) {
	switch x := x.(type) {
	case []any:
		for _, item := range x {
			forOthers(item)
		}
	case map[string]any:
		for _, v := range x {
			forOthers(v)
		}
		loosen(x)
	}
}

// loosen changes one schema. A property may be called type or format, so only texts and lists
// of texts are taken for the keywords.
func loosen(s map[string]any) {
	nullable := takes(s, "null")
	if name, ok := s["format"].(string); ok {
		delete(s, "format")
		if p := patterns[name]; p != "" && nullable {
			s["pattern"] = "^$|" + p // an empty text is one that is not set
		} else if p != "" {
			s["pattern"] = p
		}
	}
	switch words, hasEnum := s["enum"].([]any); {
	case hasEnum && nullable && takes(s, "string"):
		s["enum"] = append(words, "")
	case !hasEnum && takes(s, "string") && !takes(s, "integer"):
		s["type"] = append(typesOf(s), "integer") // digits need no quotes where text is due
	}
	branch(s)
}

// ofType are the keywords that speak of values of one type.
var ofType = map[string][]string{
	"string": {"pattern", "minLength"},
	"object": {"properties", "additionalProperties", "minProperties", "maxProperties", "required"},
}

// branch writes several types as alternatives, since strict readers take a list of types for
// a mistake, unless the other one is null.
func branch(s map[string]any) {
	types := typesOf(s)
	if len(types) < 2 || len(types) == 2 && slices.Contains(types, any("null")) {
		return
	}
	delete(s, "type")
	var branches []any
	for _, t := range types {
		b := map[string]any{"type": t}
		for _, word := range ofType[t.(string)] {
			if v, ok := s[word]; ok {
				b[word] = v
				delete(s, word)
			}
		}
		branches = append(branches, b)
	}
	s["anyOf"] = branches
}

func typesOf(s map[string]any) []any {
	switch t := s["type"].(type) {
	case string:
		return []any{t}
	case []any:
		return t
	}
	return nil
}

func takes(s map[string]any, typ string) bool { return slices.Contains(typesOf(s), any(typ)) }
