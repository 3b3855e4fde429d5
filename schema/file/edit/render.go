package edit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// This file writes what is new, as it stands where it comes to stand.

// value writes the value that a node gets, on one line.
func (w *writer) value(n *Node) string {
	v := *n.put
	if n.Kind == yaml.ScalarNode && v.Kind == yaml.ScalarNode && v.Tag == "!!str" {
		v.Style = likeQuotes(n.Style, &v)
	}
	return w.flow(&v)
}

// likeQuotes keeps the quotes of an old text where the new one can stand in them.
func likeQuotes(old yaml.Style, v *yaml.Node) yaml.Style {
	const quotes = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle
	switch {
	case old&yaml.DoubleQuotedStyle != 0:
		return yaml.DoubleQuotedStyle
	case old&yaml.SingleQuotedStyle != 0 && !strings.ContainsFunc(v.Value, needsDouble):
		return yaml.SingleQuotedStyle
	}
	return v.Style & quotes
}

func needsDouble(r rune) bool { return r < 0x20 || Masked(r) }

// flow writes a value on one line, so that it can stand in brackets.
func (w *writer) flow(v *yaml.Node) string {
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle, Content: []*yaml.Node{flat(v, w.json())}}
	data, err := Encode(list, 2)
	w.fail(err)
	return strings.TrimSuffix(strings.TrimPrefix(string(data), "["), "]\n")
}

// flat is a value in brackets, with quotes everywhere in a file that is JSON.
func flat(v *yaml.Node, json bool) *yaml.Node {
	c := *v
	c.HeadComment, c.LineComment, c.FootComment = "", "", ""
	if c.Kind != yaml.ScalarNode {
		c.Style = yaml.FlowStyle
	} else if json && c.Tag == "!!str" {
		c.Style = yaml.DoubleQuotedStyle
	}
	c.Content = make([]*yaml.Node, len(v.Content))
	for i, x := range v.Content {
		c.Content[i] = flat(x, json)
	}
	return &c
}

// json reports whether the file is JSON to its readers.
func (d *Document) json() bool {
	r := d.root
	return r.bracketed() && len(r.parts) > 0 && r.parts[0].Key != nil && r.parts[0].Key.Style&yaml.DoubleQuotedStyle != 0
}

// inline writes an entry or item as it stands in brackets.
func (w *writer) inline(n *Node, a addition) string {
	if n.Kind == yaml.SequenceNode {
		return w.flow(a.value)
	}
	return w.flow(a.key) + ": " + w.flow(a.value)
}

// entry writes an entry or item of a block with its indentation, and no end of the last line.
func (w *writer) entry(n *Node, a addition, nl string) string {
	whole := &yaml.Node{Kind: n.Kind, Content: []*yaml.Node{a.value}}
	if n.Kind == yaml.MappingNode {
		whole.Content = []*yaml.Node{a.key, a.value}
	}
	data, err := Encode(whole, w.step())
	w.fail(err)
	indent := strings.Repeat(" ", n.column())
	text := strings.TrimRight(string(data), "\n")
	return indent + strings.ReplaceAll(text, "\n", nl+indent)
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
