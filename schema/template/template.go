package template

import (
	"fmt"
	"slices"
	"strings"
)

// Parent stands at the beginning of a path for that of the object above.
const Parent = "{parent}"

// Path is a path with names in braces for what it goes through.
type Path struct {
	text      string
	variables []string
}

// Parse reads a path. Each variable is a whole segment and has a name of its own.
func Parse(text string) (Path, error) {
	p := Path{text: text}
	segments := strings.Split(text, "/")
	if segments[0] != "" || len(segments) < 2 {
		return p, fmt.Errorf("%s does not begin with a slash", text)
	}
	for i, segment := range segments[1:] {
		name, variable := Variable(segment)
		switch {
		case segment == "" && i < len(segments)-2:
			return p, fmt.Errorf("%s has an empty segment", text)
		case !variable && strings.ContainsAny(segment, "{}"):
			return p, fmt.Errorf("%s: %s is neither a word nor a name in braces", text, segment)
		case variable && slices.Contains(p.variables, name):
			return p, fmt.Errorf("%s has {%s} twice; the name says which level is meant", text, name)
		case variable:
			p.variables = append(p.variables, name)
		}
	}
	return p, nil
}

// Variable returns the name that stands in braces in a segment.
func Variable(segment string) (string, bool) {
	name, open := strings.CutPrefix(segment, "{")
	name, closed := strings.CutSuffix(name, "}")
	return name, open && closed && name != "" && !strings.ContainsAny(name, "{}")
}

// String returns the path as it is written.
func (p Path) String() string { return p.text }

// Variables returns the names in the path, in their order.
func (p Path) Variables() []string { return p.variables }

// Fill puts values for the variables, which are counted from 0.
func (p Path) Fill(value func(i int) string) string {
	i := -1
	filled, _ := Expand(p.text, func(string) (string, error) { i++; return value(i), nil })
	return filled
}

// Expand puts a value for each name in braces. It stops at the first that has none.
func Expand(text string, value func(name string) (string, error)) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", fmt.Errorf("%s has a brace that is not closed", text)
		}
		v, err := value(name)
		if err != nil {
			return "", err
		}
		b.WriteString(v)
		text = after
	}
}

// Under puts the path of what is above an object for {parent}.
func Under(text, above string) string {
	if rest, ok := strings.CutPrefix(text, Parent); ok {
		return strings.TrimSuffix(above, "/") + rest
	}
	return text
}

// Own checks that a path names what is above an object in its order, and returns the
// variables that are left for the object itself, which come last. The first optional
// ones of what is above may be left out.
func (p Path) Own(above []string, optional int) ([]string, error) {
	at := 0
	for _, name := range above[:optional] {
		if len(p.variables) > at && p.variables[at] == name {
			at++
		}
	}
	for _, name := range above[optional:] {
		switch i := slices.Index(p.variables, name); {
		case i < 0 && at < len(p.variables) && !slices.Contains(above, p.variables[at]):
			return nil, fmt.Errorf("{%s} names no level, {%s} is due there", p.variables[at], name)
		case i < 0:
			return nil, fmt.Errorf("the level {%s} is missing", name)
		case i != at:
			return nil, fmt.Errorf("{%s} stands before {%s}; the levels are %s", p.variables[at], name, Names(above))
		}
		at++
	}
	own := p.variables[at:]
	for _, name := range own {
		if slices.Contains(above, name) {
			return nil, fmt.Errorf("{%s} stands out of its place; the levels are %s", name, Names(above))
		}
	}
	return own, nil
}

// Names lists variables as paths have them.
func Names(variables []string) string {
	if len(variables) == 0 {
		return "none"
	}
	return "{" + strings.Join(variables, "}, {") + "}"
}
