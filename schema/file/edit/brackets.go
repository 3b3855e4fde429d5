package edit

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// This file changes {…} and […], which may stand on one line or on several.

// inBrackets changes brackets in which something stays.
func (w *writer) inBrackets(n *Node) {
	var kept *Part
	lead := n.first
	last := n.lastKept()
	for i, p := range n.parts {
		switch {
		case !p.gone:
			if kept == nil && len(lead) > 0 {
				w.put(p.start, p.start, w.listed(n, lead)+", ")
			}
			kept = p
			w.node(p.Value)
			w.follow(n, i, p.after)
		case i < last:
			w.put(p.start, n.parts[i+1].start, "")
			if kept == nil {
				lead = append(lead[:len(lead):len(lead)], p.after...)
			} else {
				w.follow(n, n.index(kept), p.after)
			}
		default:
			w.follow(n, n.index(kept), p.after)
		}
	}
	if last+1 < len(n.parts) {
		w.put(n.parts[last].finish(), n.Last().finish(), "")
	}
}

func (p *Part) finish() int { return max(p.Value.end, p.start) }

func (n *Node) index(p *Part) int {
	for i := range n.parts {
		if n.parts[i] == p {
			return i
		}
	}
	return -1
}

func (n *Node) lastKept() int {
	last := -1
	for i, p := range n.parts {
		if !p.gone {
			last = i
		}
	}
	return last
}

// follow adds behind a part in brackets: on a line of its own where the part has one.
func (w *writer) follow(n *Node, i int, added []addition) {
	if len(added) == 0 {
		return
	}
	p := n.parts[i]
	end := p.finish()
	own := w.blank(w.lineStart(p.start)) == p.start && w.line(p.start) != w.line(n.start)
	if !own {
		w.put(end, end, ", "+w.listed(n, added))
		return
	}
	nl := w.newline(end)
	indent := string(w.data[w.lineStart(p.start):p.start])
	var text strings.Builder
	for _, a := range added {
		text.WriteString("," + nl + indent + w.listed(n, []addition{a}))
	}
	w.put(end, end, text.String())
}

// listed writes additions as they stand in brackets.
func (w *writer) listed(n *Node, added []addition) string {
	var out []string
	for _, a := range added {
		out = append(out, w.inline(n, a))
	}
	return strings.Join(out, ", ")
}

// emptied changes brackets in which nothing stays. What is new and does not fit on their line
// becomes a block, where the brackets are in none themselves.
func (w *writer) emptied(n *Node) {
	added := n.added()
	inner := ""
	if len(added) > 0 {
		inner = w.listed(n, added)
	}
	if len(added) == 0 || n.intro == 0 || w.within(n) || short(added) {
		w.put(n.start+1, n.end-1, inner)
		return
	}
	w.put(n.intro, n.end, "")
	at := w.lineEnd(n.end)
	nl := w.newline(at)
	block := &Node{Node: &yaml.Node{Kind: n.Kind, Column: w.under(n) + w.step() + 1}, doc: n.doc}
	var text strings.Builder
	for _, a := range added {
		text.WriteString(nl + w.entry(block, a, nl))
	}
	w.put(at, at, text.String())
}

// within reports whether a node stands in brackets of another.
func (w *writer) within(n *Node) bool {
	for at := w.root; at != nil; {
		if at == n {
			return false
		}
		if at.bracketed() {
			return true
		}
		var next *Node
		for _, p := range at.parts {
			if p.Value.start <= n.start && n.end <= p.Value.end {
				next = p.Value
			}
		}
		at = next
	}
	return true
}

// under is the column, from 0, of the key or dash before a node.
func (w *writer) under(n *Node) int {
	column := 0
	for at := w.root; at != n && at != nil; {
		var next *Node
		for _, p := range at.parts {
			if p.Value.start <= n.start && n.end <= p.Value.end {
				next, column = p.Value, at.column()
			}
		}
		at = next
	}
	return column
}

// step is by how many columns the file indents.
func (w *writer) step() int {
	for _, p := range w.root.parts {
		if v := p.Value; len(v.parts) > 0 && v.Kind == yaml.MappingNode && !v.bracketed() && v.column() > 0 {
			return min(v.column(), 8)
		}
	}
	return 2
}

// short reports whether additions fit into the brackets of an empty collection.
func short(added []addition) bool {
	length := 0
	for _, a := range added {
		if a.value.Kind != yaml.ScalarNode {
			return false
		}
		length += len(a.value.Value) + 3
		if a.key != nil {
			length += len(a.key.Value) + 3
		}
	}
	return length <= 70
}
