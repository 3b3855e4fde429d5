package published

import (
	"maps"
	"slices"
)

// patterns stand in the published schema for the formats, which other readers of JSON Schema
// do not know, or know as something else: their time has a zone. A pattern lets pass whatever
// the format does, and of the rest what cannot be told so; "" says nothing.
var patterns = map[string]pattern{
	"timezone":       {text: `^(UTC|GMT|GMT0|GMT[+-]0|UCT|Zulu|Universal|Greenwich|[A-Z]{3}([0-9][A-Z]{3})?|Cuba|Egypt|Eire|Factory|GB|GB-Eire|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|NZ|NZ-CHAT|Navajo|Poland|Portugal|Singapore|Turkey|W-SU|[A-Za-z]+(/[A-Za-z0-9_+-]+)+)$`},
	"countries":      {text: `^(\*|\s*[A-Z]{2}(\s+[A-Z]{2})*\s*)$`},
	"email":          {text: `^.+@[^@ ]*\.[^@ ]*$`},
	"emails":         {text: `^[^,]+@[^,@]*\.[^,@]*(,[^,]+@[^,@]*\.[^,@]*)*$`},
	"uri":            {text: `^[Hh][Tt][Tt][Pp][Ss]?://[^ \t/?#@]+([/?#][^ \t]*)?$`},
	"pcre":           {digits: true},
	"network":        {text: `^(((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(/[0-9.]+)?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[^/]+)?(/[0-9]{1,3})?)$`},
	"time":           {text: `^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$`},
	"date":           {text: `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`},
	"datetime":       {text: `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$`},
	"digits":         {text: `^[0-9]+$`, digits: true},
	"phone-number":   {text: `^\+?[0-9*#]+$`, digits: true},
	"extension-name": {text: `^[0-9]{2,4}$`, digits: true},
	"address-port":   {text: `^[^:]+:\+?[0-9]{1,5}$`},
}

// pattern is one of patterns. Where digits alone can be right, they need no quotes.
type pattern struct {
	text   string
	digits bool
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
		if more, ok := x[wordOthers].(map[string]any); ok {
			delete(x, wordOthers)
			maps.Copy(x, more)
		}
		for _, v := range x {
			forOthers(v)
		}
		loosen(x)
	}
}

// loosen changes one schema. A property may be called type or format, so only texts and lists
// of texts are taken for the keywords.
func loosen(s map[string]any) {
	nullable, unquoted := takes(s, "null"), true
	if name, ok := s["format"].(string); ok {
		delete(s, "format")
		unquoted = patterns[name].digits
		if p := patterns[name].text; p != "" && nullable {
			s["pattern"] = "^$|" + p // an empty text is one that is not set
		} else if p != "" {
			s["pattern"] = p
		}
	}
	switch words, hasEnum := s["enum"].([]any); {
	case hasEnum && nullable && takes(s, "string"):
		s["enum"] = append(words, "")
	case !hasEnum && unquoted && takes(s, "string") && !takes(s, "integer"):
		s["type"], s["minimum"] = append(typesOf(s), "integer"), 0 // digits need no quotes where text is due
	}
	branch(s)
}

// ofType are the keywords that speak of values of one type.
var ofType = map[string][]string{
	"string":  {"pattern", "minLength"},
	"integer": {"minimum"},
	"object":  {"properties", "additionalProperties", "minProperties", "maxProperties", "required"},
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
