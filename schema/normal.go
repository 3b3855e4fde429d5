package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pbxsync/schema/format"
)

// This file is the one named place where values get their normal form, so that
// the two sides of a comparison differ only where the tenant does. Only what both
// sides may spell in two ways, and keep as they do, is left to Short.

// Normal returns a value from a tenant file in normal form.
func (f *Field) Normal(v any) any {
	if f.normal != nil {
		return f.normal(v)
	}
	switch v := v.(type) {
	case nil:
		return nil
	case int64:
		if slices.Contains(f.Unset, v) && (f.Minimum == nil || v >= *f.Minimum) {
			return nil
		}
	case string:
		return normalText(f, v)
	case []any:
		return normalList(f, v, (*Field).Normal)
	case map[string]any:
		if len(f.Fields) == 0 {
			return v
		}
		return normalObject(f, v, func(sub *Field) (any, bool) { x, ok := v[sub.Name]; return sub.Normal(x), ok })
	}
	return v
}

// Live returns a value from an answer in normal form: names are shortened by
// the tenant's prefix, the API's words become the file's, and every way to say
// "not set" becomes nil. References stay ids until they are resolved.
func (f *Field) Live(v any, prefix string) any {
	v = f.Picked(v)
	switch v := v.(type) {
	case nil:
		if f.Type == "array" {
			return []any{} // a list that is not set is an empty one
		}
		return nil
	case json.Number:
		return liveNumber(f, v)
	case int64:
		return liveWord(f, v)
	case string:
		if f.Joined {
			return f.Live(parted(v), prefix)
		}
		return liveText(f, v, prefix)
	case []any:
		return normalList(f, v, func(item *Field, x any) any { return item.Live(x, prefix) })
	case map[string]any:
		return normalObject(f, v, func(sub *Field) (any, bool) {
			x, ok := v[sub.Answer]
			return sub.Live(x, prefix), ok && !sub.ReadOnly
		})
	}
	return v
}

// parted returns the values of a list that came as one text.
func parted(text string) []any {
	out := []any{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|", r) || unicode.IsSpace(r) }) {
		out = append(out, word)
	}
	return out
}

// Picked takes the member that stands for a value that may come as an object.
func (f *Field) Picked(v any) any {
	m, ok := v.(map[string]any)
	if !ok || f.Pick == "" {
		return v
	}
	return m[f.Pick]
}

func liveNumber(f *Field, n json.Number) any {
	if f.Type == "string" {
		return liveText(f, n.String(), "")
	}
	if i, err := n.Int64(); err == nil {
		return liveWord(f, i)
	}
	x, err := n.Float64()
	if err != nil {
		return n.String()
	}
	if x == float64(int64(x)) {
		return liveWord(f, int64(x))
	}
	return x
}

func liveWord(f *Field, i int64) any {
	if slices.Contains(f.Unset, i) || f.Ref != nil && i == 0 {
		return nil
	}
	for _, w := range f.Words {
		if w.API == i {
			return w.File
		}
	}
	if f.Type == "boolean" && (i == 0 || i == 1) {
		return i == 1
	}
	return i
}

// spokenBool are the words and digits by which servers say yes or no.
var spokenBool = map[string]bool{"yes": true, "no": false, "true": true, "false": false, "1": true, "0": false}

func liveText(f *Field, s, prefix string) any {
	for _, w := range f.Words {
		if w.API == s && f.Type != "boolean" {
			return w.File
		}
	}
	switch {
	case f.Type == "boolean":
		if b, ok := spokenBool[strings.ToLower(s)]; ok {
			return b
		}
	case f.Type == "integer":
		if n := json.Number(s); format.WholeNumber(s) {
			return liveNumber(f, n)
		}
	}
	if (f.Prefixed || f.OrText) && prefix != "" {
		s = strings.TrimPrefix(s, prefix+"*")
	}
	if f.Format == "uri" {
		s = hideUser(s) // never taken in: no file may say it
	}
	return normalText(f, s)
}

// normalText gives a text its format's one form. An empty text is one that is not set.
func normalText(f *Field, s string) any {
	if s == "" && (f.Nullable || f.Ref != nil) {
		return nil
	}
	return format.Normal(f.Format, s)
}

func normalList(f *Field, list []any, item func(*Field, any) any) any {
	out := make([]any, len(list))
	for i, x := range list {
		if f.Items == nil {
			out[i] = x
			continue
		}
		out[i] = item(f.Items, x)
	}
	if f.Set {
		slices.SortFunc(out, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		out = slices.CompactFunc(out, Equal)
	}
	return out
}

// normalObject keeps the known fields that are set, and of these only the ones
// that the others do not override.
func normalObject(f *Field, v map[string]any, get func(*Field) (any, bool)) any {
	if len(f.Fields) == 0 {
		return v
	}
	out := make(map[string]any, len(v))
	for _, sub := range f.Fields {
		if x, ok := get(sub); ok && x != nil && !(f.Whole && sub.Unstated(x)) {
			out[sub.Name] = x
		}
	}
	maps.DeleteFunc(out, func(name string, _ any) bool { return f.Sub(name).Idle(out) })
	if f.Overridden(out) {
		for name := range out {
			if !slices.Contains(f.Overrides, name) {
				delete(out, name)
			}
		}
	}
	return out
}

// Overridden reports whether an object has all the fields that override its others.
func (f *Field) Overridden(v map[string]any) bool {
	for _, name := range f.Overrides {
		if v[name] == nil {
			return false
		}
	}
	return len(f.Overrides) > 0
}

// Wire returns a value in normal form as requests carry it. References have to
// be replaced by the caller.
func (f *Field) Wire(v any) any {
	switch v := v.(type) {
	case nil:
		return f.cleared()
	case bool:
		for _, w := range f.Words {
			if w.File == strconv.FormatBool(v) {
				return w.API
			}
		}
	case string:
		for _, w := range f.Words {
			if w.File == v {
				return w.API
			}
		}
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			if out[i] = x; f.Items != nil {
				out[i] = f.Items.Wire(x)
			}
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, x := range v {
			if sub := f.Sub(name); sub != nil {
				out[sub.API] = sub.Wire(x)
			} else {
				out[name] = x
			}
		}
		return out
	}
	return v
}

// cleared is what a request carries for "not set": the default, where it means that.
func (f *Field) cleared() any {
	if n, ok := f.Default.(int64); ok && slices.Contains(f.Unset, n) {
		return n
	}
	return nil
}

// IsID reports whether a number can be an id. Above, JSON does not hold it exactly.
func IsID(n int64) bool { return n > 0 && n < 1<<53 }

// Equal reports whether two values in normal form are the same. Which values of a field
// mean the same beyond that is said by Field.Same.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			w, ok := b[k]
			if !ok || !Equal(v, w) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i, v := range a {
			if !Equal(v, b[i]) {
				return false
			}
		}
		return true
	}
	if _, ok := b.(map[string]any); ok {
		return false
	}
	if _, ok := b.([]any); ok {
		return false
	}
	return a == b
}
