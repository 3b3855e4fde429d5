package edit

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"pbxsync/schema/file"
)

// This file finds the bytes of values. The YAML library says where a value begins, as a line and
// a column that counts characters, and not where it ends.

// source is the bytes of a file and where its lines begin.
type source struct {
	name  string
	data  []byte
	lines []int
}

var byteOrderMark = []byte("\ufeff")

func newSource(f file.File) source {
	s := source{name: f.Name, data: f.Data, lines: []int{0}}
	for i, b := range f.Data {
		if b == '\n' || b == '\r' && !bytes.HasPrefix(f.Data[i+1:], []byte("\n")) {
			s.lines = append(s.lines, i+1)
		}
	}
	if bytes.HasPrefix(f.Data, byteOrderMark) {
		s.lines[0] = len(byteOrderMark) // no column counts it
	}
	return s
}

// line returns the number of the line of a byte, from 0.
func (s *source) line(at int) int { return sort.SearchInts(s.lines, at+1) - 1 }

// offset returns the byte of a node.
func (s *source) offset(n *yaml.Node) int {
	at := s.lines[min(max(n.Line, 1), len(s.lines))-1]
	for range n.Column - 1 {
		_, size := utf8.DecodeRune(s.data[at:])
		at += size
	}
	return at
}

// lineStart and lineEnd are the bytes of a line, without what ends it.
func (s *source) lineStart(at int) int { return s.lines[max(0, s.line(at))] }

func (s *source) lineEnd(at int) int {
	for at < len(s.data) && s.data[at] != '\n' && s.data[at] != '\r' {
		at++
	}
	return at
}

// nextLine is the byte behind the end of a line.
func (s *source) nextLine(at int) int {
	if i := s.line(at) + 1; i < len(s.lines) {
		return s.lines[i]
	}
	return len(s.data)
}

// blank skips spaces on a line.
func (s *source) blank(at int) int {
	for at < len(s.data) && (s.data[at] == ' ' || s.data[at] == '\t') {
		at++
	}
	return at
}

// void skips spaces, ends of lines and comments.
func (s *source) void(at int) int {
	for at < len(s.data) {
		switch s.data[at] {
		case ' ', '\t', '\n', '\r':
			at++
		case '#':
			at = s.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

func (s *source) has(at int, b byte) bool { return at >= 0 && at < len(s.data) && s.data[at] == b }

// node finds the bytes of a value that stands behind intro. indent is the column, from 0, of
// what it lies under, -1 for the root.
func (d *Document) node(of *Node, n *yaml.Node, intro, indent int) *Node {
	out := &Node{Node: n, doc: d, intro: intro, end: -1}
	if n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 { // nothing is written there
		out.start, out.end = intro, intro
		return out
	}
	out.start = d.offset(n)
	switch {
	case n.Kind == yaml.ScalarNode:
		out.end = d.scalarEnd(n, out.start, indent)
	case d.has(out.start, '{') || d.has(out.start, '['):
		d.bracketed(out)
	case n.Style&yaml.FlowStyle == 0:
		d.block(out, n.Column-1)
	}
	return out
}

// bracketed finds the parts of {…} and […].
func (d *Document) bracketed(n *Node) {
	at, ok := n.start+1, true
	each(n.Node, func(k, v *yaml.Node) {
		p := &Part{Key: k, of: n}
		at = d.void(at)
		if d.has(at, ',') {
			at = d.void(at + 1)
		}
		p.start = at
		if k != nil {
			at, ok = d.colon(k, ok, true)
		}
		p.Value = d.node(n, v, at, -1)
		ok = ok && p.Value.end >= 0
		at = max(at, p.Value.end)
		n.parts = append(n.parts, p)
	})
	if at = d.void(at); d.has(at, ',') {
		at = d.void(at + 1)
	}
	if ok && (d.has(at, '}') || d.has(at, ']')) {
		n.end = at + 1
	}
}

// block finds the parts of a mapping or list whose entries have lines of their own.
func (d *Document) block(n *Node, indent int) {
	at, ok := n.start, true
	each(n.Node, func(k, v *yaml.Node) {
		p := &Part{Key: k, of: n}
		if k != nil {
			p.start = d.offset(k)
			at, ok = d.colon(k, ok, false)
		} else {
			p.start = d.void(at)
			ok = ok && d.has(p.start, '-')
			at = p.start + 1
		}
		p.Value = d.node(n, v, at, indent)
		ok = ok && p.Value.end >= 0
		at = max(at, p.Value.end)
		n.parts = append(n.parts, p)
	})
	if ok && len(n.parts) > 0 {
		n.end = n.Last().Value.end
	}
}

// colon returns the byte behind the colon of a key.
func (d *Document) colon(k *yaml.Node, ok, flow bool) (int, bool) {
	start := d.offset(k)
	end := d.scalarEnd(k, start, -1)
	if k.Kind != yaml.ScalarNode || end < 0 {
		return start, false
	}
	at := d.blank(end)
	if flow {
		at = d.void(end)
	}
	if d.has(at, ':') {
		return at + 1, ok
	}
	return end, ok && flow // {a} is {a: null}
}

// each visits the entries of a mapping or the items of a list.
func each(n *yaml.Node, visit func(k, v *yaml.Node)) {
	if n.Kind == yaml.SequenceNode {
		for _, v := range n.Content {
			visit(nil, v)
		}
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		visit(n.Content[i], n.Content[i+1])
	}
}

// scalarEnd returns the byte behind a scalar, -1 where it is not found.
func (s *source) scalarEnd(n *yaml.Node, start, indent int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return s.quotedEnd(start, '"', '\\')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return s.quotedEnd(start, '\'', '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return s.blockEnd(start, indent)
	}
	return s.plainEnd(start, n.Value)
}

// quotedEnd returns the byte behind the closing quote. A quote behind the escape is text.
func (s *source) quotedEnd(start int, quote, escape byte) int {
	if !s.has(start, quote) {
		return -1
	}
	for i := start + 1; i < len(s.data); i++ {
		switch {
		case s.data[i] == escape && (escape != quote || s.has(i+1, quote)):
			i++
		case s.data[i] == quote:
			return i + 1
		}
	}
	return -1
}

// blockEnd returns the end of a text behind | or >: that of its last line that is not blank.
func (s *source) blockEnd(start, indent int) int {
	end := s.lineEnd(start)
	for at := s.nextLine(start); at < len(s.data); at = s.nextLine(at) {
		text := s.blank(at)
		if stop := s.lineEnd(at); text == stop {
			continue
		} else if text-at > indent {
			end = stop
			continue
		}
		break
	}
	return end
}

// plainEnd returns the end of a text without quotes, whose lines may be folded.
func (s *source) plainEnd(start int, value string) int {
	at := start
	for value != "" {
		next := at
		for next < len(s.data) && slices.Contains([]byte(" \t\r\n"), s.data[next]) {
			next++
		}
		breaks, ok := s.line(next)-s.line(at), false
		switch {
		case breaks == 0:
			ok, next = s.has(at, value[0]), at+1
			value = value[1:]
		case breaks == 1:
			value, ok = strings.CutPrefix(value, " ")
		default:
			value, ok = strings.CutPrefix(value, strings.Repeat("\n", breaks-1))
		}
		if !ok {
			return -1
		}
		at = next
	}
	return at
}
