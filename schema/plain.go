package schema

import (
	"maps"
	"slices"

	"gopkg.in/yaml.v3"
)

// plainNode returns a value of a kind's file: string, int64, bool, nil, []any or
// map[string]any.
func plainNode(n *yaml.Node) (any, error) {
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, err
	}
	return plain(v), nil
}

func plain(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case []any:
		for i, x := range v {
			v[i] = plain(x)
		}
	case map[string]any:
		for name, x := range v {
			v[name] = plain(x)
		}
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
