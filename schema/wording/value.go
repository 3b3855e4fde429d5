package wording

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Value shows a value on one line, as a tenant file could have it: a text stands in quotes
// where it could be misread alone.
func Value(v any) string {
	return shown(v, func(s string) string {
		if s == "" || strings.TrimSpace(s) != s || strings.ContainsAny(s, "\"'\n:,[]{}#") || s == "null" || s == "true" || s == "false" {
			return inQuotes(s)
		}
		return s
	})
}

// InWords shows a value within a sentence: as Value does, with each text in quotes.
func InWords(v any) string { return shown(v, inQuotes) }

func shown(v any, text func(string) string) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return text(v)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = shown(x, text)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, k+": "+shown(v[k], text))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case float64:
		data, _ := json.Marshal(v) // without an exponent where a file would have none
		return string(data)
	}
	return fmt.Sprint(v)
}

// inQuotes writes a text as JSON does, with < and > as they are.
func inQuotes(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)
	return strings.TrimSuffix(b.String(), "\n")
}
