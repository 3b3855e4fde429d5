package file

import (
	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/format"
)

// A tenant may hold patterns that its server cannot use. Import keeps them as they are,
// so that the rest of their list is managed and changes of it are seen; a line beside
// such a pattern says that it is meant. Without the line a dead pattern is an error.

// uncheck reads the line, and keeps the pattern beside it out of what is judged.
func (d *fieldReader) uncheck(f *schema.Field, v, at *yaml.Node) {
	if at.Value != "true" || at.Tag != "!!bool" {
		d.fail(at, "write unchecked: true, or delete the line", "unchecked is %s", sourceText(at))
		return
	}
	sub := f.Pattern()
	pattern := valueNode(v, sub.Name)
	err := format.Check(sub.Format, pattern.Value)
	if err == nil {
		return
	}
	if d.unchecked == nil {
		d.unchecked = map[*yaml.Node]bool{}
	}
	d.unchecked[pattern] = true
	d.warn(schema.WarnPattern, pattern, err.Error(), "%s: %s is kept as it is, and the server cannot use it", sub.Name, sourceText(pattern))
}

// Kept reports that a pattern of an object in a list is written with that line.
func Kept(f *schema.Field, v map[string]any) bool {
	sub := f.Pattern()
	if sub == nil {
		return false
	}
	s, _ := v[sub.Name].(string)
	return s != "" && format.Check(sub.Format, s) != nil
}
