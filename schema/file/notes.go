package file

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/wording"
)

// notes says what is wrong, and where.
type notes struct {
	c        *schema.Catalogue // which knows what a wrong word may have been meant for
	file     string
	problems schema.Problems
	subject  string // address of the object that is being read, for messages
	long     longTexts
}

func (d *notes) place(n *yaml.Node) schema.Place {
	return schema.Place{File: d.file, Line: n.Line, Column: n.Column}
}

func (d *notes) fail(n *yaml.Node, hint, message string, args ...any) {
	d.failAt(d.place(n), hint, message, args...)
}

func (d *notes) failAt(p schema.Place, hint, message string, args ...any) {
	d.problems = append(d.problems, schema.Problem{Place: p, Address: d.subject, Message: fmt.Sprintf(message, args...), Hint: hint})
}

func (d *notes) warn(w schema.Warning, n *yaml.Node, hint, message string, args ...any) {
	d.problems = append(d.problems, schema.Problem{Place: d.place(n), Address: d.subject, Message: fmt.Sprintf(message, args...), Hint: hint, Warning: w})
}

// pairs calls f for each entry of a mapping that has a value.
func (d *notes) pairs(n *yaml.Node, want string, f func(k, v *yaml.Node)) {
	d.entries(n, want, clearHint, f)
}

// entries is pairs with its own way out for an entry without a value.
func (d *notes) entries(n *yaml.Node, want, emptyHint string, f func(k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, "", "%s where %s are due", sourceText(n), want)
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if k, v := n.Content[i], n.Content[i+1]; !d.empty(k, v, emptyHint) {
			f(k, v)
		}
	}
}

// items calls f for each item of a list.
func (d *notes) items(n *yaml.Node, want string, f func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n, "", "%s where %s is due", sourceText(n), want)
		return
	}
	for _, item := range n.Content {
		if isEmpty(item) {
			d.fail(item, "delete the dash", "an item without a value")
			continue
		}
		f(item)
	}
}

// empty reports a key whose value was forgotten: it must not clear anything.
func (d *notes) empty(k, v *yaml.Node, hint string) bool {
	if !isEmpty(v) {
		return false
	}
	if v.Value != "" && v.Value != "~" {
		hint = "write null in small letters"
	}
	d.fail(k, hint, "%s has no value", k.Value)
	return true
}

func (d *notes) unknown(n *yaml.Node, what, where string, candidates []string) {
	hint := wording.DidYouMean(n.Value, candidates)
	if hint == "" {
		hint = "known: " + wording.Enumerate(candidates, "and")
	}
	d.fail(n, hint, "unknown %s %q in %s", what, n.Value, where)
}
