package survey

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Brief is the shape in a line, such as 2 × {id: number, label: text 0-12 or null}.
func (s *Shape) Brief() string {
	var all []string
	for _, t := range s.types() {
		all = append(all, t.text)
	}
	return strings.Join(all, " or ")
}

// fraction is the type of numbers that are not whole.
const fraction = "fraction"

// type_ is one of the types that values had.
type type_ struct {
	word  string // as the catalogue has it
	text  string
	count int
}

// types are the types that values had, the most frequent first.
func (s *Shape) types() []type_ {
	if s == nil {
		return nil
	}
	all := []type_{{"null", "null", s.Null}, {"boolean", "true or false", s.Bool}, {"integer", "whole number", s.Int}, {fraction, "fraction", s.Number}}
	if t := s.Text; t != nil {
		all = append(all, type_{"string", "text " + t.Length.text(), t.Count})
	}
	if l := s.List; l != nil {
		all = append(all, type_{"array", l.Length.text() + " × " + "[" + l.Items.brief() + "]", l.Count})
	}
	if o := s.Object; o != nil {
		all = append(all, type_{"object", o.brief(), o.Count})
	}
	all = slices.DeleteFunc(all, func(t type_) bool { return t.count == 0 })
	slices.SortStableFunc(all, func(a, b type_) int { return b.count - a.count })
	return all
}

func (s *Shape) brief() string {
	if s == nil {
		return ""
	}
	return s.Brief()
}

func (r Range) text() string {
	if r[0] == r[1] {
		return strconv.Itoa(r[0])
	}
	return fmt.Sprintf("%d-%d", r[0], r[1])
}

func (o *Objects) brief() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(o.Members)) {
		all = append(all, name+": "+o.Members[name].Brief())
	}
	if o.Own > 0 {
		all = append(all, fmt.Sprintf("%d of its own: %s", o.Own, o.OwnAre.Brief()))
	}
	return "{" + strings.Join(all, ", ") + "}"
}
