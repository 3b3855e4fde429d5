package edit

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"pbxsync/schema"
	"pbxsync/schema/file"
)

// Document is a YAML file with the changes that are asked for.
type Document struct {
	source
	root   *Node
	places *places // nil: nobody has asked yet
}

// Node is a value in a file: a scalar, a mapping or a list.
type Node struct {
	*yaml.Node
	doc        *Document
	start, end int     // bytes of the value; end is -1 where it was not found
	intro      int     // the byte behind the colon or the dash before it
	parts      []*Part // entries of a mapping, items of a list
	put        *yaml.Node
	first      []addition // what is added before all parts
}

// Part is an entry of a mapping or an item of a list.
type Part struct {
	Key   *yaml.Node // nil: an item
	Value *Node
	of    *Node
	start int // byte of the key or the dash; in brackets, of the item itself
	gone  bool
	after []addition // what is added behind it
}

// addition is an entry or item that is new.
type addition struct{ key, value *yaml.Node }

// Open reads a file. What no tenant file may hold is an error.
func Open(f file.File) (*Document, error) {
	root, problems := file.Tree(f)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	d := &Document{source: newSource(f)}
	d.root = d.node(nil, root, 0, -1)
	return d, nil
}

// Root returns the value that the file is.
func (d *Document) Root() *Node { return d.root }

// Entry returns the part of a mapping with a key, or nil.
func (n *Node) Entry(key string) *Part {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for _, p := range n.parts {
		if p.Key.Value == key {
			return p
		}
	}
	return nil
}

// Parts returns the entries or items.
func (n *Node) Parts() []*Part { return n.parts }

// Entered returns the entry of the file whose key stands at a place, or nil.
func (d *Document) Entered(at schema.Place) *Part { return d.index().entries[spot(at)] }

// Listed returns the item of the file that stands at a place, or nil.
func (d *Document) Listed(at schema.Place) *Part { return d.index().items[spot(at)] }

// places finds parts by line and column. An item may begin where its first key does.
type places struct{ entries, items map[[2]int]*Part }

func spot(at schema.Place) [2]int { return [2]int{at.Line, at.Column} }

func (d *Document) index() *places {
	if d.places == nil {
		d.places = &places{map[[2]int]*Part{}, map[[2]int]*Part{}}
		d.places.add(d.root)
	}
	return d.places
}

func (x *places) add(n *Node) {
	for _, p := range n.parts {
		if p.Key != nil {
			x.entries[spot(p.Place())] = p
		} else {
			x.items[spot(p.Place())] = p
		}
		x.add(p.Value)
	}
}

// Place returns where the part stands.
func (p *Part) Place() schema.Place {
	n := p.Key
	if n == nil {
		n = p.Value.Node
	}
	return p.of.doc.place(n)
}

// Remove takes the part out, with its lines and the comments in them.
func (p *Part) Remove() error {
	if err := p.of.reachable(); err != nil {
		return err
	}
	if p.Value.end < 0 {
		return p.of.doc.refuse(p.Value.Node, "delete it by hand", "where this ends was not understood")
	}
	p.gone = true
	return nil
}

// Put gives a place another value. A scalar keeps its kind of quotes where it can.
func (n *Node) Put(v *yaml.Node) error {
	switch {
	case n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return n.doc.refuse(n.Node, "write it by hand, or as one line in quotes, and pull again", "a text behind | or > is not changed by position")
	case n.end < 0:
		return n.doc.refuse(n.Node, "write it by hand", "where this value ends was not understood")
	case n.Kind == yaml.ScalarNode && n.doc.line(n.start) != n.doc.line(n.end):
		return n.doc.refuse(n.Node, "write it on one line, and pull again", "a value over several lines is not changed by position")
	}
	n.put = v
	return nil
}

// Add puts an entry into a mapping, or an item (a nil key) into a list: behind a part, or
// before all others.
func (n *Node) Add(after *Part, key, value *yaml.Node) error {
	if err := n.reachable(); err != nil {
		return err
	}
	if n.put != nil {
		return n.doc.refuse(n.Node, "pull again", "this value is replaced already")
	}
	a := addition{key, value}
	if after == nil {
		n.first = append(n.first, a)
	} else {
		after.after = append(after.after, a)
	}
	return nil
}

// Last returns the last part, or nil.
func (n *Node) Last() *Part {
	if len(n.parts) == 0 {
		return nil
	}
	return n.parts[len(n.parts)-1]
}

// reachable refuses to change what is in a collection that was not understood.
func (n *Node) reachable() error {
	if n.end < 0 || n.Kind != yaml.MappingNode && n.Kind != yaml.SequenceNode {
		return n.doc.refuse(n.Node, "change it by hand", "the form of this is not understood well enough to change it by position")
	}
	return nil
}

// Changed reports whether anything is asked for at the node or below it.
func (n *Node) Changed() bool {
	if n.put != nil || len(n.first) > 0 {
		return true
	}
	for _, p := range n.parts {
		if p.gone || len(p.after) > 0 || p.Value.Changed() {
			return true
		}
	}
	return false
}

// Bytes returns the file with the changes. Nothing but what was asked for differs in what it
// says, else it is an error.
func (d *Document) Bytes() ([]byte, error) {
	if !d.root.Changed() {
		return d.data, nil
	}
	w := &writer{Document: d}
	w.node(d.root)
	if w.err != nil {
		return nil, w.err
	}
	out, err := w.apply()
	if err != nil {
		return nil, d.refuse(d.root.Node, "change the file by hand", "the changes cannot be made by position: %v", err)
	}
	if err := d.check(out); err != nil {
		return nil, err
	}
	return out, nil
}

func (s *source) place(n *yaml.Node) schema.Place {
	return schema.Place{File: s.name, Line: n.Line, Column: n.Column}
}

func (s *source) refuse(n *yaml.Node, hint, message string, args ...any) error {
	return schema.Problems{{Place: s.place(n), Message: fmt.Sprintf(message, args...), Hint: hint}}
}
