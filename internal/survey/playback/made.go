package playback

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pbxsync/internal/survey"
)

// made is an answer in the recorded shape.
func (p *path) made(a survey.Answer) any {
	rows := p.values(a.Row)
	switch {
	case a.Map:
		byName := map[string]any{}
		for i, row := range rows {
			byName[fmt.Sprintf("NAME%06d", i)] = row
		}
		return byName
	case a.Single && a.Alone:
		return []any{}
	case (a.Single || a.Alone) && len(rows) > 0:
		return rows[0]
	case a.Single, a.Alone:
		return map[string]any{}
	case a.Wrap != "":
		return map[string]any{a.Wrap: rows}
	}
	return rows
}

// values makes values that have together the shape: so many of each type, one type
// after the other, and none that the shape does not have.
func (p *path) values(s *survey.Shape) []any {
	out := []any{}
	if s == nil {
		return out
	}
	if t := s.Text; t != nil {
		out = append(out, texts(t)...)
	}
	if o := s.Object; o != nil {
		out = append(out, p.objects(o)...)
	}
	for range s.Int {
		p.ids++
		out = append(out, p.ids)
	}
	if l := s.List; l != nil {
		out = append(out, p.lists(l)...)
	}
	for i := range s.Bool {
		out = append(out, i%2 == 0)
	}
	for range s.Number {
		out = append(out, 0.5)
	}
	for range s.Null {
		out = append(out, nil)
	}
	return out
}

// texts begins with the words, as often as each came.
func texts(t *survey.Texts) []any {
	var out []any
	for _, word := range slices.Sorted(maps.Keys(t.Words)) {
		for range t.Words[word] {
			out = append(out, word)
		}
	}
	for i := range t.Digits {
		out = append(out, strings.Repeat("1", max(1, length(t, i))))
	}
	for i := range t.Truth {
		out = append(out, []string{"true", "false"}[i%2])
	}
	for i := len(out); i < t.Count; i++ {
		out = append(out, strings.Repeat("x", length(t, i)))
	}
	return out
}

// length gives the first text the least length and the others the most.
func length(t *survey.Texts, i int) int {
	const most = 1000
	return min(t.Length[min(i, 1)], most)
}

// lists have the recorded lengths: the least, and as much more as there were items.
func (p *path) lists(l *survey.Lists) []any {
	items := p.values(l.Items)
	var out []any
	for i := range l.Count {
		left := l.Count - i - 1 // lists that come after this one
		n := max(l.Length[0], min(l.Length[1], len(items)-left*l.Length[0]))
		n = min(n, len(items))
		out = append(out, append([]any{}, items[:n]...))
		items = items[n:]
	}
	return out
}

// objects gives each member to as many objects as had it.
func (p *path) objects(o *survey.Objects) []any {
	if o.Count == 0 {
		return nil
	}
	rows := make([]map[string]any, o.Count)
	for i := range rows {
		rows[i] = map[string]any{}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Members)) {
		for i, v := range p.values(o.Members[name]) {
			rows[i%len(rows)][name] = v
		}
	}
	for i, v := range p.values(o.OwnAre) {
		rows[i%len(rows)][fmt.Sprintf("NAME%06d", i)] = v
	}
	out := make([]any, len(rows))
	for i, row := range rows {
		out[i] = row
	}
	return out
}
