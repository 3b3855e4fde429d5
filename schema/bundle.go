package schema

// This file is the one place of the behaviour Bundled in this package: which objects
// act as one, and what they may not want differently.

// Targets returns the declared objects to which a value refers by key, in the order of
// their keys.
func (t *Tenant) Targets(f *Field, v any) []*Object {
	var keys []string
	switch v := v.(type) {
	case string:
		keys = []string{v}
	case map[string]any:
		if f.Members != nil {
			f, keys = f.Members, sortedKeys(v)
		}
	}
	var out []*Object
	for _, key := range keys {
		if f.Ref == nil {
			break
		}
		if o := t.Find(f.Ref, key); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// known keeps of an answer what the catalogue describes: of each member, by its id.
func (b *Bundle) known(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := map[string]any{b.List.Answer: m[b.List.Answer], b.Main.Answer: m[b.Main.Answer]}
	if list, ok := m[b.List.Answer].(map[string]any); ok {
		members := make(map[string]any, len(list))
		for id, member := range list {
			members[id] = b.List.known(member)
		}
		out[b.List.Answer] = members
	}
	return out
}
