package published

import (
	"maps"
	"slices"

	"pbxsync/schema"
	"pbxsync/schema/reserved"
)

// wordOthers holds what only the published schema says: the program finds it by itself, and
// has better words for it.
const wordOthers = "x-others"

// toOthers adds keywords to what only the published schema says.
func toOthers(s map[string]any, more map[string]any) {
	others, _ := s[wordOthers].(map[string]any)
	if others == nil {
		others = map[string]any{}
		s[wordOthers] = others
	}
	maps.Copy(others, more)
}

// given is a condition, and what holds where it is met.
func given(when, then map[string]any) map[string]any {
	return map[string]any{"if": when, "then": then}
}

// has is met by objects that have all of these words, each as its schema says.
func has(props map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": props, "required": slices.Sorted(maps.Keys(props))}
}

var (
	anything = map[string]any{}
	notNull  = map[string]any{"not": map[string]any{"type": "null"}}
)

// without forbids words.
func without(words ...string) map[string]any {
	props := map[string]any{}
	for _, w := range words {
		props[w] = false
	}
	return map[string]any{"properties": props}
}

// objectRules are what the words of one object ask of each other.
func objectRules(k *schema.Kind, props map[string]any) map[string]any {
	needs, all := map[string]any{}, []any{}
	if props[reserved.Absent] != nil {
		needs[reserved.Absent] = absentRule(k, props)
	}
	for _, p := range k.OnDelete {
		needs[p.Name] = []string{reserved.Absent}
	}
	if props[reserved.Previously] != nil && props[reserved.Replaces] != nil {
		needs[reserved.Previously] = without(reserved.Replaces)
	}
	for _, c := range k.Children {
		for _, name := range slices.Sorted(maps.Keys(c.When)) {
			other := map[string]any{"not": oneOf(c.When[name])}
			if props[c.Section[0]] != nil {
				all = append(all, given(has(map[string]any{name: other}), without(c.Section[0])))
			}
		}
	}
	return ruleWordsOf(needs, append(all, withRules(k.Fields, props)...))
}

// withRules are what fields ask that say something only beside some values of others.
func withRules(fields []*schema.Field, props map[string]any) []any {
	var all []any
	for _, f := range fields {
		if f.With.Field == "" || props[f.Name] == nil || props[f.With.Field] == nil {
			continue
		}
		silent := any(map[string]any{"type": "null"})
		if f.Type == "array" {
			silent = map[string]any{"type": "array", "maxItems": 0}
		}
		all = append(all, given(has(map[string]any{f.With.Field: map[string]any{"not": oneOf(f.With.Is)}}), map[string]any{"properties": map[string]any{f.Name: silent}}))
		if f.With.Needed {
			needed := any(notNull)
			if f.Type == "array" {
				needed = map[string]any{"type": "array", "minItems": 1}
			}
			all = append(all, given(has(map[string]any{f.With.Field: oneOf(f.With.Is)}), has(map[string]any{f.Name: needed})))
		}
		for _, word := range slices.Sorted(maps.Keys(f.With.Most)) {
			few := map[string]any{f.Name: map[string]any{"type": "array", "maxItems": f.With.Most[word]}}
			all = append(all, given(has(map[string]any{f.With.Field: map[string]any{"const": word}}), map[string]any{"properties": few}))
		}
	}
	return all
}

func ruleWordsOf(needs map[string]any, all []any) map[string]any {
	rules := map[string]any{}
	if len(needs) > 0 {
		rules["dependencies"] = needs
	}
	if len(all) > 0 {
		rules["allOf"] = all
	}
	return rules
}

// absentRule forbids what would say how an object is that is to be deleted.
func absentRule(k *schema.Kind, props map[string]any) map[string]any {
	rule, required := map[string]any{}, []string{}
	for name := range props {
		f, child := k.Field(name), k.Child(name)
		switch {
		case child != nil && child.Form == schema.FormList, name == reserved.Previously, name == reserved.Replaces:
			rule[name] = map[string]any{"type": "array", "maxItems": 0}
		case child != nil, name == reserved.Protected, f != nil && !k.IsKey(f) && !f.Secret() && name != "id":
			rule[name] = false
		}
	}
	for _, p := range k.OnDelete {
		rule[p.Name], required = anything, append(required, p.Name)
	}
	out := map[string]any{"properties": rule}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// pairRules are what the two halves of spans ask of each other, and what the fields ask that
// override the others.
func pairRules(f *schema.Field, props map[string]any) map[string]any {
	var all []any
	for _, p := range f.Pairs {
		all = append(all, given(has(map[string]any{p.From: notNull}), has(map[string]any{p.To: anything})),
			given(has(map[string]any{p.To: notNull}), has(map[string]any{p.From: anything})))
	}
	if len(f.Overrides) > 0 {
		set := map[string]any{}
		for _, name := range f.Overrides {
			set[name] = notNull
		}
		others := slices.DeleteFunc(slices.Sorted(maps.Keys(props)), func(name string) bool { return slices.Contains(f.Overrides, name) })
		all = append(all, given(has(set), without(others...)))
	}
	return ruleWordsOf(nil, append(all, withRules(f.Fields, props)...))
}

// stated is what the published schema says of a field that may not be null. An empty text is
// no value either.
func stated(f *schema.Field) map[string]any {
	was := fieldSchema(f)
	if was["$ref"] != nil {
		return nil // the definition says it
	}
	s := map[string]any{"type": was["type"].([]string)[0]}
	if values, ok := was["enum"].([]any); ok {
		s["enum"] = slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil })
	}
	return s
}

// neverNull reports that files may not write null for a field of the kind.
func neverNull(f *schema.Field, k *schema.Kind) bool {
	return f.NeverNull() || k.Form == schema.FormList && k.IsKey(f)
}

// keyed is the schema of a map of objects. A key that is not in the form of the kind's keys is
// a handle, and has the key beside it.
func keyedSchema(k *schema.Kind, object map[string]any) map[string]any {
	s := map[string]any{"type": "object", "description": k.Description, "additionalProperties": object}
	others := map[string]any{"propertyNames": map[string]any{"minLength": 1}}
	f := k.Key[0].Field
	if p := patterns[f.Format].text; p != "" && k.Value == "" {
		named := has(map[string]any{f.Name: anything})
		named["allOf"] = []any{object}
		others["patternProperties"], others["additionalProperties"] = map[string]any{p: object}, named
	}
	toOthers(s, others)
	return s
}

// oneOf lets a value be one of some words.
func oneOf(words schema.OneOf) map[string]any {
	if len(words) == 1 {
		return map[string]any{"const": words[0]}
	}
	return map[string]any{"enum": words}
}
