package report

import (
	"fmt"
	"maps"
	"slices"

	"pbxsync/schema"
)

// difference is one line of a change: a field, or an item of a list.
type difference struct {
	name     string
	old, new any
}

// differences takes a change of a list, or of several members, apart, so that nobody has to compare two
// long lists by eye. What is no list stays as it is.
func differences(name string, before, after any) []difference {
	if m, ok := before.(map[string]any); ok && len(m) > 1 { // {dealer: X} is one thing
		return members(name, before, after)
	}
	a, isList := before.([]any)
	b, areLists := after.([]any)
	if !isList || !areLists || len(a) != len(b) {
		return []difference{{name, before, after}}
	}
	var out []difference
	for i := range a {
		if !schema.Equal(a[i], b[i]) {
			out = append(out, members(fmt.Sprintf("%s[%d]", name, i), a[i], b[i])...)
		}
	}
	return out
}

// members takes a change of an item with fields apart.
func members(name string, before, after any) []difference {
	a, isMap := before.(map[string]any)
	b, areMaps := after.(map[string]any)
	if !isMap || !areMaps {
		return []difference{{name, before, after}}
	}
	all := maps.Clone(a)
	maps.Copy(all, b)
	var out []difference
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !schema.Equal(a[key], b[key]) {
			out = append(out, difference{name + "." + key, a[key], b[key]})
		}
	}
	return out
}
