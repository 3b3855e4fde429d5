package plan

import (
	"encoding/json"
	"strings"

	"pbxsync/schema/wording"
)

// ThroughJSON gives a value the form that answers have.
func ThroughJSON(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var out any
	if d.Decode(&out) != nil {
		return v
	}
	return out
}

// told says a value in words that are the same for a plan and for its saved form.
func told(v any) string { return wording.InWords(ThroughJSON(v)) }

// PlainValues gives numbers that came through JSON their one form again.
func PlainValues(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = PlainValue(v)
	}
	return out
}

// PlainValue gives a value that came through JSON the one form that compared values have:
// a whole number is an int64.
func PlainValue(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64()
		return f
	case map[string]any:
		return PlainValues(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = PlainValue(x)
		}
		return out
	}
	return v
}
