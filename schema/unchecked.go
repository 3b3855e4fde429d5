package schema

import (
	"pbxsync/schema/format"

	"gopkg.in/yaml.v3"
)

// A tenant may hold patterns that its server cannot use. Import keeps them as they are,
// so that the rest of their list is managed and changes of it are seen; a line beside
// such a pattern says that it is meant. Without the line a dead pattern is an error.

const wordUnchecked = "unchecked"

// unchecks reports that objects with the field's members may say that a pattern stays
// as it is.
func (f *Field) unchecks() bool { return f.pattern() != nil }

// pattern returns the member that is one, or nil.
func (f *Field) pattern() *Field {
	for _, sub := range f.Fields {
		if sub.Format == "pcre" {
			return sub
		}
	}
	return nil
}

// uncheck reads the line, and keeps the pattern beside it out of what is judged.
func (d *decoder) uncheck(f *Field, v, at *yaml.Node) {
	if at.Value != "true" || at.Tag != "!!bool" {
		d.fail(at, "write unchecked: true, or delete the line", "unchecked is %s", sourceText(at))
		return
	}
	sub := f.pattern()
	pattern := valueNode(v, sub.Name)
	err := format.Check(sub.Format, pattern.Value)
	if err == nil {
		return
	}
	if d.unchecked == nil {
		d.unchecked = map[*yaml.Node]bool{}
	}
	d.unchecked[pattern] = true
	d.warn(WarnPattern, pattern, err.Error(), "%s: %s is kept as it is, and the server cannot use it", sub.Name, sourceText(pattern))
}

// kept reports that a pattern of an object in a list is written with that line.
func (f *Field) kept(v map[string]any) bool {
	sub := f.pattern()
	if sub == nil {
		return false
	}
	s, _ := v[sub.Name].(string)
	return s != "" && format.Check(sub.Format, s) != nil
}
