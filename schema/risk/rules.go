package risk

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is one line of data: a change in this direction is of this class.
type Rule struct {
	Class Class
	Way   Way
	Value string // of To and From
}

// String says the direction as data has it: lowered, to blocked.
func (r Rule) String() string { return strings.TrimSpace(string(r.Way) + " " + r.Value) }

// Rules are what a field's, or a kind's, x-risk says.
type Rules struct {
	List      []Rule   // the worst class first
	Unlimited any      // number that means no limit, beside null; nil: none does
	Keeps     *Keeps   // of a kind, nil for none
	Aside     []string // members of a list's items that say nothing of the risk
}

// Of returns the rules of one object or one field from its data: a class, and beside it one
// direction or a list of them.
func Of(data any, kind bool) (Rules, error) {
	var rs Rules
	if data == nil {
		return rs, nil
	}
	m, ok := data.(map[string]any)
	if !ok {
		return rs, fmt.Errorf("x-risk: classes with their directions are due, such as {cuts: cleared}")
	}
	for _, c := range Classes() {
		texts, err := texts(m[string(c)])
		if err != nil {
			return rs, fmt.Errorf("x-risk: %s: %w", c, err)
		}
		for _, text := range texts {
			r, err := ruleOf(c, text, kind)
			if err != nil {
				return rs, err
			}
			rs.List = append(rs.List, r)
		}
	}
	var err error
	rs.Unlimited = m["unlimited"]
	if rs.Aside, err = texts(m["aside"]); err != nil {
		return rs, fmt.Errorf("x-risk: aside: %w", err)
	}
	if rs.Keeps, err = keepsOf(m["keeps"]); err != nil {
		return rs, err
	}
	for name := range m {
		if name == "keeps" && kind {
			continue
		}
		if !Class(name).Known() && name != "unlimited" && name != "aside" {
			return rs, fmt.Errorf("x-risk: %q is no class", name)
		}
	}
	return rs, nil
}

func ruleOf(c Class, text string, kind bool) (Rule, error) {
	way, value, _ := strings.Cut(text, " ")
	r := Rule{c, Way(way), value}
	i := slices.IndexFunc(Ways(), func(m Meant) bool { return m.Way == r.Way })
	switch {
	case i < 0 || Ways()[i].Kind != kind:
		return r, fmt.Errorf("x-risk: %s: %q is no direction here", c, way)
	case (value != "") != (r.Way == To || r.Way == From):
		return r, fmt.Errorf("x-risk: %s: %q: to and from take a value, and nothing else does", c, text)
	}
	return r, nil
}

// texts reads one text or a list of them.
func texts(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case []any:
		var out []string
		for _, x := range v {
			s, ok := x.(string)
			if !ok {
				return nil, fmt.Errorf("%v is no text", x)
			}
			out = append(out, s)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%v is no text and no list", v)
}
