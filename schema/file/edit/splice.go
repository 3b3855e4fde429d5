package edit

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// splice puts a text in the place of bytes.
type splice struct {
	from, to int
	text     string
}

// writer turns what is asked of a document into splices.
type writer struct {
	*Document
	splices []splice
	err     error
}

func (w *writer) put(from, to int, text string) {
	w.splices = append(w.splices, splice{from, to, text})
}

// apply makes all splices at once, by their places in the file as it was.
func (w *writer) apply() ([]byte, error) {
	slices.SortStableFunc(w.splices, func(a, b splice) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var out bytes.Buffer
	at := 0
	for _, s := range w.splices {
		if s.text == "" {
			s.from, s.to = max(s.from, at), max(s.to, at)
		}
		if s.from < at || s.to < s.from {
			return nil, errors.New("two of them meet in one place")
		}
		out.Write(w.data[at:s.from])
		out.WriteString(s.text)
		at = s.to
	}
	out.Write(w.data[at:])
	return out.Bytes(), nil
}

// node writes what is asked for at a node and below it.
func (w *writer) node(n *Node) {
	switch {
	case !n.Changed():
	case n.put != nil:
		w.replace(n)
	case n.bracketed() && !n.empties():
		w.inBrackets(n)
	case n.bracketed():
		w.emptied(n)
	case n.empties():
		w.emptiedBlock(n)
	default:
		w.inBlock(n)
	}
}

func (n *Node) bracketed() bool { return n.doc.has(n.start, '{') || n.doc.has(n.start, '[') }

// empties reports whether nothing of what stands in a collection stays.
func (n *Node) empties() bool {
	return !slices.ContainsFunc(n.parts, func(p *Part) bool { return !p.gone })
}

// added returns all additions, in order.
func (n *Node) added() []addition {
	out := n.first
	for _, p := range n.parts {
		out = slices.Concat(out, p.after)
	}
	return out
}

// replace gives a node another value.
func (w *writer) replace(n *Node) {
	text := w.value(n)
	if n.start == n.end && n.Kind == yaml.ScalarNode { // nothing stood there
		text = " " + text
	}
	if n.bracketed() || n.Kind == yaml.ScalarNode || w.line(n.intro) == w.line(n.start) {
		w.put(n.start, n.end, text)
		return
	}
	w.put(n.intro, n.intro, " "+text)
	w.cutLines(n.start, n.end)
}

// cutLines takes whole lines out, from that of a byte to that of another.
func (w *writer) cutLines(start, end int) {
	w.put(w.lineStart(start), w.nextLine(end), "")
}

// newline is how lines end near a byte.
func (s *source) newline(at int) string {
	end := s.lineEnd(at)
	if end == len(s.data) {
		end = s.lineEnd(0)
	}
	switch {
	case s.has(end, '\r') && s.has(end+1, '\n'):
		return "\r\n"
	case s.has(end, '\r'):
		return "\r"
	}
	return "\n"
}

// inBlock changes a collection whose entries have lines of their own and of which some stay.
func (w *writer) inBlock(n *Node) {
	var kept *Part // the last before the one that is looked at
	lead := slices.Clone(n.first)
	moved := 0 // parts below this one are cut already
	for i, p := range n.parts {
		if p.gone {
			if i >= moved {
				moved = w.cutPart(n, i)
			}
			switch {
			case kept != nil: // a comment above what is cut is not to stand above what is new
				w.behind(n, kept, p.after)
			case w.ownLine(p):
				w.instead(n, p, p.after)
			default:
				lead = append(lead, p.after...)
			}
			continue
		}
		if kept == nil && len(lead) > 0 {
			w.before(n, i, lead)
		}
		kept = p
		w.node(p.Value)
		w.behind(n, p, p.after)
	}
}

// cutPart takes a part out, and returns the next that is not cut yet. Where a part begins on
// the line of a dash, the next that stays moves up.
func (w *writer) cutPart(n *Node, i int) int {
	p := n.parts[i]
	if w.ownLine(p) {
		w.cutLines(p.start, p.finish())
		return i + 1
	}
	next := i
	for n.parts[next].gone {
		next++
	}
	w.put(p.start, n.parts[next].start, "")
	return next
}

// ownLine reports whether nothing stands before a part on its line.
func (s *source) ownLine(p *Part) bool { return s.blank(s.lineStart(p.start)) == p.start }

// instead adds to a block where a part is cut out.
func (w *writer) instead(n *Node, p *Part, added []addition) {
	if len(added) == 0 {
		return
	}
	at := w.lineStart(p.start)
	nl := w.newline(at)
	var text strings.Builder
	for _, a := range added {
		text.WriteString(w.entry(n, a, nl) + nl)
	}
	w.put(at, at, text.String())
}

// behind adds to a block behind a part.
func (w *writer) behind(n *Node, p *Part, added []addition) {
	if len(added) == 0 {
		return
	}
	at := w.endOf(n, p)
	nl := w.newline(at)
	var text strings.Builder
	for _, a := range added {
		text.WriteString(nl + w.entry(n, a, nl))
	}
	w.put(at, at, text.String())
}

// endOf is where the lines of a part end: comments right below that are indented deeper than
// its key belong to it.
func (w *writer) endOf(n *Node, p *Part) int {
	at := w.lineEnd(w.lastOf(p))
	for next := w.nextLine(at); next < len(w.data); next = w.nextLine(next) {
		text := w.blank(next)
		if !w.has(text, '#') || text-next <= n.column() {
			break
		}
		at = w.lineEnd(text)
	}
	return at
}

// lastOf is a byte of the last line of a part that stays.
func (w *writer) lastOf(p *Part) int {
	n := p.Value
	own := !n.bracketed() && n.Kind != yaml.ScalarNode && w.line(n.intro) != w.line(n.start)
	switch {
	case n.put != nil && own, len(n.parts) > 0 && n.empties() && own && len(n.added()) == 0:
		return n.intro
	case n.put != nil || n.bracketed() || !n.Changed():
		return n.end
	case n.empties():
		return n.parts[0].finish()
	}
	return w.lastOf(n.parts[n.lastKept()])
}

// before adds to a block before the first part that stays.
func (w *writer) before(n *Node, i int, added []addition) {
	at := n.parts[i].start
	nl := w.newline(at)
	indent := strings.Repeat(" ", n.column())
	var text strings.Builder
	for _, a := range added {
		text.WriteString(strings.TrimPrefix(w.entry(n, a, nl), indent) + nl + indent)
	}
	w.put(at, at, text.String())
}

// column is that of the entries of a block, from 0.
func (n *Node) column() int { return n.Column - 1 }

// emptiedBlock changes a block of which nothing stays: what is new takes the place of its
// first part, or the brackets of an empty collection.
func (w *writer) emptiedBlock(n *Node) {
	added, own := n.added(), w.blank(w.lineStart(n.start)) == n.start
	first := n.parts[0]
	text := ""
	nl := w.newline(n.start)
	for i, a := range added {
		line := w.entry(n, a, nl)
		if i == 0 {
			line = strings.TrimPrefix(line, strings.Repeat(" ", n.column()))
		} else {
			line = nl + line
		}
		text += line
	}
	cut := n.parts[1:]
	switch {
	case len(added) > 0 || !own:
		if len(added) == 0 {
			text = n.hollow()
		}
		w.put(first.start, first.finish(), text)
	case n.intro == 0: // the file itself
		w.put(first.start, first.finish(), n.hollow())
	default:
		w.put(n.intro, n.intro, " "+n.hollow())
		cut = n.parts
	}
	for _, p := range cut {
		w.cutLines(p.start, p.finish())
	}
}

// hollow writes an empty collection of the node's form.
func (n *Node) hollow() string {
	if n.Kind == yaml.SequenceNode {
		return "[]"
	}
	return "{}"
}
