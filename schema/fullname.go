package schema

import (
	"strings"

	"pbxsync/schema/format"
)

// A field that holds a number may name an extension in full, with the prefix of its
// tenant: 12037*101. The tenant's own prefix says nothing there, so such a value is
// compared, and imported, without it. Other texts may look like that and mean something
// else, so they stay as they are. Another tenant's prefix is worth a warning in any text.
// Feature codes, such as *21*101#, are no names, and patterns and URLs are left alone.

// namesObject reports whether a text of a field may name extensions.
func namesObject(f *Field) bool {
	return f.Type == "string" && (f.Ref == nil || f.OrText) && len(f.Enum) == 0 && !f.Apart && !f.WriteOnly && (f.Format == "" || f.Format == "phone-number")
}

// Short returns a value in normal form without the tenant's own prefix in its numbers.
// What does not change is returned as it is.
func (f *Field) Short(v any, prefix string) any {
	if prefix == "" {
		return v
	}
	return mapTexts(f, v, func(f *Field, s string) string {
		if f.NumberOf == nil || !strings.Contains(s, prefix+"*") {
			return s
		}
		return mapWords(s, func(word string) string {
			if p, short, full := format.FullName(word); full && p == prefix {
				return short
			}
			return word
		})
	})
}

// Numbers returns the numbers in a value of a field that may be those of objects of a kind, without
// the tenant's own prefix.
func Numbers(f *Field, k *Kind, v any, prefix string) []string {
	var found []string
	mapTexts(f, v, func(f *Field, s string) string {
		if f.NumberOf == k {
			mapWords(f.Short(s, prefix).(string), func(word string) string { found = append(found, word); return word })
		}
		return s
	})
	return found
}

// Foreign returns the full names of other tenants' extensions in a value of a field.
func Foreign(f *Field, v any, prefix string) []string {
	var found []string
	mapTexts(f, v, func(f *Field, s string) string {
		if !namesObject(f) || !strings.Contains(s, "*") {
			return s
		}
		return mapWords(s, func(word string) string {
			if p, _, full := format.FullName(word); full && p != prefix {
				found = append(found, word)
			}
			return word
		})
	})
	return found
}

// mapTexts applies edit to each text, with the field that holds it.
func mapTexts(f *Field, v any, edit func(*Field, string) string) any {
	switch v := v.(type) {
	case string:
		return edit(f, v)
	case []any:
		if f.Items == nil {
			return v
		}
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = mapTexts(f.Items, x, edit)
		}
		if f.Set {
			return normalList(f, out, func(_ *Field, x any) any { return x })
		}
		return out
	case map[string]any:
		if len(f.Fields) == 0 {
			return v
		}
		out := make(map[string]any, len(v))
		for _, name := range sortedKeys(v) {
			out[name] = v[name]
			if sub := f.Sub(name); sub != nil {
				out[name] = mapTexts(sub, v[name], edit)
			}
		}
		return out
	}
	return v
}

// mapWords applies edit to what stands between spaces, commas, semicolons and parentheses.
func mapWords(s string, edit func(string) string) string {
	const between = " \t\r\n,;()"
	var b strings.Builder
	for s != "" {
		end := strings.IndexAny(s, between)
		if end < 0 {
			break
		}
		b.WriteString(edit(s[:end]) + s[end:end+1])
		s = s[end+1:]
	}
	return b.String() + edit(s)
}

// Same returns a value in the form in which it is compared: what means the same is
// equal, and what is sent stays as it is written.
func (f *Field) Same(v any, prefix string) any {
	return mapTexts(f, f.Short(v, prefix), func(f *Field, s string) string { return format.Same(f.Format, s) })
}
