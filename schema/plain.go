package schema

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

var plainInteger = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// plainNode turns a YAML node into string, int64, bool, nil, []any or
// map[string]any. Only plain decimals become numbers; whatever else looks like
// one stays text as it was written.
func plainNode(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return plainScalar(n), nil
	case yaml.AliasNode:
		return plainNode(n.Alias)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := plainNode(c)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("line %d: a key has to be text", n.Content[i].Line)
			}
			v, err := plainNode(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = v
		}
		return m, nil
	}
	return nil, nil
}

func plainScalar(n *yaml.Node) any {
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return n.Value
	}
	switch n.Value {
	case "null", "":
		return nil
	case "true":
		return true
	case "false":
		return false
	}
	if plainInteger.MatchString(n.Value) {
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i
		}
	}
	return n.Value
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func join(parts []string, sep string) string { return strings.Join(parts, sep) }
