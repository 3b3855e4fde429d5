package policy

import (
	"errors"
	"fmt"
	"strings"

	"pbxsync/schema/wording"
)

// message is a text with values of expressions in it, as "${change.address} is recorded".
type message struct {
	texts  []string // one more than values
	values []*expression
}

func compileMessage(each Each, text string) (*message, error) {
	m := &message{}
	for {
		before, rest, found := strings.Cut(text, "${")
		m.texts = append(m.texts, before)
		if !found {
			return m, nil
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, errors.New("a ${ has no } behind it")
		}
		e, err := compile(each, inner, false)
		if err != nil {
			return nil, fmt.Errorf("${%s}: %w", inner, err)
		}
		m.values, text = append(m.values, e), after
	}
}

// of returns the text with its values. One that cannot be had stands as a question mark: the
// finding itself is worth more than its wording.
func (m *message) of(vars map[string]any, objects int) string {
	var b strings.Builder
	for i, text := range m.texts {
		b.WriteString(text)
		if i == len(m.values) {
			break
		}
		v, err := m.values[i].ask(vars, objects)
		if err != nil {
			b.WriteByte('?')
			continue
		}
		if s, ok := v.Value().(string); ok {
			b.WriteString(s)
			continue
		}
		b.WriteString(wording.Value(plain(v)))
	}
	return b.String()
}
