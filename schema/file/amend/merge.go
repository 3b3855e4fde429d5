package amend

import (
	"encoding/json"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
	"pbxsync/schema/file/edit"
)

// This file changes of a value that consists of others only those that differ, so that what
// stands beside them keeps its place, its form and its comments.

// merge makes a node say what another one says.
func (a *Files) merge(k *schema.Kind, f *schema.Field, at *edit.Node, want *yaml.Node) {
	switch {
	case at.Kind == yaml.ScalarNode && at.Value == want.Value && want.Kind == yaml.ScalarNode && a.same(k, f, at.Node, want):
	case at.Kind == yaml.SequenceNode && want.Kind == yaml.SequenceNode && f.Items != nil:
		a.items(k, f, at, want)
	case at.Kind == yaml.MappingNode && want.Kind == yaml.MappingNode && f.Ref == nil:
		a.entries(k, f, at, want)
	case at.Kind == yaml.MappingNode && want.Kind == yaml.MappingNode && at.Entry(want.Content[0].Value) != nil: // a reference in the same form
		a.refused(at.Entry(want.Content[0].Value).Value.Put(want.Content[1]))
	default:
		a.refused(at.Put(want))
	}
}

// entries changes the members of an object.
func (a *Files) entries(k *schema.Kind, f *schema.Field, at *edit.Node, want *yaml.Node) {
	wanted := map[string]bool{}
	for i := 0; i+1 < len(want.Content); i += 2 {
		key, v := want.Content[i], want.Content[i+1]
		wanted[key.Value] = true
		sub := member(f, k, key.Value)
		e := at.Entry(key.Value)
		switch {
		case e == nil:
			a.refused(at.Add(at.Last(), key, v))
		case !a.same(k, sub, e.Value.Node, v):
			a.merge(k, sub, e.Value, v)
		}
	}
	for _, e := range at.Parts() {
		if !wanted[e.Key.Value] && !a.silent(k, f, e) {
			a.refused(e.Remove())
		}
	}
}

// items changes a list: what is in both stays where it is.
func (a *Files) items(k *schema.Kind, f *schema.Field, at *edit.Node, want *yaml.Node) {
	have := at.Parts()
	old, fresh := make([]string, len(have)), make([]string, len(want.Content))
	for i, p := range have {
		old[i] = a.sign(k, f.Items, p.Value.Node)
	}
	for i, n := range want.Content {
		fresh[i] = a.sign(k, f.Items, n)
	}
	if f.Set {
		a.set(at, want, old, fresh)
		return
	}
	var last *edit.Part
	for _, gap := range gaps(common(old, fresh), len(old), len(fresh)) {
		n := min(gap.old[1]-gap.old[0], gap.fresh[1]-gap.fresh[0])
		for i := range n {
			last = have[gap.old[0]+i]
			a.merge(k, f.Items, last.Value, want.Content[gap.fresh[0]+i])
		}
		for _, p := range have[gap.old[0]+n : gap.old[1]] {
			a.refused(p.Remove())
			last = p
		}
		for _, v := range want.Content[gap.fresh[0]+n : gap.fresh[1]] {
			a.refused(at.Add(last, nil, v))
		}
		if gap.old[1] < len(have) {
			last = have[gap.old[1]]
		}
	}
}

// set changes a list whose order means nothing: what is new comes last.
func (a *Files) set(at *edit.Node, want *yaml.Node, old, fresh []string) {
	for i, p := range at.Parts() {
		if !slices.Contains(fresh, old[i]) {
			a.refused(p.Remove())
		}
	}
	for i, v := range want.Content {
		if !slices.Contains(old, fresh[i]) {
			a.refused(at.Add(at.Last(), nil, v))
		}
	}
}

// same reports whether two nodes say the same of a field.
func (a *Files) same(k *schema.Kind, f *schema.Field, x, y *yaml.Node) bool {
	return a.sign(k, f, x) == a.sign(k, f, y)
}

// sign is a text that tells the value of a node from others.
func (a *Files) sign(k *schema.Kind, f *schema.Field, n *yaml.Node) string {
	v := file.Value(a.c, k, f, n)
	data, err := json.Marshal(f.Same(v, a.prefix))
	if err != nil {
		return fmt.Sprintf("%#v", v)
	}
	return string(data)
}

// mostCells bounds the table in which the longest common part of two lists is looked for.
const mostCells = 4 << 20

// common pairs what two lists share in the same order, as much as there is.
func common(old, fresh []string) [][2]int {
	var pairs [][2]int
	from := 0
	for from < min(len(old), len(fresh)) && old[from] == fresh[from] {
		pairs = append(pairs, [2]int{from, from})
		from++
	}
	oldEnd, freshEnd := len(old), len(fresh)
	for oldEnd > from && freshEnd > from && old[oldEnd-1] == fresh[freshEnd-1] {
		oldEnd, freshEnd = oldEnd-1, freshEnd-1
	}
	if (oldEnd-from)*(freshEnd-from) <= mostCells {
		pairs = append(pairs, longest(old[from:oldEnd], fresh[from:freshEnd], from)...)
	}
	for i := oldEnd; i < len(old); i++ {
		pairs = append(pairs, [2]int{i, freshEnd + i - oldEnd})
	}
	return pairs
}

// longest pairs the longest common part of two lists that begin at an index.
func longest(a, b []string, from int) [][2]int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			table[i][j] = max(table[i+1][j], table[i][j+1])
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			pairs = append(pairs, [2]int{from + i, from + j})
			i, j = i+1, j+1
		case table[i+1][j] >= table[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// gap is what two lists do not share between two pairs.
type gap struct{ old, fresh [2]int }

func gaps(pairs [][2]int, old, fresh int) []gap {
	var out []gap
	at := [2]int{}
	for _, p := range append(slices.Clone(pairs), [2]int{old, fresh}) {
		out = append(out, gap{[2]int{at[0], p[0]}, [2]int{at[1], p[1]}})
		at = [2]int{p[0] + 1, p[1] + 1}
	}
	return out
}
