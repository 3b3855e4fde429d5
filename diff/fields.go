package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"pbxsync/schema"
)

// fields returns the stated fields whose live value differs, sorted by name. A text
// that names an extension may do so with the tenant's prefix or without.
func fields(desired, live *schema.Object, prefix string) []Field {
	var want, have map[string]any
	for name, v := range desired.Values {
		old, read := live.Values[name]
		if schema.Equal(v, old) {
			continue
		}
		if f := desired.Kind.Field(name); f == nil || desired.Kind.IsKey(f) || !read {
			continue // what the server does not show, or nobody looked at, is not compared
		} else if Same(f, v, old, prefix) {
			continue
		}
		if want == nil { // most objects do not differ and need none
			want, have = map[string]any{}, map[string]any{}
		}
		want[name], have[name] = v, old
	}
	if want == nil {
		return nil
	}
	r := &reporter{}
	cmp.Equal(have, want, cmp.Reporter(r))
	out := make([]Field, 0, len(r.names))
	for _, name := range r.names {
		out = append(out, Field{Name: name, Old: have[name], New: want[name], Place: desired.PlaceOf(name)})
	}
	slices.SortFunc(out, byName)
	return out
}

// Same reports whether a live value of a field is what the files state.
func Same(f *schema.Field, want, live any, prefix string) bool {
	return schema.Equal(want, live) || want == nil && f.MeansNull(live) || schema.Equal(f.Same(want, prefix), f.Same(live, prefix))
}

// reporter collects the names of the fields that differ. What lies deeper
// counts as its field: a PUT sends lists and nested objects whole.
type reporter struct {
	path  cmp.Path
	names []string
}

// PushStep is called by cmp on the way down.
func (r *reporter) PushStep(s cmp.PathStep) { r.path = append(r.path, s) }

// PopStep is called by cmp on the way up.
func (r *reporter) PopStep() { r.path = r.path[:len(r.path)-1] }

// Report is called by cmp at each leaf.
func (r *reporter) Report(res cmp.Result) {
	if res.Equal() {
		return
	}
	for _, s := range r.path {
		if m, ok := s.(cmp.MapIndex); ok {
			if name := m.Key().String(); !slices.Contains(r.names, name) {
				r.names = append(r.names, name)
			}
			return
		}
	}
}

func byName(a, b Field) int { return strings.Compare(a.Name, b.Name) }

// Part is one line of a change: a field, or a member of an item of a list.
type Part struct {
	Name     string // with the place in a list and the member: rules[0].interval
	Old, New any
}

// Parts takes a change of a list, or of several members, apart, so that nobody has to compare two
// long lists by eye. What is no list stays as it is.
func Parts(name string, before, after any) []Part {
	if m, ok := before.(map[string]any); ok && len(m) > 1 { // {dealer: X} is one thing
		return members(name, before, after)
	}
	a, isList := before.([]any)
	b, areLists := after.([]any)
	if !isList || !areLists || len(a) != len(b) {
		return []Part{{name, before, after}}
	}
	var out []Part
	for i := range a {
		if !schema.Equal(a[i], b[i]) {
			out = append(out, members(fmt.Sprintf("%s[%d]", name, i), a[i], b[i])...)
		}
	}
	return out
}

// members takes a change of an item with fields apart.
func members(name string, before, after any) []Part {
	a, isMap := before.(map[string]any)
	b, areMaps := after.(map[string]any)
	if !isMap || !areMaps {
		return []Part{{name, before, after}}
	}
	all := maps.Clone(a)
	maps.Copy(all, b)
	var out []Part
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !schema.Equal(a[key], b[key]) {
			out = append(out, Part{name + "." + key, a[key], b[key]})
		}
	}
	return out
}
