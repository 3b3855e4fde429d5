package checks

import (
	"fmt"
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// conditions are what has to hold of an object, by the path of a field.
type conditions []condition

// condition is a value that a field has, one of several, or one that it does not have.
type condition struct {
	path     string
	one      []any
	not      bool // it has another one
	unstated bool // or the files say nothing
}

// UnmarshalYAML reads field: value, field: [values], field: {not: value} and field: {none: true},
// which is null or nothing.
func (cs *conditions) UnmarshalYAML(n *yaml.Node) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		c := condition{path: n.Content[i].Value}
		v := n.Content[i+1]
		if v.Kind == yaml.MappingNode {
			c.not, c.unstated = v.Content[0].Value == "not", v.Content[0].Value == "none"
			v = v.Content[1]
		}
		switch {
		case c.unstated:
			c.one = []any{nil}
		case v.Kind == yaml.SequenceNode:
			if err := v.Decode(&c.one); err != nil {
				return err
			}
		default:
			var x any
			if err := v.Decode(&x); err != nil {
				return err
			}
			c.one = []any{x}
		}
		*cs = append(*cs, c)
	}
	return nil
}

// hold reports whether all conditions are met by what files say of an object.
func (g *ground) hold(cs conditions, o *schema.Object) bool {
	for _, c := range cs {
		x, stated := g.value(o, c.path)
		if !stated && !c.unstated || stated && slices.Contains(c.one, plain(x)) == c.not {
			return false
		}
	}
	return true
}

// plain is a value as conditions have it. A reference is not one of them.
func plain(x any) any {
	switch x := x.(type) {
	case int64:
		return int(x)
	case nil, string, bool:
		return x
	}
	return fmt.Sprint(x)
}

// findStates finds objects of which all conditions hold.
func findStates(r *run) {
	for _, o := range r.over() {
		if r.hold(r.When, o) {
			r.tell(o, o.PlaceOf(r.At), "%s", r.says(o))
		}
	}
}

var gap = regexp.MustCompile(`\{([a-z_.]+)\}`)

// says fills the message with values.
func (r *run) says(o *schema.Object) string {
	return gap.ReplaceAllStringFunc(r.Says, func(s string) string {
		x, _ := r.value(o, s[1:len(s)-1])
		return fmt.Sprint(x)
	})
}

// findAllInOneState finds kinds of which all objects that are declared are in one state.
func findAllInOneState(r *run) {
	all := r.over()
	if len(all) == 0 || slices.ContainsFunc(all, func(o *schema.Object) bool { return !r.hold(r.When, o) }) {
		return
	}
	o := all[0]
	r.tell(o, o.PlaceOf(r.At), "%s", r.says(o))
	if others := len(all) - 1; others > 0 {
		r.found[len(r.found)-1].Message += ", and " + wording.CountOf(others, "other") + " like it"
	}
}
