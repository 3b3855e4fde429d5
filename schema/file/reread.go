package file

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
)

// Refusal says what of a value no file may hold, or "".
func Refusal(n *yaml.Node) string {
	for _, r := range n.Value {
		if forbidden(r) {
			return fmt.Sprintf("it holds the control character %U, which no file may hold; change it in the tenant", r)
		}
	}
	s := &source{}
	s.check(n, 0)
	if len(s.problems) > 0 {
		return s.problems[0].Message
	}
	for _, c := range n.Content {
		if why := Refusal(c); why != "" {
			return why
		}
	}
	return ""
}

// Reread reads a field of a kind as it would stand in a file. It returns the value, and why
// no file may hold it so, or "".
func Reread(c *schema.Catalogue, k *schema.Kind, f *schema.Field, name, n *yaml.Node) (any, string) {
	d := newDecoder(c)
	o := &schema.Object{Kind: k, Values: map[string]any{}, Places: map[string]schema.Place{}}
	plain := map[string]any{}
	d.field(o, plain, f, name, n)
	if len(d.problems) == 0 && k.Form != schema.FormList {
		d.validate(o, plain, &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{name, n}})
	}
	return o.Values[f.Name], firstError(d.problems)
}

// Value reads a value of a field of a kind in normal form, which is nothing where it is none.
func Value(c *schema.Catalogue, k *schema.Kind, f *schema.Field, n *yaml.Node) any {
	d := newDecoder(c)
	x, ok := d.value(&schema.Object{Kind: k}, f, n)
	if !ok {
		return nil
	}
	return f.Normal(x)
}

// RereadItem reads an item of a list, which is judged as a whole, and says why no file may
// hold it, or "".
func RereadItem(c *schema.Catalogue, k *schema.Kind, key string, n *yaml.Node) string {
	d := newDecoder(c)
	d.object(k, nil, key, n, n)
	return firstError(d.problems)
}

// firstError returns the first error in words.
func firstError(problems schema.Problems) string {
	for _, p := range problems {
		if p.Warning == "" {
			return p.Message
		}
	}
	return ""
}
